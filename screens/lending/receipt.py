"""The receipt on the counter's own screen (C13): what was lent and when it is due, and of whom it is, nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from desk.installation import now
from desk.texts import _, ngettext
from desk.wording import weekday_date
from screens.text import cut, paintable

if TYPE_CHECKING:
    from desk.circulation.records import LoanRecord

AGAIN_WITHIN = timedelta(minutes=2)
MOST_LINES = 8
MOST_ROWS = 14
"""Rows of a print that are shown on a small terminal, beside what else has to be seen."""
TITLE_WIDTH = 50


@dataclass(frozen=True, slots=True)
class Receipt:
    """Titles with their due dates, and when the visit ended. No name, no note."""

    lines: tuple[tuple[str, date], ...] = field(repr=False)
    at: datetime

    def is_of_now(self, at: datetime) -> bool:
        """Whether it may still be shown again: as long as the last borrower may be brought back."""
        return at - self.at <= AGAIN_WITHIN


def receipt_of(loans: Iterable[LoanRecord], at: datetime) -> Receipt | None:
    """Make the receipt of a visit's loans; None: nothing was lent."""
    lines = tuple((loan.item.title, loan.due_on) for loan in loans)
    return Receipt(lines, at) if lines else None


def receipt_text(receipt: Receipt | str, today: date) -> str:
    """Word a receipt, a line a title; of a long one the rest is counted. One that is a text is as it prints."""
    if isinstance(receipt, str):
        rows = [paintable(line) for line in receipt.splitlines()]
        left = len(rows) - MOST_ROWS
        if left > 0:
            rows[MOST_ROWS:] = [
                ngettext("… and {count} more line", "… and {count} more lines", left).format(count=left)
            ]
        return "\n".join(rows)
    lines = [_("Receipt")]
    for title, due_on in receipt.lines[:MOST_LINES]:
        named = cut(paintable(title), TITLE_WIDTH)
        lines.append(_("{title} – due by {date}").format(title=named, date=weekday_date(due_on, today)))
    more = len(receipt.lines) - MOST_LINES
    if more > 0:
        lines.append(ngettext("… and {count} more", "… and {count} more", more).format(count=more))
    return "\n".join(lines)


class ReceiptAtCounter:
    """The receipt that is on the screen, and the latest one, which can be shown again for a while."""

    def __init__(self) -> None:
        self.kind = "none"
        self.now: Callable[[], datetime] = now
        self.shown: Receipt | str | None = None
        self._latest: Receipt | None = None
        self._job_id = ""

    def visit_ended(self, loans: Iterable[LoanRecord]) -> None:
        """A visit has ended, and nobody else's has begun: keep its receipt, and show it if it is to be."""
        self._job_id = ""
        if self.kind != "none":
            self._latest = receipt_of(loans, self.now())
            self.shown = self._latest if self.kind == "screen" else None

    def spooled(self, job_id: str) -> None:
        """The latest receipt waits for the printer; behind the scans, so that another visit may have begun."""
        if self._latest is not None:
            self._job_id = job_id

    def is_latest(self, job_id: str) -> bool:
        """Tell whether a job is the latest receipt, and nobody else's visit has begun since."""
        return bool(job_id) and job_id == self.printed_job

    @property
    def printed_job(self) -> str:
        """The latest receipt's job in the spool; empty: there is none any more, or it was not for paper."""
        return self._job_id if self.latest is not None else ""

    @property
    def latest(self) -> Receipt | None:
        """The latest receipt, as long as it may be shown again; nobody else's visit has begun since."""
        return self._latest if self._latest is not None and self._latest.is_of_now(self.now()) else None

    def show_again(self) -> bool:
        """Show the latest receipt once more; tells whether there was one."""
        self.shown = self.latest
        return self.shown is not None

    def show_print(self, text: str) -> bool:
        """Show the latest receipt as it prints; not when another visit has begun while it was read."""
        self.shown = text if text and self.printed_job else None
        return self.shown is not None

    def put_away(self) -> bool:
        """Take the receipt off the screen; tells whether there was one on it."""
        was_shown, self.shown = self.shown is not None, None
        return was_shown

    def forget(self) -> None:
        """Somebody else's visit begins: nothing of the last one stays (C7)."""
        self.shown = self._latest = None
        self._job_id = ""
