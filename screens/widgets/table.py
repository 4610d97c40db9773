"""A list of rows for what changes seldom: dates and states whole, the long texts cut to what room is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.widgets import DataTable

from screens.text import cut, paintable, width_of

LEAST = 8
"""Cells that a column which gives way keeps, at least."""


class Table(DataTable[Text]):
    """A DataTable whose cells are data as it is, never markup, and whose columns fit the width.

    Args:
        headings: of the columns.
        gives_way: the columns that are cut when a row would be too long, one after the other.
        id: the widget's.
    """

    DEFAULT_CSS = "Table { scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; height: auto; }"

    def __init__(self, headings: Sequence[str], gives_way: tuple[int, ...], id: str) -> None:
        super().__init__(id=id, cursor_type="row")
        self._headings = tuple(headings)
        self._gives_way = gives_way
        self._texts: list[tuple[str, ...]] = []
        self._looks: list[str] = []
        self._ids: tuple[int, ...] = ()
        # Where the cursor goes once there is a width; None: it stays.
        self._first_row: int | None = None

    def fill(
        self, rows: Mapping[int, Sequence[str]], choose: int | None = None, looks: Mapping[int, str] | None = None
    ) -> None:
        """Show other rows; the cursor stays on the row it is on, wherever that has gone.

        Args:
            rows: from the top, by the id of what each is about.
            choose: the id of the row the cursor goes to; None: it stays.
            looks: the style of rows that are not as the others; what it says is in their words too.
        """
        before = choose
        if before is None:
            before = self._ids[self.cursor_row] if self.cursor_row < len(self._ids) else None
        self._ids = tuple(rows)
        self._looks = [(looks or {}).get(one, "") for one in self._ids]
        self._texts = [tuple(map(paintable, row)) for row in rows.values()]
        self._lay_out(self._ids.index(before) if before in self._ids else self.cursor_row)

    @property
    def chosen(self) -> int | None:
        """The id of the row the cursor is on; None: there are no rows."""
        return self._ids[self.cursor_row] if 0 <= self.cursor_row < len(self._ids) else None

    @property
    def chosen_row(self) -> tuple[tuple[str, str], ...]:
        """The whole row the cursor is on, each text behind its heading; empty: there are no rows."""
        if self.chosen is None:
            return ()
        return tuple(zip(self._headings, self._texts[self.cursor_row], strict=True))

    def on_resize(self) -> None:
        """Fit the columns to the width."""
        self._lay_out(self.cursor_row if self._first_row is None else self._first_row)

    def _lay_out(self, row: int) -> None:
        width = self.scrollable_content_region.width
        if not width:
            self._first_row = row
            return
        self._first_row = None
        columns = list(zip(self._headings, *self._texts, strict=True))
        widths = [max(map(width_of, column)) for column in columns]
        too_long = sum(widths) + 2 * self.cell_padding * len(widths) - width
        for place in self._gives_way:
            less = max(0, min(too_long, widths[place] - LEAST))
            widths[place] -= less
            too_long -= less
        self.clear(columns=True)
        for heading, wide in zip(self._headings, widths, strict=True):
            self.add_column(Text(cut(heading, wide)), width=wide)
        for texts, look in zip(self._texts, self._looks, strict=True):
            self.add_row(*(Text(cut(text, wide), look) for text, wide in zip(texts, widths, strict=True)))
        self.move_cursor(row=min(row, max(0, len(self._texts) - 1)))
