"""The tabs of a page, each with the key that reaches it: «[1 Udlån 14]  2 Kort 2»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size

from screens.text import paintable, width_of
from screens.widgets.painted import Cells, Look, Painted


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its key, its label, and perhaps a number behind it."""

    key: str
    label: str
    count: str = ""

    @property
    def words(self) -> str:
        """Label and number."""
        return f"{self.label} {self.count}" if self.count else self.label

    @property
    def width(self) -> int:
        """The cells it takes, with the brackets it may stand in and the blank behind them."""
        return width_of(self.key) + width_of(self.words) + 4


class TabBar(Painted):
    """One row, or two where the tabs are too many for one: a label is never shortened.

    The tab that is open stands in brackets: not by colour alone (U2). Nothing moves when another opens.
    """

    DEFAULT_CSS = "TabBar { height: auto; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._tabs: tuple[Tab, ...] = ()
        self._open = ""

    def show(self, tabs: Sequence[Tab], open_: str) -> None:
        """Show the tabs.

        Args:
            tabs: from the left.
            open_: the key of the one that is open.
        """
        self._tabs = tuple(Tab(tab.key, paintable(tab.label), paintable(tab.count)) for tab in tabs)
        self._open = open_
        self.touch()
        width, height = self.size
        if len(self._rows(width)) != height:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Give the rows that the tabs take."""
        return len(self._rows(width))

    def _rows(self, width: int) -> list[list[Tab]]:
        rows: list[list[Tab]] = [[]]
        for tab in self._tabs:
            if rows[-1] and sum(one.width for one in rows[-1]) + tab.width > width:
                rows.append([])
            rows[-1].append(tab)
        return rows

    def cells(self, y: int) -> Cells:
        """Give a row of tabs."""
        rows = self._rows(self.size.width)
        cells: list[tuple[str, Look]] = []
        for tab in rows[y] if y < len(rows) else ():
            is_open = tab.key == self._open
            cells += [
                ("[" if is_open else " ", "strong"),
                (tab.key, "accent"),
                (" " + tab.words, "strong" if is_open else "quiet"),
                ("] " if is_open else "  ", "strong"),
            ]
        return cells
