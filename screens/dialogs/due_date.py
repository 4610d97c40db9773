"""Asks for a due date by hand and why (C6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import _
from desk.wording import one_stop, weekday_date
from screens.base import DeskDialog
from screens.dates import typed_date
from screens.text import cut, paintable, width_of
from screens.widgets.line_field import LineField

WIDTH = 58
"""Cells of a line of the dialog: a title that is longer is cut, never wrapped."""


@dataclass(frozen=True, slots=True)
class AskedDueDate:
    """What was typed; ``day`` is the date as it was typed."""

    due_on: date
    reason: str
    day: str


class DueDateDialog(DeskDialog[AskedDueDate | None]):
    """Date and reason; checks only that the date is one.

    Args:
        title: of the item on loan.
        today: local date.
        said: why what was typed before was refused.
        before: what was typed before, to be put right.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#day"

    day = getters.query_one("#day", Input)
    reason = getters.query_one("#reason", Input)
    said = getters.query_one("#said", Static)

    def __init__(self, title: str, today: date, said: str = "", before: AskedDueDate | None = None) -> None:
        super().__init__()
        self._title, self._today, self._said, self._before = title, today, said, before

    def compose(self) -> ComposeResult:
        """Which loan, two fields and a sentence."""
        day, reason = ("", "") if self._before is None else (self._before.day, self._before.reason)
        with Vertical(classes="dialog"):
            yield Static(self._about(), id="about", markup=False)
            yield Input(day, placeholder=_("Day, for example 24.12."), id="day", max_length=20)
            yield LineField(reason, placeholder=_("Reason"), id="reason", max_length=200)
            yield Static(self._said, id="said", markup=False)
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    def _about(self) -> str:
        about = _('Due date of "{title}"')
        return about.format(title=cut(paintable(self._title), WIDTH - width_of(about.format(title=""))))

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last field it is done."""
        event.stop()
        due_on = typed_date(self.day.value, self._today)
        if due_on is None:
            self.said.update(_("Type a date, for example 24.12."))
            self.day.focus()
        elif not self.reason.value.strip():
            # Said in full, since a day without a year that has just passed is next year's.
            until = one_stop(_("Due by {date}.").format(date=weekday_date(due_on, self._today)))
            self.said.update(_("Give a reason.") if event.input is self.reason else until)
            self.reason.focus()
        else:
            self.dismiss(AskedDueDate(due_on, self.reason.value.strip(), self.day.value))
