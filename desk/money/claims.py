"""What becomes of a claim (R3): dropped when the material comes back, settled when it never does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from db.models import Fee, Item, Loan
from db.statements import Slot, Statement
from db.trail import followed
from desk.money.records import NOTHING, Charged

if TYPE_CHECKING:
    from db.store import Transaction

CLAIM = Statement(Fee.select(Fee.paid_ore, Fee.refunded_ore).where(Fee.id == Slot("fee_id")))
CLAIM_OF_LOST = Statement(
    Fee.select(Fee.id)
    .join(Loan, on=(Fee.claimed_loan == Loan.id))
    .where(
        (Loan.item == Slot("item_id"))
        & Loan.returned_at.is_null(False)
        & (Fee.outcome.is_null() | (Fee.outcome != "cancelled"))
    )
    .order_by(Loan.returned_at.desc(), Loan.id.desc())
    .limit(1)
)


def drop_claim(transaction: Transaction, fee_id: int, day: date) -> Charged:
    """Cancel a claim: its material has come back. The overdue fee stays; what had been paid of the claim is credit.

    Args:
        transaction: the command's.
        fee_id: the claim.
        day: local date.
    """
    with followed(transaction, Fee, fee_id):
        transaction.run(
            Fee.update(settled_on=day, outcome="cancelled", settled_by=None, settle_reason="").where(Fee.id == fee_id)
        )
    paid, refunded = transaction.one(CLAIM, fee_id=fee_id) or (0, 0)
    return Charged(claim_dropped=True, credit_ore=paid - refunded)


def drop_claim_of_lost(transaction: Transaction, item_id: int, day: date) -> Charged:
    """Cancel the claim by which an item became lost, now that it has turned up.

    What had been settled without the material is settled anew: what was paid is owed back (C8).
    """
    fee_id = transaction.value(CLAIM_OF_LOST, item_id=item_id)
    return NOTHING if fee_id is None else drop_claim(transaction, fee_id, day)


def close_settled(transaction: Transaction, fee_ids: Iterable[int], at: datetime, day: date) -> int:
    """Close the loans whose claims have been settled while the material was still out, and mark it lost.

    The loan counts as closed on the day of settlement (*Semantics*).

    Args:
        transaction: the command's.
        fee_ids: fees that have just been settled, claims or not.
        at: the instant of the command.
        day: its local date.

    Returns:
        How many loans were closed.
    """
    claimed = transaction.all(
        Loan.select(Loan.id, Loan.item)
        .join(Fee, on=(Fee.claimed_loan == Loan.id))
        .where(Fee.id.in_(list(fee_ids)) & Fee.settled_on.is_null(False) & Loan.returned_at.is_null())
        .order_by(Loan.item)
    )
    for loan_id, item_id in claimed:
        still_open = (Loan.id == loan_id) & Loan.returned_at.is_null()
        transaction.run(Loan.update(returned_at=at, closed_on=day).where(still_open))
        transaction.run(Item.update(status="lost", status_since=at).where(Item.id == item_id))
    return len(claimed)
