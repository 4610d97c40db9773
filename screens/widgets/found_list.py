"""The borrowers a search found, one a line; one of them is chosen. It changes at every key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.texts import pgettext
from screens.text import cut, pad, paintable
from screens.widgets.painted import Cells, Look, Painted

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


class FoundList(Painted):
    """A head, and as many lines as there is room for; the chosen one is always among them."""

    DEFAULT_CSS = "FoundList { height: 1fr; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[FoundLine, ...] = ()
        self._chosen = 0

    @property
    def chosen(self) -> int | None:
        """The place of the chosen line, from 0; None: there are none."""
        return self._chosen if self._lines else None

    def show(self, lines: Sequence[FoundLine]) -> None:
        """Show other lines, the first of them chosen."""
        self._lines, self._chosen = tuple(lines), 0
        self.touch()

    def move(self, step: int) -> None:
        """Choose another line.

        Args:
            step: lines down, negative up; it stops at either end.
        """
        self._chosen = min(max(self._chosen + step, 0), max(len(self._lines) - 1, 0))
        self.touch()

    @property
    def page_size(self) -> int:
        """How many lines there is room for."""
        return max(self.size.height - 1, 1)

    def cells(self, y: int) -> Cells:
        """Give the head or a line; a list that is longer turns its pages."""
        if not self._lines:
            return ()
        if y == 0:
            return self._line("", _head(), is_head=True)
        place = self._chosen // self.page_size * self.page_size + y - 1
        if place >= len(self._lines):
            return ()
        return self._line("►" if place == self._chosen else "", self._lines[place])

    def _line(self, sign: str, line: FoundLine, *, is_head: bool = False) -> Cells:
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
