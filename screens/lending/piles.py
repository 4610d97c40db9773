"""The pile of a mode as data: what the screen paints, without a widget in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.counter.records import Outcome, ToDecide

if TYPE_CHECKING:
    from screens.lending.tags import TagRemark

KEPT_LINES = 500


@dataclass(slots=True)
class Row:
    """One line: an entry, its number, its outcome (None: heard, waits), how often it was read, and its tags' remarks.

    ``slip`` is how its slip is: ``waiting``, ``printed``, ``failed``; empty: it has none.
    """

    entry_id: int
    number: int
    outcome: Outcome | None = None
    times: int = 1
    tags: tuple[TagRemark, ...] = ()
    slip: str = ""


@dataclass(slots=True)
class PileOfScans:
    """The scans of one visit (F2) or of one pile of returns (F3), in the order in which they were heard."""

    rows: dict[int, Row] = field(default_factory=dict)
    lines: int = 0
    scanned: int = 0
    settled: int = 0
    to_you: int = 0
    _read_again: dict[int, int] = field(default_factory=dict)

    def pend(self, entry_id: int) -> Row:
        """Add a line for an entry that waits."""
        row = self.rows.get(entry_id)
        if row is None:
            self.scanned += 1
            self.lines += 1
            times = self._read_again.pop(entry_id, 1)
            row = self.rows[entry_id] = Row(entry_id, self.lines, times=times)
            self._forget_old()
        return row

    def settle(self, entry_id: int, outcome: Outcome) -> Row:
        """Give an entry its outcome, also one that was waiting for a decision."""
        row = self.pend(entry_id)
        self._count(row.outcome, -1)
        row.outcome = outcome
        self._count(outcome, 1)
        return row

    def unkept(self, entry_id: int, outcome: Outcome) -> Row:
        """Add a line for a scan that was not received: it counts as nothing, for the queue knows nothing of it."""
        self.lines += 1
        row = self.rows[entry_id] = Row(entry_id, self.lines, outcome)
        return row

    def drop(self, entry_id: int) -> None:
        """Take out an entry that turned out to belong elsewhere (a card that opened a visit)."""
        row = self.rows.pop(entry_id, None)
        if row is not None:
            self.scanned -= 1
            self.lines -= 1
            self._count(row.outcome, -1)
            for later in self.rows.values():
                later.number -= later.number > row.number

    def again(self, entry_id: int, times: int) -> Row | None:
        """Note that an entry's code was read again within 1.5 s, also before its line is there."""
        row = self.rows.get(entry_id)
        if row is None:
            self._read_again[entry_id] = times
        else:
            row.times = times
        return row

    def clear(self) -> None:
        """End the pile."""
        self.rows.clear()
        self.lines = self.scanned = self.settled = self.to_you = 0

    def _count(self, outcome: Outcome | None, step: int) -> None:
        if isinstance(outcome, ToDecide):
            self.to_you += step
        elif outcome is not None:
            self.settled += step

    def _forget_old(self) -> None:
        """Keep memory bounded over a long day: figures stay, the oldest settled lines go."""
        while len(self.rows) > KEPT_LINES:
            oldest = next(iter(self.rows.values()))
            if oldest.outcome is None or isinstance(oldest.outcome, ToDecide):
                return
            del self.rows[oldest.entry_id]
