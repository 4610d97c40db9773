"""The tabs of a page in one row, each with the key that reaches it: «[1 Udlån 14]  2 Kort 2»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screens.text import ELLIPSIS, cut, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted

SHORT = 8


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its key, its label, and perhaps a number behind it."""

    key: str
    label: str
    count: str = ""


class TabBar(Painted):
    """One row. The tab that is open stands in brackets: not by colour alone (U2). Nothing moves when another opens."""

    DEFAULT_CSS = "TabBar { height: 1; width: 1fr; }"

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

    def cells(self, y: int) -> Cells:
        """Give the row; where it is too long, the longest labels are shortened, that of the open tab last."""
        if y:
            return ()
        tabs, room = list(self._tabs), self.size.width
        while sum(map(_width, tabs)) > room:
            closed = [tab for tab in tabs if tab.key != self._open and width_of(tab.label) > SHORT] or [
                tab for tab in tabs if width_of(tab.label) > SHORT
            ]
            if not closed:
                break
            longest = max(closed, key=lambda tab: width_of(tab.label))
            tabs[tabs.index(longest)] = Tab(longest.key, _short(longest.label), longest.count)
        cells: list[tuple[str, Look]] = []
        for tab in tabs:
            is_open = tab.key == self._open
            words = f" {tab.label}" + (f" {tab.count}" if tab.count else "")
            cells += [
                ("[" if is_open else " ", "strong"),
                (tab.key, "accent"),
                (words, "strong" if is_open else "quiet"),
                ("] " if is_open else "  ", "strong"),
            ]
        return cells


def _short(label: str) -> str:
    return cut(label, SHORT).rstrip(f"{ELLIPSIS} ") + "."


def _width(tab: Tab) -> int:
    return width_of(tab.key) + width_of(tab.label) + (width_of(tab.count) + 1 if tab.count else 0) + 4
