"""The borrowers a search found, one a line; one of them is chosen. It changes at every key."""

from __future__ import annotations

from dataclasses import dataclass

from desk.texts import pgettext
from screens.text import cut, pad, paintable
from screens.widgets.choice_list import ChoiceList
from screens.widgets.painted import Cells, Look

SIGN = 3  # « ► »
GAP = "  "
YEAR = 4
GROUP = 14
STATE = 8  # «blokeret»
NUMBER = 9  # «4829 1173»
MARGIN = 1
NUMBER_FROM = 100  # below that there is no room for it


@dataclass(frozen=True, slots=True, repr=False)
class FoundLine:
    """One line, worded by the screen. Its repr shows no name.

    Attributes:
        born: the year, or empty.
        street: empty when it is protected.
        state: «blokeret», or empty.
        number: the lånernummer as it is read.
    """

    name: str
    born: str
    street: str
    group: str
    state: str
    number: str


class FoundList(ChoiceList[FoundLine]):
    """The borrowers, with as many columns as there is room for."""

    DEFAULT_CSS = "FoundList { height: 1fr; width: 1fr; }"

    def head(self) -> FoundLine:
        """Give the headings."""
        return _head()

    def line_cells(self, sign: str, line: FoundLine, *, is_head: bool) -> Cells:
        """Give a borrower's cells."""
        number = self.size.width >= NUMBER_FROM
        tail = YEAR + GROUP + STATE + 4 * len(GAP) + (NUMBER + len(GAP) if number else 0)
        room = max(self.size.width - SIGN - tail - MARGIN, 0)
        name = room * 55 // 100
        parts = [
            pad(paintable(line.name), name),
            pad(line.born, YEAR),
            pad(paintable(line.street), room - name),
            pad(paintable(line.group), GROUP),
        ]
        if number:
            parts.append(pad(line.number, NUMBER))
        look: Look = "quiet" if is_head else "strong" if sign else "plain"
        return (
            (pad(f" {sign}", SIGN), "accent"),
            (GAP.join(parts) + GAP, look),
            (cut(line.state, STATE), "quiet" if is_head else "stop"),
        )


def _head() -> FoundLine:
    return FoundLine(
        pgettext("column", "Name"),
        pgettext("column", "Born"),
        pgettext("column", "Street"),
        pgettext("column", "Group"),
        "",
        pgettext("column", "Number"),
    )
