"""What a borrower owes: computed from the rows at that moment, never a copied flag (R4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import fn

from db.models import Fee
from db.statements import Slot, Statement

if TYPE_CHECKING:
    from db.store import Transaction

OWED = Statement(
    Fee.select(fn.COALESCE(fn.SUM(Fee.amount_ore - Fee.paid_ore), 0)).where(
        (Fee.borrower == Slot("borrower_id")) & Fee.settled_on.is_null()
    )
)


def owed_ore(transaction: Transaction, borrower_id: int) -> int:
    """Add up what is left to pay of a borrower's unsettled fees, in øre. Days still accruing do not count (R4)."""
    return int(transaction.value(OWED, borrower_id=borrower_id))
