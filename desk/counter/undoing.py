"""What was done last at this counter, in memory: what Ctrl+Z takes back (C9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desk.counter.records import Lent, NothingToUndo, Outcome, Renewed, Returned, Undone, UndoRefused, VisitOpened

if TYPE_CHECKING:
    from db.queue import Entry
    from db.trail import Trail
    from desk.command import Who
    from desk.desk import Desk

KEPT = 20


@dataclass(frozen=True, slots=True)
class Done:
    """One loan, return or renewal that can still be taken back."""

    entry_id: int
    outcome: Lent | Returned | Renewed
    trail: Trail
    at: datetime
    item_id: int
    borrower_id: int | None


class LastDone:
    """Remembers what was done here. A new borrower's visit begins with nothing to take back."""

    def __init__(self) -> None:
        self._done: list[Done] = []

    def remember(self, entry_id: int, outcome: Outcome, at: datetime) -> None:
        """Take note of an outcome.

        Args:
            entry_id: whose line it is.
            outcome: what became of it; what cannot be taken back is let pass.
            at: aware UTC, when it was done.
        """
        match outcome:
            case VisitOpened(resumed=False):
                self._done.clear()
            case Lent(loan=loan) if loan.trail:
                self._keep(Done(entry_id, outcome, loan.trail, at, loan.item.item_id, loan.borrower_id))
            case Returned(returned=returned) if returned.trail:
                self._keep(Done(entry_id, outcome, returned.trail, at, returned.item.item_id, None))
            case Renewed(renewal=renewal) if renewal.trail:
                self._keep(Done(entry_id, outcome, renewal.trail, at, renewal.item.item_id, renewal.borrower_id))

    def _keep(self, done: Done) -> None:
        self._done = [*self._done[-KEPT + 1 :], done]

    async def undo(self, desk: Desk, entry: Entry, who: Who) -> Outcome:
        """Take back what was done last.

        Args:
            desk: the desk.
            entry: the order in the queue; its command id makes it happen once.
            who: whoever pressed the key.

        Raises:
            DeskError: but for refusals, which are an outcome.
        """
        from desk.circulation.undoing import Undo  # noqa: PLC0415  (a start need not wait for it)
        from desk.errors import Refused  # noqa: PLC0415

        if not self._done:
            return NothingToUndo()
        last = self._done[-1]
        command = Undo(
            command_id=entry.command_id,
            who=who,
            at=entry.heard_at,
            trail=last.trail,
            done_at=last.at,
            item_id=last.item_id,
            borrower_id=last.borrower_id,
        )
        try:
            item = await desk.do(command)
        except Refused as refused:
            # It stays done; asking again would only be told the same.
            self._done.pop()
            return UndoRefused(refused.reasons, last.outcome)
        self._done.pop()
        return Undone(last.entry_id, last.outcome, item)
