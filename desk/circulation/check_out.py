"""Check-out (C6): every rule is read inside the transaction that uses it (R7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from db.models import Item, Loan, LoanOccasion
from db.statements import Slot, Statement
from db.trail import Inserted
from desk.calendar import SEARCH_DAYS, Calendar, local_date
from desk.circulation.queries import (
    BORROWER_ROW,
    ITEM_ROW,
    Borrowing,
    Lendable,
    Rule,
    blocks_in_force,
    borrowing,
    branch_of_counter,
    calendar_of,
    hold_loan,
    item_columns,
    items_with_columns,
    lendable,
    open_loan_count,
    open_loans_in_group,
    overrides_of,
)
from desk.circulation.records import Assessment, LoanRecord
from desk.circulation.refusals import (
    AlreadyTheirs,
    Blocked,
    CardStolen,
    CardStopped,
    LiftedBy,
    LimitReached,
    NoLendingRule,
    NoOpenDay,
    OnLoanToAnother,
    PartsToCount,
    Refusal,
    ReservedForAnother,
    StatusForbids,
    TooYoung,
    worst_first,
)
from desk.circulation.returning import close_loan, set_status
from desk.circulation.rules import DueDate, age_on, due_date, moved_to_open_day, turns
from desk.command import Command, carries_out, query
from desk.errors import InvalidInput, NotFound, Refused
from desk.money.charging import charge_return, note_charge
from desk.money.debt import debt_reached
from desk.money.records import NOTHING
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from datetime import datetime

    from db.store import Transaction

FORBIDDING = frozenset({"lost", "damaged", "discarded", "not_for_loan"})
TURNED_UP = frozenset({"missing", "claimed_returned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOut(Command[LoanRecord]):
    """Lend one item to one borrower.

    Attributes:
        visit: which visit of the borrower it belongs to; loans of one visit, card and due date are one occasion.
        card_id: the card that was used, None when the borrower was found another way.
        parts_counted: somebody has counted the parts of an item in several parts.
        return_first: close another borrower's open loan of it in the same transaction.
    """

    right: ClassVar[Right] = Right.LEND

    item_id: int
    borrower_id: int
    card_id: int | None
    visit: str
    parts_counted: bool = False
    return_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDueDate(Command[LoanRecord]):
    """Set an open loan's due date by hand, with a reason (C6). The date is moved to an open day like any other."""

    right: ClassVar[Right] = Right.LEND

    loan_id: int
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything the rules look at for one borrower and one item.

    Attributes:
        open_in_group: open loans of the item's material group, counted when the rule limits them, else 0.
        reserved: that somebody else has reserved it, None: nobody has.
    """

    person: Borrowing
    thing: Lendable
    rule: Rule | None
    blocks: tuple[Blocked, ...]
    open_in_group: int
    due: DueDate | None
    today: date
    reserved: ReservedForAnother | None


def _case(
    transaction: Transaction, borrower_id: int, card_id: int | None, item_id: int, branch_id: int, today: date
) -> _Case:
    # The borrower's row first, then the item's: one order for everybody, so that no two commands wait for each other.
    # Both before anything is read: whoever lends the item meanwhile may have taken it back from this very borrower.
    transaction.lock(BORROWER_ROW, borrower_id=borrower_id)
    transaction.lock(ITEM_ROW, item_id=item_id)
    person = borrowing(transaction, borrower_id, card_id)
    if person is None:
        raise NotFound("borrower")
    thing = lendable(transaction, item_id, borrower_id, person.group_id)
    if thing is None:
        raise NotFound("item")
    rule = thing.rule
    open_in_group = 0
    if rule is not None and rule.loan_limit is not None:
        open_in_group = open_loans_in_group(transaction, borrower_id, thing.material_group_id)
    blocks = blocks_in_force(transaction, borrower_id, card_id, today)
    due = None
    if rule is not None:
        calendar = calendar_of(transaction, branch_id, today, today + timedelta(days=rule.loan_days))
        due = due_date(today, rule.loan_days, calendar)
    reserved = _reserved(transaction, thing, borrower_id, branch_id, today)
    return _Case(person, thing, rule, blocks, open_in_group, due, today, reserved)


def _reserved(
    transaction: Transaction, thing: Lendable, borrower_id: int, branch_id: int, today: date
) -> ReservedForAnother | None:
    """Say whether somebody else has the better right to an item.

    A copy that stands free on its shelf may be lent to whoever brings it, though others wait for the title: it is
    trapped for them when it is returned. One that another borrower brings to the counter is being returned right now.
    """
    if thing.trapped is None and (thing.loan_borrower_id in {None, borrower_id} or not thing.is_waited_for):
        return None
    from desk.reservations.reserved import reserved_for_another  # noqa: PLC0415  (most items concern nobody else)

    return reserved_for_another(transaction, thing, borrower_id, branch_id, today)


def _reasons(case: _Case, *, parts_counted: bool, return_first: bool) -> tuple[Refusal, ...]:
    """Every reason at once, the worst first (C5)."""
    return worst_first([*_about_the_borrower(case), *_about_the_item(case, parts_counted, return_first)])


def _about_the_borrower(case: _Case) -> list[Refusal]:
    reasons: list[Refusal] = list(case.blocks)
    person = case.person
    debt = debt_reached(person.owed_ore, person.debt_limit_ore)
    if debt is not None:
        reasons.append(debt)
    if person.card_state == "stolen":
        reasons.append(CardStolen(person.card_since))
    elif person.card_state == "stopped":
        reasons.append(CardStopped(person.card_since))
    # Something already theirs takes no new place: it is renewed or returned.
    if case.thing.loan_borrower_id != person.borrower_id:
        if case.person.open_loans >= person.loan_limit:
            reasons.append(LimitReached(case.person.open_loans, person.loan_limit))
        elif case.rule is not None and case.rule.loan_limit is not None and case.open_in_group >= case.rule.loan_limit:
            reasons.append(LimitReached(case.open_in_group, case.rule.loan_limit))
    limit = case.thing.age_limit
    if limit is not None and (person.birth_date is None or age_on(person.birth_date, case.today) < limit):
        born = person.birth_date
        reasons.append(TooYoung(limit, None if born is None else turns(born, limit)))
    return reasons


def _about_the_item(case: _Case, parts_counted: bool, return_first: bool) -> list[Refusal]:
    reasons: list[Refusal] = []
    thing = case.thing
    if thing.item.status in FORBIDDING:
        reasons.append(StatusForbids(thing.item.status))
    if thing.loan_borrower_id == case.person.borrower_id and thing.loan_due_on is not None:
        reasons.append(AlreadyTheirs(thing.loan_due_on))
    elif thing.loan_id is not None and not return_first:
        reasons.append(OnLoanToAnother())
    if case.reserved is not None:
        reasons.append(case.reserved)
    if case.rule is None:
        reasons.append(NoLendingRule())
    elif case.due is None:
        reasons.append(NoOpenDay(date.fromordinal(case.today.toordinal() + case.rule.loan_days + SEARCH_DAYS)))
    if thing.item.parts > 1 and not parts_counted:
        reasons.append(PartsToCount(thing.item.parts))
    return reasons


def _standing(reasons: tuple[Refusal, ...], overridden: frozenset[str]) -> tuple[Refusal, ...]:
    """Leave out what a supervisor has set aside for this visit; only what may be overridden ever is."""
    return tuple(
        reason for reason in reasons if not (reason.may_override is LiftedBy.SUPERVISOR and reason.code in overridden)
    )


NEW_LOAN = Statement(
    Loan.insert(
        item=Slot("item_id"),
        borrower=Slot("borrower_id"),
        occasion=Slot("occasion_id"),
        lent_at=Slot("lent_at"),
        due_on=Slot("due_on"),
        branch=Slot("branch_id"),
    )
)


@carries_out(
    CheckOut,
    row_id=lambda record: record.loan_id,
    again=lambda transaction, _command, loan_id: loan_record(transaction, loan_id),
)
def check_out(transaction: Transaction, command: CheckOut) -> LoanRecord:
    """Lend an item, or say every reason why not.

    Raises:
        Refused: with all standing reasons.
        NotFound: the borrower or the item is gone.
        InvalidInput: no counter, so no branch whose calendar counts.
    """
    branch_id = branch_of_counter(transaction, command.who.counter_id)
    if branch_id is None:
        raise InvalidInput("counter", "missing")
    today = local_date(command.at)
    case = _case(transaction, command.borrower_id, command.card_id, command.item_id, branch_id, today)
    reasons = _reasons(case, parts_counted=command.parts_counted, return_first=command.return_first)
    if reasons:
        overridden = overrides_of(transaction, command.borrower_id, command.visit, command.item_id)
        reasons = _standing(reasons, overridden)
    if reasons or case.due is None:
        raise Refused(reasons, command.item_id)
    thing = case.thing
    charged = NOTHING
    if thing.loan_id is not None:
        close_loan(transaction, thing.loan_id, command.at, today)
        charged = charge_return(transaction, thing, today, command.at, command.command_id)
    occasion_id = loan_occasion(transaction, command.borrower_id, command.card_id, command.visit, case.due.day)
    loan_id = transaction.run(
        NEW_LOAN,
        item_id=command.item_id,
        borrower_id=command.borrower_id,
        occasion_id=occasion_id,
        lent_at=command.at,
        due_on=case.due.day,
        branch_id=branch_id,
    )
    transaction.trail.append(Inserted(Loan, loan_id, {"returned_at": None, "due_on": case.due.day, "renewals": 0}))
    set_status(transaction, thing, "on_loan", command.at)
    fulfilled = False
    if thing.trapped is not None or thing.own_reservation_id is not None or thing.item.status == "on_shelf":
        from desk.reservations.fulfilling import settle_reservations  # noqa: PLC0415  (most loans concern none)

        fulfilled = settle_reservations(transaction, thing, command.borrower_id, command.at)
    note_charge(transaction, command, thing.loan_borrower_id, charged)
    # That this borrower was lent something, and by whom; what it was, the log never knows.
    note(transaction, command.who, command.at, Action.LEND, Purpose.LENDING, command.borrower_id)
    return LoanRecord(
        loan_id=loan_id,
        item=thing.item,
        borrower_id=command.borrower_id,
        due_on=case.due.day,
        closed_from=case.due.closed_from,
        open_loans=case.person.open_loans + 1,
        limit=case.person.loan_limit,
        was_missing=thing.item.status in TURNED_UP,
        fulfilled=fulfilled,
        trail=tuple(transaction.trail),
    )


OCCASIONS = Statement(
    LoanOccasion.select(LoanOccasion.id, LoanOccasion.card).where(
        (LoanOccasion.borrower == Slot("borrower_id"))
        & (LoanOccasion.visit == Slot("visit"))
        & (LoanOccasion.due_on == Slot("due_on"))
    )
)
NEW_OCCASION = Statement(
    LoanOccasion.insert(borrower=Slot("borrower_id"), card=Slot("card_id"), visit=Slot("visit"), due_on=Slot("due_on"))
)


def loan_occasion(transaction: Transaction, borrower_id: int, card_id: int | None, visit: str, due_on: date) -> int:
    """Find or make the occasion of borrower + card + visit + due date (*Semantics*)."""
    for occasion_id, its_card in transaction.all(OCCASIONS, borrower_id=borrower_id, visit=visit, due_on=due_on):
        if its_card == card_id:
            found: int = occasion_id
            return found
    new: int = transaction.run(NEW_OCCASION, borrower_id=borrower_id, card_id=card_id, visit=visit, due_on=due_on)
    transaction.trail.append(Inserted(LoanOccasion, new))
    return new


def loan_record(transaction: Transaction, loan_id: int) -> LoanRecord:
    """Read a loan back as the record its check-out answered with (a replay after a crash).

    Raises:
        NotFound: the loan is gone (returned, and its 30 days are over).
    """
    rows = item_columns(
        transaction.all(
            items_with_columns(Loan.borrower, Loan.due_on, Loan.due_reason, Loan.renewals)
            .join(Loan, on=(Loan.item == Item.id))
            .where(Loan.id == loan_id)
        )
    )
    if not rows:
        raise NotFound("loan")
    item, (borrower_id, due_on, due_reason, renewals) = rows[0]
    person = borrowing(transaction, borrower_id, None)
    return LoanRecord(
        loan_id=loan_id,
        item=item,
        borrower_id=borrower_id,
        due_on=due_on,
        due_reason=due_reason,
        renewals=renewals,
        open_loans=open_loan_count(transaction, borrower_id),
        limit=0 if person is None else person.loan_limit,
    )


@query(Right.LEND)
def check_out_assessment(
    transaction: Transaction,
    item_id: int,
    borrower_id: int,
    card_id: int | None,
    visit: str,
    counter_id: int,
    at: datetime,
) -> Assessment:
    """Say what a check-out would run into now: for a decision that waited, or that a restart brought back.

    Raises:
        NotFound: the borrower or the item is gone.
    """
    branch_id = branch_of_counter(transaction, counter_id)
    if branch_id is None:
        raise NotFound("counter")
    case = _case(transaction, borrower_id, card_id, item_id, branch_id, local_date(at))
    overridden = overrides_of(transaction, borrower_id, visit, item_id)
    reasons = _standing(_reasons(case, parts_counted=False, return_first=False), overridden)
    return Assessment(case.thing.item, reasons, tuple(sorted(overridden)))


@carries_out(
    SetDueDate,
    row_id=lambda record: record.loan_id,
    again=lambda transaction, _command, loan_id: loan_record(transaction, loan_id),
)
def set_due_date(transaction: Transaction, command: SetDueDate) -> LoanRecord:
    """Set a due date by hand.

    Raises:
        InvalidInput: the date has passed, lies more than two years ahead, or no reason was given.
        NotFound: the loan is closed or gone.
        Refused: the calendar has no open day after the date.
    """
    today = local_date(command.at)
    if not command.reason.strip():
        raise InvalidInput("reason", "missing")
    if command.due_on < today:
        raise InvalidInput("due_on", "passed")
    if (command.due_on - today).days > 2 * 366:
        raise InvalidInput("due_on", "too_far")
    hold_loan(transaction, command.loan_id)
    row = transaction.one(
        Loan.select(Loan.borrower, LoanOccasion.card, LoanOccasion.visit)
        .join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id))
        .where((Loan.id == command.loan_id) & Loan.returned_at.is_null())
    )
    branch_id = branch_of_counter(transaction, command.who.counter_id)
    if row is None or branch_id is None:
        raise NotFound("loan")
    borrower_id, card_id, visit = row
    calendar: Calendar = calendar_of(transaction, branch_id, command.due_on)
    due = moved_to_open_day(command.due_on, calendar)
    if due is None:
        raise Refused((NoOpenDay(date.fromordinal(command.due_on.toordinal() + SEARCH_DAYS)),))
    occasion_id = loan_occasion(transaction, borrower_id, card_id, visit, due.day)
    transaction.run(
        Loan.update(
            due_on=due.day, due_reason=command.reason.strip()[:200], occasion=occasion_id, branch=branch_id
        ).where(Loan.id == command.loan_id)
    )
    note(transaction, command.who, command.at, Action.LEND, Purpose.LENDING, borrower_id, revealed=("loans",))
    return replace(loan_record(transaction, command.loan_id), closed_from=due.closed_from)
