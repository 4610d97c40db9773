"""«Log»: who looked at the borrower, and why; for supervisors (G8)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult, SystemCommand
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import DataTable, Static

from desk.borrowers.records import BorrowerPage
from desk.privacy.records import LogLine
from desk.texts import N_, _, pgettext
from screens.base import DeskScreen
from screens.borrower.log_lines import folded, of_borrower
from screens.widgets.table import Table
from screens.widgets.whole_row import WholeRow


class LogPane(Vertical):
    """The tab. Asks for the log once when it is opened: reading it is a look of its own."""

    TAB: ClassVar[tuple[str, str]] = ("5", N_("Log"))
    DEFAULT_CSS = """
    LogPane {
        height: 1fr;
        #lines { height: 1fr; }
        #note { height: auto; padding: 0 1; color: $text-muted; }
    }
    """

    class LogAsked(Message):
        """The log is to be read."""

    class KeysChanged(Message):
        """There are lines now, or none any more."""

    lines = getters.query_one("#lines", Table)
    note = getters.query_one("#note", Static)
    whole = getters.query_one(WholeRow)

    def __init__(self) -> None:
        super().__init__()
        self._borrower_id: int | None = None
        self._today = date.min
        self._is_asked = False

    def compose(self) -> ComposeResult:
        """The lines, or why there are none."""
        yield Static("", id="note", markup=False)
        headings = (_("When"), _("Who"), _("What"), _("Purpose"), _("Items"), _("Counter"))
        yield Table(headings, gives_way=(4, 5, 1, 2), id="lines")
        yield WholeRow()

    def on_mount(self) -> None:
        """Behind a curtain or a lock somebody else may come back."""
        self.app.screen_change_signal.subscribe(self, self._screen_changed, immediate=True)

    def show(self, page: BorrowerPage, today: date) -> None:
        """Take another borrower's page; the same one's log stays as it was read."""
        self._today = today
        if page.borrower.borrower_id != self._borrower_id:
            self._borrower_id = page.borrower.borrower_id
            self.forget()
            self._ask()

    def fill(self, lines: tuple[LogLine, ...]) -> None:
        """Show the log that was read, the newest first."""
        if not self.is_in_front:
            self.forget()
            return
        self.lines.fill({run.newest.number: of_borrower(run, self._today) for run in folded(lines)})
        self.lines.display = True
        self._say("" if lines else _("Nothing in the log."))
        self.post_message(self.KeysChanged())

    def refuse(self, sentence: str) -> None:
        """Say why there is nothing to read."""
        self._empty()
        self.lines.display = False
        self._say(sentence)

    def forget(self) -> None:
        """Show nothing of the log any more; it is read again when the tab is seen again."""
        self._is_asked = False
        self._empty()
        self._say("")

    def _empty(self) -> None:
        self.lines.fill({})
        self.whole.hide()

    def _say(self, sentence: str) -> None:
        self.note.update(sentence)
        self.note.display = bool(sentence)

    @property
    def is_in_front(self) -> bool:
        """Whether the pane can be seen: no other tab, and nothing over it that hides it."""
        return self.is_attached and self.is_on_screen and not self._is_hidden

    @property
    def _is_hidden(self) -> bool:
        return isinstance(self.app.screen, DeskScreen) and self.app.screen.HIDES

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the key that reads a line to its end; a log is only read."""
        return (("Enter", pgettext("footer", "whole line")),) if self.lines.row_count else ()

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [SystemCommand(_("Whole line"), _("Show all of the line you are on (Enter)"), self.show_whole)]

    @on(DataTable.RowSelected)
    def show_whole(self) -> None:
        """Enter: show all of the line below the table, or hide it again."""
        self.whole.turn(self.lines)

    @on(DataTable.RowHighlighted)
    def go_along(self) -> None:
        """Another line is chosen."""
        self.whole.follow(self.lines)

    def on_show(self) -> None:
        """The tab is opened."""
        self._ask()

    def _ask(self) -> None:
        if not self._is_asked and self._borrower_id is not None and self.is_in_front:
            self._is_asked = True
            self.post_message(self.LogAsked())

    def _screen_changed(self, screen: Screen[object]) -> None:
        if isinstance(screen, DeskScreen) and screen.HIDES:
            self.forget()
        elif screen is self.screen:
            self._ask()
