"""The live checklist (G1): what stands in the way of a deletion, computed from the rows at that moment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from peewee import fn

from db.models import Borrower, Fee, Loan, Reservation
from db.statements import Slot, Statement
from desk.circulation.refusals import Refusal
from desk.money.debt import LEFT
from desk.privacy.deletion.records import Checklist
from desk.privacy.deletion.refusals import CreditOwed, FeesUnsettled, LoansOpen, Responsible
from desk.privacy.deletion.rules import adult_born_by

if TYPE_CHECKING:
    from db.store import Transaction


def checklist_columns(borrower: Any) -> tuple[Any, ...]:
    """Give the columns of a checklist for a query that has a borrower's id; its slot is ``adult_born_by``.

    Args:
        borrower: the column with the id.
    """
    ward: Any = Borrower.alias("ward")
    loans = Loan.select(fn.COUNT(Loan.id)).where((Loan.borrower == borrower) & Loan.returned_at.is_null())
    unsettled = (Fee.borrower == borrower) & Fee.settled_on.is_null()
    credit = fn.COALESCE(fn.SUM(Fee.paid_ore - Fee.refunded_ore), 0)
    theirs = Reservation.select(fn.COUNT(Reservation.id)).where(Reservation.borrower == borrower)
    return (
        loans,
        Fee.select(fn.COUNT(Fee.id)).where(unsettled),
        Fee.select(LEFT).where(unsettled),
        Fee.select(credit).where((Fee.borrower == borrower) & (Fee.outcome == "cancelled")),
        ward.select(fn.COUNT(ward.id)).where(
            (ward.guardian == borrower) & (ward.birth_date.is_null() | (ward.birth_date > Slot("adult_born_by")))
        ),
        theirs,
        theirs.where(Reservation.pickup_number.is_null(False)),
        theirs.where(Reservation.trapped_item.is_null(False) & Reservation.pickup_number.is_null()),
    )


CHECKLIST = Statement(Borrower.select(*checklist_columns(Borrower.id)).where(Borrower.id == Slot("borrower_id")))


def checklist_of(transaction: Transaction, borrower_id: int, today: date) -> Checklist:
    """Give a borrower's checklist; of one who is gone, an empty one.

    Args:
        transaction: the reader's, which holds the borrower's row when something is decided by it.
        borrower_id: whose.
        today: local date.
    """
    row = transaction.one(CHECKLIST, borrower_id=borrower_id, adult_born_by=adult_born_by(today))
    return Checklist() if row is None else Checklist(*map(int, row))


def obstacles(checklist: Checklist) -> tuple[Refusal, ...]:
    """Give everything that stands in the way, the worst first (C5)."""
    reasons = (
        LoansOpen(checklist.open_loans) if checklist.open_loans else None,
        FeesUnsettled(checklist.owed_ore) if checklist.unsettled_fees else None,
        CreditOwed(checklist.credit_ore) if checklist.credit_ore else None,
        Responsible(checklist.responsible_for) if checklist.responsible_for else None,
    )
    return tuple(reason for reason in reasons if reason is not None)
