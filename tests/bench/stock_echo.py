"""What a scan costs with Textual's own widgets and nothing behind them: an Input, and a DataTable that it echoes to."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Input


def title_of(code: str) -> str:
    """Make up the title that a code is echoed with."""
    return f"Ekko {int(code[-6:]):06d}"


class StockEcho(App[None]):
    """Echoes codes."""

    def compose(self) -> ComposeResult:
        """Lay out table and line."""
        yield DataTable()
        yield Input()

    def on_mount(self) -> None:
        """Give the table the pile's columns."""
        self.query_one(DataTable).add_columns("#", "Titel", "Forfatter", "Afleveres", "Bemærkning")
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add a line and follow it."""
        table = self.query_one(DataTable)
        table.add_row(str(table.row_count + 1), title_of(event.value), "En forfatter", "24. okt.", "")
        table.move_cursor(row=table.row_count - 1)
        event.input.clear()


if __name__ == "__main__":
    StockEcho().run()
