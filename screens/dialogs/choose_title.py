"""Asks which of several titles is meant."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from desk.reservations.records import FoundTitle
from desk.texts import _
from screens.base import DeskDialog
from screens.widgets.table import Table


class TitleDialog(DeskDialog[FoundTitle | None]):
    """A list. Enter takes the one one is on; a scanner's Enter never gets here (C3)."""

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#titles"

    table = getters.query_one("#titles", Table)

    def __init__(self, found: tuple[FoundTitle, ...]) -> None:
        super().__init__()
        self._found = {title.title_id: title for title in found}

    def compose(self) -> ComposeResult:
        """Question, titles, keys."""
        with Vertical(classes="dialog -wide"):
            yield Static(_("Which title?"), markup=False)
            headings = (_("Title"), _("Author"), _("Year"), _("Copies"), _("Waiting"))
            yield Table(headings, gives_way=(0, 1), id="titles")
            yield Static(_("Enter chooses · Esc back"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Show what was found."""
        self.table.fill({title_id: _row(title) for title_id, title in self._found.items()})

    @on(DataTable.RowSelected)
    def chosen(self, event: DataTable.RowSelected) -> None:
        """Enter: this one."""
        event.stop()
        self.dismiss(None if self.table.chosen is None else self._found.get(self.table.chosen))


def _row(title: FoundTitle) -> tuple[str, ...]:
    year = "" if title.year is None else str(title.year)
    return title.title, title.author, year, str(title.copies), str(title.waiting)
