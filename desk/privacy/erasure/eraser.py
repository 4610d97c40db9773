"""Takes a borrower out of the store, step by step. Used by the erasure and by a restore that replays it (G3, G5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from db.models import Borrower
from db.statements import Slot, Statement
from desk.errors import NotFound
from desk.privacy.erasure.steps import STEPS, Erasing, Step
from desk.privacy.erasure.wishes import leaves_newsletter

if TYPE_CHECKING:
    from db.store import Transaction

# Stronger than the lock of a visit: it also holds off whoever writes a row that refers to this one.
WHOLE_ROW = Statement(Borrower.select(Borrower.id).where(Borrower.id == Slot("borrower_id")).for_update())


def hold_whole_borrower(transaction: Transaction, borrower_id: int) -> None:
    """Lock a borrower so that nothing new can be written about them until the end.

    Raises:
        NotFound: the borrower is gone.
    """
    transaction.lock(WHOLE_ROW, borrower_id=borrower_id)
    if transaction.value(Borrower.select(Borrower.id).where(Borrower.id == borrower_id)) is None:
        raise NotFound("borrower")


def erase_borrower(
    transaction: Transaction,
    borrower_id: int,
    at: datetime,
    steps: Sequence[Step] = STEPS,
    *,
    newsletter_too: bool | None = None,
) -> dict[str, int]:
    """Delete every row about a borrower. Checks nothing: whether they may go is the caller's to know.

    A deletion request that is to stay as a proof is parted from the borrower before this; the others go.

    Args:
        transaction: a writing one.
        borrower_id: who goes.
        at: the instant (aware UTC) from which an item on the shelf is to be put back.
        steps: what is done, in this order.
        newsletter_too: whether the address goes from the newsletter; None: as the borrower's open request says.

    Returns:
        How many rows went, a step each, in their order; those of which there were none are there with 0.

    Raises:
        NotFound: there is no such borrower.
    """
    hold_whole_borrower(transaction, borrower_id)
    if newsletter_too is None:
        newsletter_too = leaves_newsletter(transaction, borrower_id)
    erasing = Erasing(transaction, borrower_id, at, newsletter_too)
    return {step.name: step.take(erasing) for step in steps}
