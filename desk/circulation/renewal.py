"""Renewal (C10): one, several or all; each loan has its own answer with every reason (FBS renewalStatus)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import JOIN, fn

from db.models import Borrower, Fee, Item, LendingRule, Loan, LoanOccasion, MaterialGroup, Reservation
from db.statements import Slot, Statement
from db.trail import followed
from desk.calendar import Calendar, local_date
from desk.circulation.check_out import FORBIDDING, loan_occasion
from desk.circulation.queries import (
    Borrowing,
    blocks_in_force,
    borrowing,
    branch_of_counter,
    calendar_of,
    hold_loan,
    item_columns,
    items_with_columns,
    overrides_of,
)
from desk.circulation.records import ItemRecord, OpenLoan, RenewalRecord
from desk.circulation.refusals import (
    Blocked,
    DebtReached,
    DeniedClaimed,
    DeniedLoanerIsBlocked,
    DeniedLoaningProfileNotFound,
    DeniedMaterialIsNotLoanable,
    DeniedMaxRenewalsReached,
    DeniedNoLaterDate,
    DeniedReserved,
    LiftedBy,
    Refusal,
    worst_first,
)
from desk.circulation.rules import DueDate, days_overdue, renewed_due_date
from desk.command import Command, carries_out, query
from desk.errors import InvalidInput, NotFound, Refused
from desk.money.charging import charge_overdue, charged_again, note_charge
from desk.money.debt import debt_reached
from desk.money.records import NOTHING
from desk.privacy.access_log import note, subject_of
from desk.privacy.purposes import Action, Purpose
from desk.reservations.eligible import IS_NOT_ABSENT, IS_WAITING
from desk.reservations.rules import is_kept_for_others
from desk.staff.rights import Right
from desk.statistics.counting import RENEWAL, Happened, count

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Renew(Command[RenewalRecord]):
    """Renew one open loan; several are several commands, each with its own answer.

    Attributes:
        visit: a renewal starts a new loan occasion of this visit (*Semantics*); also where overrides are looked up.
        borrower_id: whose loan it is: locked first, like at check-out.
    """

    right: ClassVar[Right] = Right.LEND

    loan_id: int
    borrower_id: int
    card_id: int | None
    visit: str


@dataclass(frozen=True, slots=True)
class _OpenLoan:
    loan_id: int
    item: ItemRecord
    due_on: date
    renewals: int
    loan_days: int | None
    allowed: int
    renewable: bool
    is_claimed: bool
    material_code: str
    is_kept_for_others: bool


_WAITING = (
    Reservation.select(fn.COUNT(Reservation.id))
    .join(Borrower, on=(Reservation.borrower == Borrower.id))
    .where((Reservation.title == Item.title) & IS_WAITING & IS_NOT_ABSENT)
)
_COPY: Any = Item.alias("copy")
THEIR_OPEN_LOANS = (
    items_with_columns(
        Loan.id,
        Loan.due_on,
        Loan.renewals,
        LendingRule.loan_days,
        LendingRule.renewals,
        LendingRule.renewable,
        Fee.id,
        MaterialGroup.code,
        _WAITING.where(Reservation.item.is_null()),
        _WAITING.where(Reservation.item == Item.id),
        _COPY.select(fn.COUNT(_COPY.id)).where((_COPY.title == Item.title) & (_COPY.status == "available")),
    )
    .join(Loan, on=(Loan.item == Item.id))
    .join(
        LendingRule,
        JOIN.LEFT_OUTER,
        on=(LendingRule.material_group == Item.material_group) & (LendingRule.borrower_group == Slot("group_id")),
    )
    .join(Fee, JOIN.LEFT_OUTER, on=(Fee.claimed_loan == Loan.id))
    .where((Loan.borrower == Slot("borrower_id")) & Loan.returned_at.is_null())
)
OPEN_LOANS = Statement(THEIR_OPEN_LOANS.order_by(Loan.due_on, Loan.id))
OPEN_LOAN = Statement(THEIR_OPEN_LOANS.where(Loan.id == Slot("loan_id")))


def _open_loans(rows: list[tuple[Any, ...]]) -> list[_OpenLoan]:
    return [
        _OpenLoan(
            loan_id,
            item,
            due_on,
            renewals,
            days,
            allowed or 0,
            bool(renewable),
            claim is not None,
            material_code,
            is_kept_for_others(*waiting),
        )
        for item, (loan_id, due_on, renewals, days, allowed, renewable, claim, material_code, *waiting) in item_columns(
            rows
        )
    ]


def _open_loan(transaction: Transaction, borrower_id: int, group_id: int, loan_id: int, today: date) -> _OpenLoan:
    row = transaction.one(OPEN_LOAN, borrower_id=borrower_id, group_id=group_id, loan_id=loan_id, today=today)
    if row is None:
        raise NotFound("loan")
    return _open_loans([row])[0]


def _last_wanted(loans: list[_OpenLoan], today: date) -> date:
    """Give the last date that renewing one of these loans today would want."""
    return max((max(loan.due_on, today + timedelta(days=loan.loan_days or 0)) for loan in loans), default=today)


def _renewed(loan: _OpenLoan, today: date, calendar: Calendar) -> DueDate | None:
    return None if loan.loan_days is None else renewed_due_date(loan.due_on, today, loan.loan_days, calendar)


def _denials(
    loan: _OpenLoan,
    blocks: tuple[Blocked | DebtReached, ...],
    overridden: frozenset[str],
    today: date,
    calendar: Calendar,
) -> tuple[Refusal, ...]:
    reasons: list[Refusal] = [
        DeniedLoanerIsBlocked(block)
        for block in blocks
        if not (block.may_override is LiftedBy.SUPERVISOR and block.code in overridden)
    ]
    if loan.is_claimed:
        reasons.append(DeniedClaimed())
    if loan.loan_days is None:
        reasons.append(DeniedLoaningProfileNotFound())
        return worst_first(reasons)
    if loan.is_kept_for_others:
        reasons.append(DeniedReserved())
    if not loan.renewable or loan.item.status in FORBIDDING:
        reasons.append(DeniedMaterialIsNotLoanable())
    elif loan.renewals >= loan.allowed:
        reasons.append(DeniedMaxRenewalsReached(loan.renewals, loan.allowed))
    renewed = _renewed(loan, today, calendar)
    if renewed is None or renewed.day <= loan.due_on:
        reasons.append(DeniedNoLaterDate(None if renewed is None else _first_later_day(loan)))
    return worst_first(reasons)


def _first_later_day(loan: _OpenLoan) -> date:
    """The first day on which a renewal would move the due date: one day more than due date − loan days."""
    return loan.due_on - timedelta(days=(loan.loan_days or 0) - 1)


RENEWED_LOAN = Statement(
    Loan.update(
        due_on=Slot("due_on"),
        due_reason="",
        renewals=Loan.renewals + 1,
        occasion=Slot("occasion_id"),
        branch=Slot("branch_id"),
    ).where(Loan.id == Slot("loan_id"))
)


@carries_out(
    Renew,
    row_id=lambda record: record.loan_id,
    again=lambda transaction, command, loan_id: _renewal_record(transaction, command, loan_id),
)
def renew(transaction: Transaction, command: Renew) -> RenewalRecord:
    """Renew a loan to max(old due date, today + days), on a new occasion.

    Raises:
        Refused: with every FBS reason, worst first; the due date is unchanged.
        NotFound: the borrower or the open loan is gone.
        InvalidInput: no counter.
    """
    branch_id = branch_of_counter(transaction, command.who.counter_id)
    if branch_id is None:
        raise InvalidInput("counter", "missing")
    person = borrowing(transaction, command.borrower_id, command.card_id)
    if person is None:
        raise NotFound("borrower")
    hold_loan(transaction, command.loan_id)
    today = local_date(command.at)
    loan = _open_loan(transaction, command.borrower_id, person.group_id, command.loan_id, today)
    calendar = calendar_of(transaction, branch_id, today, _last_wanted([loan], today))
    blocks = _blocks(transaction, person, command.card_id, today)
    overridden = overrides_of(transaction, command.borrower_id, command.visit, loan.item.item_id)
    denied = _denials(loan, blocks, overridden, today, calendar)
    due = _renewed(loan, today, calendar)
    if denied or due is None:
        raise Refused(denied, loan.item.item_id)
    # What it has accrued belongs to the occasion that ends here (C10).
    charged = NOTHING
    if days_overdue(loan.due_on, today):
        charged = charge_overdue(transaction, command.loan_id, today, command.at, command.command_id)
    occasion_id = loan_occasion(transaction, command.borrower_id, command.card_id, command.visit, due.day)
    with followed(transaction, Loan, command.loan_id):
        transaction.run(
            RENEWED_LOAN,
            loan_id=command.loan_id,
            due_on=due.day,
            occasion_id=occasion_id,
            branch_id=branch_id,
        )
    renewed = Happened(RENEWAL, person.group_code, person.municipality, loan.material_code)
    count(transaction, command.at, branch_id, renewed)
    note_charge(transaction, command, command.borrower_id, charged)
    note(
        transaction,
        command.who,
        command.at,
        Action.RENEW,
        Purpose.LENDING,
        command.borrower_id,
        subject=subject_of(person.log_key),
    )
    return RenewalRecord(
        loan_id=loan.loan_id,
        item=loan.item,
        due_on=due.day,
        closed_from=due.closed_from,
        renewals=loan.renewals + 1,
        allowed=loan.allowed,
        charged=charged,
        borrower_id=command.borrower_id,
        trail=tuple(transaction.trail),
    )


def _blocks(
    transaction: Transaction, person: Borrowing, card_id: int | None, today: date
) -> tuple[Blocked | DebtReached, ...]:
    """Everything about the borrower that stands in the way of a renewal: blocks in force, and the debt (R4)."""
    debt = debt_reached(person.owed_ore, person.debt_limit_ore)
    blocks = blocks_in_force(transaction, person.borrower_id, card_id, today) if person.has_blocks else ()
    return blocks if debt is None else (*blocks, debt)


def _renewal_record(transaction: Transaction, command: Renew, loan_id: int) -> RenewalRecord:
    """Give a renewal's answer again."""
    person = borrowing(transaction, command.borrower_id, None)
    loan = _open_loan(
        transaction, command.borrower_id, person.group_id if person else 0, loan_id, local_date(command.at)
    )
    occasion = transaction.value(LoanOccasion.select(LoanOccasion.due_on).join(Loan).where(Loan.id == loan_id))
    charged = charged_again(transaction, loan_id, local_date(command.at))
    return RenewalRecord(loan_id, loan.item, occasion or loan.due_on, None, loan.renewals, loan.allowed, charged)


@query(Right.SEE_BORROWER)
def open_loans_of(transaction: Transaction, borrower_id: int, branch_id: int, today: date) -> tuple[OpenLoan, ...]:
    """Give a borrower's open loans, the first due first, each with what renewing it today would say (C10)."""
    person = borrowing(transaction, borrower_id, None)
    if person is None:
        return ()
    loans = _open_loans(transaction.all(OPEN_LOANS, borrower_id=borrower_id, group_id=person.group_id, today=today))
    calendar = calendar_of(transaction, branch_id, today, _last_wanted(loans, today))
    blocks = _blocks(transaction, person, None, today)
    answers = []
    for loan in loans:
        denied = _denials(loan, blocks, frozenset(), today, calendar)
        due = _renewed(loan, today, calendar)
        answers.append(
            OpenLoan(
                loan_id=loan.loan_id,
                item=loan.item,
                due_on=loan.due_on,
                days_overdue=days_overdue(loan.due_on, today),
                renewals=loan.renewals,
                allowed=loan.allowed,
                renewed_until=None if denied or due is None else due.day,
                denied=denied,
            )
        )
    return tuple(answers)
