"""The borrower above the pile: who, and what has to be known before lending (C12: nothing else)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.geometry import Size

from desk.texts import _
from screens.text import ELLIPSIS, cut, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted

GAP = 3
MARGIN = 1
LEAST_HEIGHT = 3
MOST_HEIGHT = 6
BETWEEN = " · "


@dataclass(frozen=True, slots=True, repr=False)
class Warning_:  # noqa: N801  (Warning is Python's own)
    """Something to know before lending: «stop» for a block, «look» for a note."""

    text: str
    tone: Literal["look", "stop"]


@dataclass(frozen=True, slots=True, repr=False)
class Strip:
    """What the strip says of a borrower. Its repr shows no name.

    Attributes:
        facts: age group, borrower group, end of the card's number.
        warnings: the worst first.
        aside: at the right edge, a row each: «mellemværende 60,00 kr.».
        lasting: more facts, which never give way: beside the others where there is room, else on a row below them.
    """

    name: str
    facts: tuple[str, ...]
    warnings: tuple[Warning_, ...] = ()
    aside: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()


class BorrowerStrip(Painted):
    """The borrower whose visit is open, or the invitation to scan a card.

    Three rows, and as many more as the warnings need to be read to their end. It changes its height with the borrower
    only, when the pile is empty anyway.
    """

    DEFAULT_CSS = "BorrowerStrip { height: auto; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._strip: Strip | None = None

    def show(self, strip: Strip | None) -> None:
        """Show another borrower.

        Args:
            strip: None when nobody's visit is open.
        """
        self._strip = strip
        self.touch()
        width, height = self.size
        if self.styles.is_auto_height and self._height(width) != height:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Give the rows that name and warnings take."""
        return self._height(width)

    def _height(self, width: int) -> int:
        return max(LEAST_HEIGHT, 1 + len(self._below(width, MOST_HEIGHT - 1)))

    def cells(self, y: int) -> Cells:
        """Give a row: name and facts first, then the warnings."""
        width = self.size.width - MARGIN
        if self._strip is None:
            return ((" " + cut(_("Scan a library card."), width - 1), "plain"),) if y == 0 else ()
        asides = self._asides(self.size.width)
        aside = asides[y] if y < len(asides) else ""
        if y == 0:
            left = self._who(self._room(self.size.width, asides[:1]))
        else:
            rows = self._below(self.size.width, self.size.height - 1)
            left = rows[y - 1] if y <= len(rows) else ()
        taken = MARGIN + sum(width_of(text) for text, _look in left)
        return ((" ", "plain"), *left, (" " * (width - taken - width_of(aside)), "plain"), (aside, "plain"))

    def _asides(self, width: int) -> list[str]:
        return [] if self._strip is None else [cut(paintable(text), width // 2) for text in self._strip.aside]

    def _room(self, width: int, beside: Sequence[str]) -> int:
        """Give what rows have left of texts at their right edge; rows that flow on have all the same room."""
        widest = max(map(width_of, beside), default=0)
        return width - 2 * MARGIN - (widest + GAP if widest else 0)

    def _who(self, room: int) -> Cells:
        """Give name and facts; the facts give way first."""
        strip = self._strip
        if strip is None:
            return ()
        name = cut(paintable(strip.name), room)
        left = room - width_of(name) - GAP
        facts = self._facts(room)[0]
        if left <= 0 or not facts:
            return ((name, "strong"),)
        return ((name, "strong"), (" " * GAP, "plain"), (cut(facts, left), "quiet"))

    def _facts(self, room: int) -> tuple[str, str]:
        """Give the facts beside the name and those below it. Facts that last are never cut to make room for a name."""
        strip = self._strip
        if strip is None:
            return "", ""
        left = room - width_of(paintable(strip.name)) - GAP
        beside, below = (BETWEEN.join(map(paintable, some)) for some in (strip.facts, strip.lasting))
        everything = BETWEEN.join(filter(None, (beside, below)))
        if not below or width_of(everything) <= left:
            return everything, ""
        return (beside, below) if width_of(beside) <= left else ("", everything)

    def _below(self, width: int, rows: int) -> list[Cells]:
        """Give each warning a row; where they are too many or too long, let them flow, so that none goes unsaid."""
        asides = self._asides(width)
        room = self._room(width, asides[1:])
        warnings = () if self._strip is None else self._strip.warnings
        said: list[tuple[str, Look]] = [(paintable(warning.text), warning.tone) for warning in warnings]
        facts = self._facts(self._room(width, asides[:1]))[1]
        first: list[Cells] = [((cut(facts, room), "quiet"),)] if facts else []
        rows -= len(first)
        if len(said) <= rows and all(width_of(text) <= room for text, _look in said):
            return [*first, *((one,) for one in said)]
        return first + _flow(said, room, rows)


def _flow(said: Sequence[tuple[str, Look]], room: int, rows: int) -> list[Cells]:
    """Run texts on behind each other over some rows; what does not fit even so ends in …."""
    words: list[tuple[str, Look]] = []
    for text, look in said:
        words += [(BETWEEN.strip(), "quiet")] if words else []
        words += [(word, look) for word in text.split()]
    flowed: list[list[tuple[str, Look]]] = [[]]
    used = 0
    for n, (word, look) in enumerate(words):
        if used and used + 1 + width_of(word) > room - (n + 1 < len(words) and len(flowed) == rows) * 2:
            if len(flowed) == rows:
                flowed[-1].append((" " + ELLIPSIS, look))
                break
            flowed.append([])
            used = 0
        text = " " + word if used else cut(word, room - 2)
        flowed[-1].append((text, look))
        used += width_of(text)
    return list(flowed)
