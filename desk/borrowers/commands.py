"""Commands on borrowers: blocks set and lifted (R5), the internal note, a card stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from db.models import Block, Borrower, Card
from db.models.borrowers import BLOCK_KINDS
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.desk import authorise
from desk.errors import InvalidInput, NotFound
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

NOTE_LENGTH = 500
TAKES_SUPERVISOR = frozenset("DF")
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """That a row was changed."""

    row_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBlock(Command[Changed]):
    """Block a borrower, from today; ``ends_on`` is inclusive, None: until lifted."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    borrower_id: int
    kind: str
    reason: str = field(repr=False)
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBlock(Command[Changed]):
    """Lift a block, with a reason."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    block_id: int
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteInternalNote(Command[Changed]):
    """Write the note for staff, shown at every visit until it is cleared (empty text)."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    borrower_id: int
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCard(Command[Changed]):
    """Stop a card as stolen: that card, not the person."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    card_id: int


@carries_out(SetBlock, row_id=lambda done: done.row_id, again=lambda _transaction, _command, row_id: Changed(row_id))
def set_block(transaction: Transaction, command: SetBlock) -> Changed:
    """Set a block.

    Raises:
        InvalidInput: an unknown kind, an end before the start, or no reason.
        NotFound: the borrower is gone.
    """
    today = local_date(command.at)
    if command.kind not in BLOCK_KINDS:
        raise InvalidInput("kind", "unknown")
    if command.ends_on is not None and command.ends_on < today:
        raise InvalidInput("ends_on", "passed")
    if not command.reason.strip():
        raise InvalidInput("reason", "missing")
    _must_exist(transaction, command.borrower_id)
    return Changed(
        transaction.run(
            Block.insert(
                borrower=command.borrower_id,
                kind=command.kind,
                set_on=today,
                reason=command.reason.strip()[:REASON_LENGTH],
                ends_on=command.ends_on,
                set_by=command.who.staff_id,
            )
        )
    )


@carries_out(LiftBlock, row_id=lambda done: done.row_id, again=lambda _transaction, _command, row_id: Changed(row_id))
def lift_block(transaction: Transaction, command: LiftBlock) -> Changed:
    """Lift a block that is in force.

    Raises:
        InvalidInput: no reason.
        NotFound: it is gone, or lifted already.
        NotAllowed: it is one that nobody may override (D, F), and whoever lifts it is no supervisor.
    """
    if not command.reason.strip():
        raise InvalidInput("reason", "missing")
    kind = transaction.value(Block.select(Block.kind).where(Block.id == command.block_id))
    if kind in TAKES_SUPERVISOR:
        authorise(transaction, command.who, Right.OVERRIDE)
    lifted = transaction.run(
        Block.update(
            lifted_at=command.at,
            lifted_by=command.who.staff_id,
            lift_reason=command.reason.strip()[:REASON_LENGTH],
        ).where((Block.id == command.block_id) & Block.lifted_at.is_null())
    )
    if not lifted:
        raise NotFound("block")
    return Changed(command.block_id)


@carries_out(
    WriteInternalNote,
    row_id=lambda done: done.row_id,
    again=lambda _transaction, _command, row_id: Changed(row_id),
)
def write_internal_note(transaction: Transaction, command: WriteInternalNote) -> Changed:
    """Write or clear the internal note, with who and when.

    Raises:
        NotFound: the borrower is gone.
        InvalidInput: longer than 500 characters.
    """
    note = command.note.strip()
    if len(note) > NOTE_LENGTH:
        raise InvalidInput("note", "too_long")
    _must_exist(transaction, command.borrower_id)
    transaction.run(
        Borrower.update(
            internal_note=note,
            internal_note_by=command.who.staff_id if note else None,
            internal_note_at=command.at if note else None,
        ).where(Borrower.id == command.borrower_id)
    )
    return Changed(command.borrower_id)


@carries_out(StopCard, row_id=lambda done: done.row_id, again=lambda _transaction, _command, row_id: Changed(row_id))
def stop_card(transaction: Transaction, command: StopCard) -> Changed:
    """Stop a card as stolen.

    Raises:
        NotFound: the card is gone.
    """
    stopped = transaction.run(
        Card.update(state="stolen", state_since=local_date(command.at)).where(Card.id == command.card_id)
    )
    if not stopped:
        raise NotFound("card")
    return Changed(command.card_id)


def _must_exist(transaction: Transaction, borrower_id: int) -> None:
    if transaction.value(Borrower.select(Borrower.id).where(Borrower.id == borrower_id)) is None:
        raise NotFound("borrower")
