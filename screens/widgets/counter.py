"""The figures of the pile: «12 scannet · 11 klaret · 1 til dig», big enough to see from a metre where there is room."""

from __future__ import annotations

from desk.texts import _
from screens.text import cut, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted

DIGITS = {
    "-": ("   ", "▀▀▀", "   "),
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
}
DIGIT_HEIGHT = 3
DIGIT_WIDTH = 4  # with the gap after it
BIG_HEIGHT = 3 * DIGIT_HEIGHT + 2
# There is always room for three digits, so that the words beside them stay where they are.
WORDS_AT = 3 * DIGIT_WIDTH + 2
FIGURE_WIDTH = 4


class PileCounter(Painted):
    """Scanned, settled and waiting for somebody; always equal to the queue (C2).

    From 11 rows on in big figures, from 3 on a row each, else all in one row.
    """

    DEFAULT_CSS = "PileCounter { height: 1; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._figures = (0, 0, 0)
        self._limit = ""

    def show(self, scanned: int, settled: int, to_you: int, limit: str = "") -> None:
        """Show other figures.

        Args:
            scanned: scans of this pile.
            settled: those that are done with.
            to_you: those that wait for a decision.
            limit: the running count against the borrower's limit, in words: «lån 14/15».
        """
        self._figures = (scanned, settled, to_you)
        self._limit = paintable(limit)
        self.touch()

    def cells(self, y: int) -> Cells:
        """Give a row of the figures."""
        height = self.size.height
        if height >= BIG_HEIGHT:
            return self._big(y)
        if height >= len(self._figures):
            return self._row_each(y)
        return self._one_row() if y == 0 else ()

    def _figure_looks(self) -> tuple[Look, Look, Look]:
        return "strong", "plain", "look" if self._figures[2] else "quiet"

    def _texts(self) -> tuple[str, str, str]:
        scanned, settled, to_you = self._figures
        return (
            _("{count} scanned").format(count=scanned),
            _("{count} settled").format(count=settled),
            _("{count} for you").format(count=to_you),
        )

    def _one_row(self) -> Cells:
        """Put all in one row: set closer, without the limit, with bare figures, as the width asks.

        What waits for somebody is said in words whatever the width.
        """
        texts = self._texts()
        figures = (*(str(count) for count in self._figures[:2]), texts[2])
        whole = (*texts, self._limit) if self._limit else texts
        for said in (whole, texts, figures):
            for between in (" · ", "  ", " "):
                if width_of(between.join(said)) <= self.size.width:
                    cells: list[tuple[str, Look]] = [(between, "quiet")] * (2 * len(said) - 1)
                    cells[::2] = zip(said, (*self._figure_looks(), "plain"), strict=False)
                    return cells
        return ((texts[2], self._figure_looks()[2]),)

    def _row_each(self, y: int) -> Cells:
        if y < len(self._figures):
            blank = " " * (FIGURE_WIDTH - len(str(self._figures[y])))
            return ((cut(blank + self._texts()[y], self.size.width), self._figure_looks()[y]),)
        return self._limit_row(y, len(self._figures), " " * (FIGURE_WIDTH + 1))

    def _big(self, y: int) -> Cells:
        which, row = divmod(y, DIGIT_HEIGHT + 1)
        if which >= len(self._figures):
            return self._limit_row(y, BIG_HEIGHT + 1, " " * WORDS_AT)
        if row == DIGIT_HEIGHT:
            return ()
        text = " ".join(DIGITS[digit][row] for digit in str(self._figures[which])).rjust(WORDS_AT - 2)
        if row == 1:
            # Again in words: a drawn figure says nothing to a screen reader.
            text += "  " + self._texts()[which]
        return ((cut(text, self.size.width), self._figure_looks()[which]),)

    def _limit_row(self, y: int, limit_row: int, before: str) -> Cells:
        if y != limit_row or not self._limit:
            return ()
        return ((before + cut(self._limit, self.size.width - len(before)), "plain"),)
