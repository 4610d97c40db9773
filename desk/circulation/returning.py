"""Return (C8): one scan, one line, never refused, and no borrower in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from db.models import Item, Loan
from db.statements import Slot, Statement
from db.trail import Changed
from desk.calendar import SEARCH_DAYS, local_date
from desk.circulation.queries import Lendable, branch_of_counter, calendar_of, lendable
from desk.circulation.records import ItemRecord, ReturnRecord
from desk.circulation.rules import days_overdue
from desk.command import Command, carries_out
from desk.errors import InvalidInput, NotFound
from desk.money.charging import charge_return, charged_again, note_charge
from desk.money.records import NOTHING
from desk.reservations.going import destination, going_again
from desk.staff.rights import Right
from desk.statistics.counting import RETURN, Happened, count

if TYPE_CHECKING:
    from db.store import Transaction

# These keep their status when they come over the counter: somebody decided it on purpose.
STAYS = frozenset({"damaged", "discarded", "not_for_loan"})


# Why staff had set a status by hand goes with that status.
NEW_STATUS = Statement(
    Item.update(status=Slot("status"), status_since=Slot("since"), status_reason="").where(Item.id == Slot("item_id"))
)
CLOSED_LOAN = Statement(
    Loan.update(returned_at=Slot("at"), closed_on=Slot("closed_on")).where(Loan.id == Slot("loan_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Command[ReturnRecord]):
    """Take an item back.

    Attributes:
        from_drop_box: it lay in the box outside, and counts as returned on the branch's last open day before now (C8).
    """

    right: ClassVar[Right] = Right.LEND

    item_id: int
    from_drop_box: bool = False


@carries_out(
    Return,
    # Below nought it is the item: loans and items have the same numbers.
    row_id=lambda record: record.loan_id or -record.item.item_id,
    again=lambda transaction, command, row_id: _returned_again(transaction, command, row_id),
)
def return_(transaction: Transaction, command: Return) -> ReturnRecord:
    """Close the item's open loan if it has one, and say where the item goes.

    Raises:
        NotFound: the item is gone.
        InvalidInput: no counter, so nothing says at which branch it was returned.
    """
    branch_id = branch_of_counter(transaction, command.who.counter_id)
    if branch_id is None:
        raise InvalidInput("counter", "missing")
    thing = lendable(transaction, command.item_id)
    if thing is None:
        raise NotFound("item")
    booked = _booked_on(transaction, command, thing, branch_id)
    overdue = 0
    if thing.loan_id is not None and thing.loan_due_on is not None:
        close_loan(transaction, thing.loan_id, command.at, booked)
        overdue = days_overdue(thing.loan_due_on, booked)
    charged = charge_return(transaction, thing, booked, command.at, command.command_id)
    item = thing.item
    going = destination(transaction, command, thing, branch_id)
    if item.status not in STAYS:
        set_status(transaction, thing, going.status, command.at)
    if thing.loan_id is not None:
        count(transaction, command.at, branch_id, returned(thing), booked_on=booked)
    note_charge(transaction, command, thing.loan_borrower_id, charged)
    return ReturnRecord(
        item=item,
        loan_id=thing.loan_id,
        closed_on=booked,
        days_overdue=overdue,
        goes_to=going.branch,
        was_status=item.status,
        charged=charged,
        shelf=going.shelf,
        is_reserved=going.is_reserved,
        from_drop_box=command.from_drop_box,
        trail=tuple(transaction.trail),
    )


def returned(thing: Lendable) -> Happened:
    """Say for the figures that an item's open loan has been closed (G10)."""
    return Happened(RETURN, thing.loan_group_code or "", thing.loan_municipality or "", thing.material_code)


LENT_AT = Statement(Loan.select(Loan.lent_at).where(Loan.id == Slot("loan_id")))


def _booked_on(transaction: Transaction, command: Return, thing: Lendable, branch_id: int) -> date:
    """Give the local date a return counts as made on (C8, *Semantics*).

    What lay in the drop-box came after the branch had closed: it counts from its last open day before today, but never
    from before the loan was made, and never from a day to come.
    """
    today = local_date(command.at)
    if not command.from_drop_box:
        return today
    calendar = calendar_of(transaction, branch_id, today - timedelta(days=SEARCH_DAYS))
    booked = calendar.last_open_before(today) or today
    if thing.loan_id is not None:
        booked = max(booked, local_date(transaction.value(LENT_AT, loan_id=thing.loan_id)))
    return min(booked, today)


def set_status(transaction: Transaction, thing: Lendable, status: str, since: datetime) -> None:
    """Give an item another status, and leave a trail of it (C9)."""
    transaction.run(NEW_STATUS, item_id=thing.item.item_id, status=status, since=since)
    was = {"status": thing.item.status, "status_since": thing.status_since, "status_reason": thing.status_reason}
    left = {"status": status, "status_since": since, "status_reason": ""}
    transaction.trail.append(Changed(Item, thing.item.item_id, was, left))


def close_loan(transaction: Transaction, loan_id: int, at: datetime, closed_on: date) -> None:
    """Close an open loan.

    Args:
        transaction: the command's.
        loan_id: an open loan.
        at: the instant it was returned.
        closed_on: the local date it counts as returned on.
    """
    transaction.run(CLOSED_LOAN, loan_id=loan_id, at=at, closed_on=closed_on)
    was = {"returned_at": None, "closed_on": None}
    transaction.trail.append(Changed(Loan, loan_id, was, {"returned_at": at, "closed_on": closed_on}))


def _returned_again(transaction: Transaction, command: Return, row_id: int) -> ReturnRecord:
    """Give a return's answer again: from its loan when there was one, else from the item."""
    thing = lendable(transaction, command.item_id)
    if thing is None:
        raise NotFound("item")
    loan = transaction.one(
        Loan.select(Loan.due_on, Loan.closed_on).where(
            (Loan.id == row_id) & (Loan.item == command.item_id) & (Loan.returned_at == command.at)
        )
    )
    item: ItemRecord = thing.item
    going = going_again(transaction, thing, branch_of_counter(transaction, command.who.counter_id))
    return ReturnRecord(
        item=item,
        loan_id=None if loan is None else row_id,
        closed_on=local_date(command.at) if loan is None else loan[1],
        days_overdue=0 if loan is None else days_overdue(loan[0], loan[1]),
        goes_to=going.branch,
        was_status="on_loan" if loan is not None else item.status,
        charged=NOTHING if loan is None else charged_again(transaction, row_id, loan[1]),
        shelf=going.shelf,
        is_reserved=going.is_reserved,
        from_drop_box=command.from_drop_box,
    )
