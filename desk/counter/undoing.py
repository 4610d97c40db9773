"""What was done last at this counter, in memory: what Ctrl+Z takes back (C9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desk.counter.records import (
    Lent,
    NothingToUndo,
    Outcome,
    Renewed,
    RenewedTogether,
    Returned,
    Undone,
    UndoRefused,
    VisitOpened,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.queue import Entry
    from db.trail import Trail
    from desk.circulation.records import RenewalRecord
    from desk.command import Who
    from desk.desk import Desk

KEPT = 20
OF_NO_LINE = 0
"""The entry of what was done on a page and has no line in a pile."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one scan, answer or key did and can still be taken back: a loan, a return, one or several renewals."""

    entry_id: int
    outcome: Lent | Returned | Renewed | RenewedTogether
    trail: Trail
    at: datetime
    item_id: int
    borrower_id: int | None
    more_item_ids: tuple[int, ...] = ()


class LastDone:
    """Remembers what was done here.

    A new borrower's visit begins with nothing of an earlier one's to take back. What was returned just before they
    stepped up names nobody, and that it was wrong is often seen only now.
    """

    def __init__(self) -> None:
        self._done: list[Done] = []
        self._was_of_another = False

    def remember(self, entry_id: int, outcome: Outcome, at: datetime) -> None:
        """Take note of an outcome.

        Args:
            entry_id: whose line it is.
            outcome: what became of it; what cannot be taken back is let pass.
            at: aware UTC, when it was done.
        """
        match outcome:
            case VisitOpened(resumed=False):
                self._forget_borrowers()
            case Lent(loan=loan) if loan.trail:
                self._keep(Done(entry_id, outcome, loan.trail, at, loan.item.item_id, loan.borrower_id))
            case Returned(returned=returned) if returned.trail:
                self._keep(Done(entry_id, outcome, returned.trail, at, returned.item.item_id, None))
            case Renewed(renewal=renewal) if renewal.trail:
                self._keep(Done(entry_id, outcome, renewal.trail, at, renewal.item.item_id, renewal.borrower_id))

    def remember_renewals(self, renewals: Sequence[RenewalRecord], at: datetime) -> None:
        """Take note of what one key renewed on a borrower's page: one Ctrl+Z takes it all back.

        Args:
            renewals: one or several of one borrower, as they were answered.
            at: aware UTC, when the first of them was done.
        """
        renewed = [renewal for renewal in renewals if renewal.trail]
        if not renewed:
            return
        first, *more = renewed
        outcome = RenewedTogether(tuple(renewed)) if more else Renewed(first)
        trail = tuple(step for renewal in renewed for step in renewal.trail)
        others = tuple(renewal.item.item_id for renewal in more)
        self._keep(Done(OF_NO_LINE, outcome, trail, at, first.item.item_id, first.borrower_id, others))

    def is_of(self, borrower_id: int) -> bool:
        """Tell whether what was done last was a loan or renewal of this borrower."""
        return bool(self._done) and self._done[-1].borrower_id == borrower_id

    def _forget_borrowers(self) -> None:
        """Keep only what was returned after the last loan or renewal: nothing is taken back before what came later."""
        of_borrowers = [place for place, done in enumerate(self._done) if done.borrower_id is not None]
        self._was_of_another = bool(of_borrowers)
        if of_borrowers:
            self._done = self._done[of_borrowers[-1] + 1 :]

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
            return NothingToUndo(self._was_of_another)
        last = self._done[-1]
        command = Undo(
            command_id=entry.command_id,
            who=who,
            at=entry.heard_at,
            trail=last.trail,
            done_at=last.at,
            item_id=last.item_id,
            more_item_ids=last.more_item_ids,
            borrower_id=last.borrower_id,
        )
        try:
            taken_back = await desk.do(command)
        except Refused as refused:
            # It stays done; asking again would only be told the same.
            self._done.pop()
            return UndoRefused(refused.reasons, last.outcome)
        self._done.pop()
        return Undone(last.entry_id, last.outcome, taken_back.item, taken_back.somebody_was_told)
