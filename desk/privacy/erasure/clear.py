"""Whether a borrower can be erased now (P3, G1): asked again inside the erasing transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from peewee import fn

from db.models import Borrower, Fee, Loan
from desk.circulation.rules import age_on
from desk.errors import NotErasable

if TYPE_CHECKING:
    from db.store import Transaction

OF_AGE = 18


def refuse_unless_clear(transaction: Transaction, borrower_id: int, today: date) -> None:
    """Make sure that nothing is out, owed either way, or answered for.

    Args:
        transaction: the erasing one, which holds the borrower's row.
        borrower_id: whose.
        today: local date.

    Raises:
        NotErasable: something is; the error says everything at once.
    """
    out = transaction.value(
        Loan.select(fn.COUNT(Loan.id)).where((Loan.borrower == borrower_id) & Loan.returned_at.is_null())
    )
    unsettled = transaction.value(
        Fee.select(fn.COUNT(Fee.id)).where((Fee.borrower == borrower_id) & Fee.settled_on.is_null())
    )
    credit = transaction.value(
        Fee.select(fn.COALESCE(fn.SUM(Fee.paid_ore - Fee.refunded_ore), 0)).where(
            (Fee.borrower == borrower_id) & (Fee.outcome == "cancelled")
        )
    )
    births = transaction.all(Borrower.select(Borrower.birth_date).where(Borrower.guardian == borrower_id))
    wards = sum(1 for (born,) in births if born is None or age_on(born, today) < OF_AGE)
    if out or unsettled or credit or wards:
        raise NotErasable(int(out), int(unsettled), int(credit), wards)
