"""Undo (C9): the last loan, return or renewal is taken back, with its fees, reservations and messages not yet sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from db.models import Fee, Loan
from db.trail import Changed, Trail, TrailBroken, take_back
from desk.circulation.queries import BORROWER_ROW, ITEM_ROW, item_with_id
from desk.circulation.records import ItemRecord
from desk.circulation.refusals import ChangedSince, TooLateToUndo
from desk.command import Command, carries_out
from desk.errors import NotFound, Refused
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

UNDO_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Command[ItemRecord]):
    """Take back what one command did.

    Attributes:
        trail: as its record carried it; it lives in the counter's memory only.
        done_at: when it was done (aware UTC); five minutes later it stays done.
        item_id: what was lent, returned or renewed.
        borrower_id: whose loan it was where the counter knows: None for a return, which names nobody (C8).
    """

    right: ClassVar[Right] = Right.LEND

    trail: Trail = field(repr=False)
    done_at: datetime
    item_id: int
    borrower_id: int | None = field(default=None, repr=False)


@carries_out(
    Undo,
    row_id=lambda item: item.item_id,
    again=lambda transaction, _command, item_id: _item(transaction, item_id),
)
def undo(transaction: Transaction, command: Undo) -> ItemRecord:
    """Put the store back as it was before, but for the access log, the command records and anonymous counters.

    Returns:
        The item, as it is again.

    Raises:
        Refused: more than five minutes ago, or something of it has been changed since (a fee was paid, it was renewed).
        NotFound: the item is gone.
    """
    if command.at - command.done_at > UNDO_WITHIN:
        raise Refused((TooLateToUndo(),), command.item_id)
    charged = None if command.borrower_id is not None else _charged(transaction, command.trail)
    if command.borrower_id is not None:
        transaction.lock(BORROWER_ROW, borrower_id=command.borrower_id)
    transaction.lock(ITEM_ROW, item_id=command.item_id)
    try:
        take_back(transaction, command.trail)
    except TrailBroken as broken:
        raise Refused((ChangedSince(broken.table),), command.item_id) from None
    if command.borrower_id is not None:
        note(transaction, command.who, command.at, Action.UNDO, Purpose.LENDING, command.borrower_id)
    elif charged is not None:
        # The return noted that it changed this balance; what changes it back is noted too (G8).
        keys = ("balance",)
        note(transaction, command.who, command.at, Action.UNDO, Purpose.LENDING, charged, revealed=keys)
    return _item(transaction, command.item_id)


def _charged(transaction: Transaction, trail: Trail) -> int | None:
    """Give the borrower whose fees a return changed; None: it changed none, and there is nothing to note."""
    loans = [step.row_id for step in trail if isinstance(step, Changed) and step.table is Loan]
    if not loans or not any(step.table is Fee for step in trail):
        return None
    borrower_id: int | None = transaction.value(Loan.select(Loan.borrower).where(Loan.id == loans[0]))
    return borrower_id


def _item(transaction: Transaction, item_id: int) -> ItemRecord:
    item = item_with_id(transaction, item_id)
    if item is None:
        raise NotFound("item")
    return item
