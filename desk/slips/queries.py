"""Queries for what is printed: after the commit, so that a return or a loan waits for no paper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from db.models import Branch, Counter, Item, Library, Loan, LoanOccasion, Reservation, Title
from desk.command import query
from desk.slips.records import LentLine, SlipRecord, VisitReceipt
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@query(Right.LEND)
def slip_of_item(transaction: Transaction, item_id: int, counter_id: int | None) -> SlipRecord:
    """Give what a slip for an item says now.

    Args:
        transaction: a view of the store.
        item_id: what was returned.
        counter_id: where.
    """
    here = _branch(transaction, counter_id)
    library = library_of(transaction)
    row = transaction.one(
        Reservation.select(Reservation.pickup_number, Reservation.pickup_deadline, Reservation.borrower).where(
            Reservation.trapped_item == item_id
        )
    )
    if row is None:
        return SlipRecord(library, here)
    shelf, deadline, borrower_id = row
    return SlipRecord(library, here, shelf, deadline, borrower_id)


@query(Right.LEND)
def receipt_of_visit(
    transaction: Transaction, borrower_id: int, visit: str, counter_id: int | None, at: datetime
) -> VisitReceipt:
    """Give the receipt of a visit: loans that are still open, and those that were renewed in it (C13).

    Args:
        transaction: a view of the store.
        borrower_id: whose.
        visit: the visit, which has ended.
        counter_id: where.
        at: when it ended.
    """
    rows = transaction.all(
        Loan.select(Title.title, LoanOccasion.due_on, Loan.renewals)
        .join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id))
        .switch(Loan)
        .join(Item, on=(Loan.item == Item.id))
        .join(Title, on=(Item.title == Title.id))
        .where((LoanOccasion.visit == visit) & (Loan.borrower == borrower_id) & Loan.returned_at.is_null())
        .order_by(Loan.id)
    )
    lent = tuple(LentLine(title, due_on) for title, due_on, renewals in rows if not renewals)
    renewed = tuple(LentLine(title, due_on) for title, due_on, renewals in rows if renewals)
    return VisitReceipt(library_of(transaction), _branch(transaction, counter_id), at, lent, renewed)


@query(Right.LEND)
def heading_of(transaction: Transaction, counter_id: int | None) -> tuple[str, str]:
    """Give the library's name and the counter's branch."""
    return library_of(transaction), _branch(transaction, counter_id)


def library_of(transaction: Transaction) -> str:
    """Give the library's name."""
    return str(transaction.value(Library.select(Library.name)) or "")


def _branch(transaction: Transaction, counter_id: int | None) -> str:
    found = Branch.select(Branch.name).join(Counter, on=(Counter.branch == Branch.id)).where(Counter.id == counter_id)
    return str(transaction.value(found) or "")
