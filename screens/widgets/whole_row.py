"""Below a table: the chosen row whole, for a terminal whose columns cut it."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from screens.text import width_of
from screens.widgets.table import Table


class WholeRow(Static):
    """Hidden until it is asked for; then it goes where the cursor goes."""

    DEFAULT_CSS = """
    WholeRow { height: auto; max-height: 10; margin: 1 0 0 0; padding: 0 1; background: $surface; overflow-y: auto; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.display = False

    def turn(self, table: Table) -> None:
        """Show a table's chosen row, or hide it again."""
        self.display = not self.display
        self.follow(table)

    def follow(self, table: Table) -> None:
        """Show the row the cursor is on now, if it is asked for; without a row there is nothing to show."""
        row = table.chosen_row
        if not row:
            self.hide()
        elif self.display:
            room = max(width_of(heading) for heading, _text in row) + 2
            lines = [Text.assemble((heading + " " * (room - width_of(heading)), "dim"), text) for heading, text in row]
            self.update(Text("\n").join(lines))

    def hide(self) -> None:
        """Hold nothing of a row any more."""
        self.display = False
        self.update("")
