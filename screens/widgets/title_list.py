"""The titles a search found, one a line; one of them is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from desk.texts import pgettext
from screens.text import cut, pad, paintable
from screens.widgets.choice_list import ChoiceList
from screens.widgets.painted import Cells, Look

SIGN = 3  # « ► »
GAP = "  "
YEAR = 4
COUNT = 6  # «hjemme»
MARGIN = 1


@dataclass(frozen=True, slots=True)
class TitleLine:
    """One line, worded by the screen.

    Attributes:
        year: as it is read, or empty.
        copies: how many there are.
        available: how many of them are at home.
    """

    title: str
    author: str
    year: str
    copies: str
    available: str


class TitleList(ChoiceList[TitleLine]):
    """The titles; title and author share what room the figures leave."""

    DEFAULT_CSS = "TitleList { height: 1fr; width: 1fr; }"

    def head(self) -> TitleLine:
        """Give the headings."""
        return TitleLine(
            pgettext("column", "Title"),
            pgettext("column", "Author"),
            pgettext("column", "Year"),
            pgettext("column", "Copies"),
            pgettext("column", "Home"),
        )

    def line_cells(self, sign: str, line: TitleLine, *, is_head: bool) -> Cells:
        """Give a title's cells."""
        tail = YEAR + 2 * COUNT + 4 * len(GAP)
        room = max(self.size.width - SIGN - tail - MARGIN, 0)
        title = room * 60 // 100
        parts = (
            pad(paintable(line.title), title),
            pad(paintable(line.author), room - title),
            pad(line.year, YEAR),
            cut(line.copies, COUNT).rjust(COUNT),
            cut(line.available, COUNT).rjust(COUNT),
        )
        look: Look = "quiet" if is_head else "strong" if sign else "plain"
        return ((pad(f" {sign}", SIGN), "accent"), (GAP.join(parts), look))
