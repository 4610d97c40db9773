"""Slips as the counter's lines show them: spooled, printed, or waiting for a printer (C8, V3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from desk.counter.happenings import Spooled
from desk.texts import pgettext

if TYPE_CHECKING:
    from screens.lending.piles import PileOfScans, Row

KEPT = 500


class SlipsAtCounter:
    """Which line a job of the spool belongs to, and how the printer is."""

    def __init__(self) -> None:
        self.printer = "ok"
        self._entry_of: dict[str, int] = {}
        self._printed: set[str] = set()

    def spooled(self, told: Spooled, piles: Iterable[PileOfScans]) -> Row | None:
        """A slip waits for the printer, which may have been quicker than this was told; gives its line."""
        row = _row_of(told.entry_id, piles)
        if row is not None:
            row.slip = "failed" if not told.job_id else "printed" if told.job_id in self._printed else "waiting"
        if told.job_id:
            self._entry_of[told.job_id] = told.entry_id
            while len(self._entry_of) > KEPT:
                del self._entry_of[next(iter(self._entry_of))]
        return row

    def printed(self, job_id: str, piles: Iterable[PileOfScans]) -> Row | None:
        """A job has been printed; gives the line it belongs to."""
        if len(self._printed) > KEPT:
            self._printed.clear()
        self._printed.add(job_id)
        row = _row_of(self._entry_of.get(job_id), piles)
        if row is not None:
            row.slip = "printed"
        return row

    def has_printed(self, job_id: str) -> bool:
        """Tell whether a job is known to have been printed."""
        return job_id in self._printed

    def waiting(self, piles: Iterable[PileOfScans]) -> list[Row]:
        """Give the lines whose slips wait: what they say depends on the printer."""
        return [row for pile in piles for row in pile.rows.values() if row.slip == "waiting"]

    def state_of(self, row: Row) -> str:
        """Give how a line's slip is, with the reason why it waits: ``no_paper``, ``missing``."""
        return self.printer if row.slip == "waiting" and self.printer != "ok" else row.slip


def _row_of(entry_id: int | None, piles: Iterable[PileOfScans]) -> Row | None:
    return next((pile.rows[entry_id] for pile in piles if entry_id is not None and entry_id in pile.rows), None)


def slip_note(slip: str) -> str:
    """Word how a slip is, as the note of its line."""
    match slip:
        case "printed":
            return pgettext("pile", "slip printed")
        case "no_paper":
            return pgettext("pile", "slip waits (no paper)")
        case "missing":
            return pgettext("pile", "slip waits (no printer)")
        case "failed":
            return pgettext("pile", "no slip – tell IT")
        case _:
            return pgettext("pile", "slip waits")
