"""Lines of which one is chosen, under a head: what a search found. It changes at every key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from screens.widgets.painted import Cells, Painted

L = TypeVar("L")


class ChoiceList(Painted, Generic[L]):
    """A head, and as many lines as there is room for; the chosen one is always among them."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[L, ...] = ()
        self._chosen = 0

    def head(self) -> L:
        """Give the headings, as a line."""
        raise NotImplementedError

    def line_cells(self, sign: str, line: L, *, is_head: bool) -> Cells:
        """Give a line's cells.

        Args:
            sign: what stands before it: «►» before the chosen one.
            line: the line.
            is_head: it holds the headings.
        """
        raise NotImplementedError

    @property
    def chosen(self) -> int | None:
        """The place of the chosen line, from 0; None: there are none."""
        return self._chosen if self._lines else None

    def show(self, lines: Sequence[L]) -> None:
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
            return self.line_cells("", self.head(), is_head=True)
        place = self._chosen // self.page_size * self.page_size + y - 1
        if place >= len(self._lines):
            return ()
        return self.line_cells("►" if place == self._chosen else "", self._lines[place], is_head=False)
