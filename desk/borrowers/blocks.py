"""Blocks (R5): several at once, of the person or of one card, each set and lifted with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from db.models import Block, Card
from db.models.borrowers import BLOCK_KINDS
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower, note_change
from desk.calendar import local_date
from desk.command import carries_out
from desk.desk import authorise
from desk.errors import InvalidInput, NotFound
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

# D and F nobody may override; an exclusion (U) is a decision of the library; a debt block (E) that somebody set beside
# the debt itself (R4) is one too. O, S and W are lifted at the counter: by a new card, or when somebody has looked.
TAKES_SUPERVISOR = frozenset("DFUE")
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBlock(AboutBorrower[Changed]):
    """Block a borrower or one card, from today; ``ends_on`` is inclusive, None: until lifted."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    kind: str
    reason: str = field(repr=False)
    ends_on: date | None
    card_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBlock(AboutBorrower[Changed]):
    """Lift a block, with a reason. Where it takes a supervisor, ``who`` is the supervisor who stepped up."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    block_id: int
    reason: str = field(repr=False)


@carries_out(SetBlock, row_id=lambda done: done.row_id, again=changed_again)
def set_block(transaction: Transaction, command: SetBlock) -> Changed:
    """Set a block.

    Raises:
        InvalidInput: an unknown kind, an end before the start, or no reason.
        NotFound: the borrower, or the borrower's card, is gone.
    """
    today = local_date(command.at)
    if command.kind not in BLOCK_KINDS:
        raise InvalidInput("kind", "unknown")
    if command.ends_on is not None and command.ends_on < today:
        raise InvalidInput("ends_on", "passed")
    if not command.reason.strip():
        raise InvalidInput("reason", "missing")
    hold_borrower(transaction, command.borrower_id)
    if command.card_id is not None:
        own = (Card.id == command.card_id) & (Card.borrower == command.borrower_id)
        if transaction.value(Card.select(Card.id).where(own)) is None:
            raise NotFound("card")
    block_id = transaction.run(
        Block.insert(
            borrower=command.borrower_id,
            card=command.card_id,
            kind=command.kind,
            set_on=today,
            reason=command.reason.strip()[:REASON_LENGTH],
            ends_on=command.ends_on,
            set_by=command.who.staff_id,
        )
    )
    note_change(transaction, command, "blocked_on", "block_reason")
    return Changed(block_id)


@carries_out(LiftBlock, row_id=lambda done: done.row_id, again=changed_again)
def lift_block(transaction: Transaction, command: LiftBlock) -> Changed:
    """Lift a block that is in force.

    Raises:
        InvalidInput: no reason.
        NotFound: it is gone, lifted already, or another borrower's.
        NotAllowed: it is one that only a supervisor lifts (D, F, U, E; C5, R5), and whoever lifts it is none.
    """
    if not command.reason.strip():
        raise InvalidInput("reason", "missing")
    hold_borrower(transaction, command.borrower_id)
    theirs = (Block.id == command.block_id) & (Block.borrower == command.borrower_id)
    kind = transaction.value(Block.select(Block.kind).where(theirs))
    if kind in TAKES_SUPERVISOR:
        authorise(transaction, command.who, Right.OVERRIDE)
    lifted = transaction.run(
        Block.update(
            lifted_at=command.at,
            lifted_by=command.who.staff_id,
            lift_reason=command.reason.strip()[:REASON_LENGTH],
        ).where(theirs & Block.lifted_at.is_null())
    )
    if not lifted:
        raise NotFound("block")
    note_change(transaction, command, "blocked_on", "block_reason")
    return Changed(command.block_id)
