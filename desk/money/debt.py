"""What a borrower owes: computed from the rows at that moment, never a copied flag (R4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import fn

from db.models import Borrower, Fee, LibraryRules
from db.statements import Slot, Statement
from desk.circulation.refusals import DebtReached

if TYPE_CHECKING:
    from db.store import Transaction

LEFT = fn.COALESCE(fn.SUM(Fee.amount_ore - Fee.paid_ore), 0)
OWED = Statement(Fee.select(LEFT).where((Fee.borrower == Slot("borrower_id")) & Fee.settled_on.is_null()))

# Columns for a query over Borrower: what is read anyway tells the debt too, and costs no statement more (Q3).
OWED_BY_BORROWER = Fee.select(LEFT).where((Fee.borrower == Borrower.id) & Fee.settled_on.is_null())
LIMIT_ORE = LibraryRules.select(LibraryRules.debt_limit_ore).where(LibraryRules.id == 1)


def owed_ore(transaction: Transaction, borrower_id: int) -> int:
    """Add up what is left to pay of a borrower's unsettled fees, in øre. Days still accruing do not count (R4)."""
    return int(transaction.value(OWED, borrower_id=borrower_id))


def debt_reached(owed: int, limit: int) -> DebtReached | None:
    """Give the refusal of who owes too much: money blocks when the limit is *reached* (*Semantics*).

    Args:
        owed: what is left to pay, in øre.
        limit: from which amount on it blocks, in øre.
    """
    return DebtReached(owed, limit) if owed >= limit else None
