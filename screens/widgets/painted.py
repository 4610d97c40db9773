"""The base of all widgets here: rows of cells, of which only what has changed is painted.

A scan changes a line and some figures. Textual's stock widgets repaint themselves whole for that (14 kB and 50 ms for
a table); here a row that has changed is repainted up to the last cell that differs, and nothing else is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.text import cut, width_of

# How a cell looks. All of them share the widget's background, so a blank is a blank in every one.
Look = Literal["plain", "strong", "quiet", "look", "stop", "accent"]
Cells = Sequence[tuple[str, Look]]


def fit(cells: Cells, width: int) -> tuple[tuple[str, Look], ...]:
    """Give the cells there is room for, the last one cut; empty ones are left out."""
    fitting: list[tuple[str, Look]] = []
    for text, look in cells:
        shown = cut(text, width)
        if shown:
            fitting.append((shown, look))
            width -= width_of(shown)
    return tuple(fitting)


class Painted(Widget):
    """A widget that paints its own rows. Data is put into segments as it is, so nothing in it is read as markup."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "painted--plain",
        "painted--strong",
        "painted--quiet",
        "painted--look",
        "painted--stop",
        "painted--accent",
    }
    DEFAULT_CSS = """
    Painted {
        color: $foreground;
        .painted--strong { text-style: bold; }
        .painted--quiet { color: $text-muted; }
        .painted--look { color: $text-warning; }
        .painted--stop { color: $text-error; }
        .painted--accent { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[int, tuple[tuple[str, Look], ...]] = {}
        self._looks: dict[Look, Style] = {}

    def cells(self, y: int) -> Cells:
        """Give what row ``y`` says, from the left; the rest of the row is blank.

        Args:
            y: the row inside the widget, 0 at the top.
        """
        return ()

    def lines_text(self) -> list[str]:
        """Give the rows as they read, without trailing blanks."""
        return ["".join(text for text, _ in self._row(y)).rstrip() for y in range(self.size.height)]

    def touch(self, *rows: int) -> None:
        """Repaint what has changed in some rows, or in all when none are named."""
        width, height = self.size
        for y in rows or range(height):
            if not 0 <= y < height:
                continue
            now, before = self._row(y), self._shown.get(y)
            if now != before:
                self._shown[y] = now
                end = width if before is None else _end_of_change(before, now, width)
                if end:
                    # The compositor paints from the widget's left edge whatever region is asked for: only the
                    # right end can be saved.
                    self.refresh(Region(0, y, min(end, width), 1))

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        row = self._shown[y] = self._row(y)
        strip = Strip(Segment.simplify(Segment(text, self._style(look)) for text, look in row))
        return strip.adjust_cell_length(self.size.width, self._style("plain"))

    def _row(self, y: int) -> tuple[tuple[str, Look], ...]:
        return fit(self.cells(y), self.size.width)

    def _style(self, look: Look) -> Style:
        style = self._looks.get(look)
        if style is None:
            style = self._looks[look] = self.get_component_rich_style(f"painted--{look}")
        return style

    def notify_style_update(self) -> None:
        """Forget the colours: another theme, or the focus came or went."""
        self._looks.clear()
        super().notify_style_update()

    def _on_resize(self, _event: events.Resize) -> None:
        self._shown.clear()
        self.refresh()


def _end_of_change(before: Cells, now: Cells, width: int) -> int:
    """Give the cell after the last one that differs between two versions of a row."""
    old, new = _characters(before, width), _characters(now, width)
    same = 0
    for one, other in zip(reversed(old), reversed(new), strict=False):
        if one != other:
            break
        same += 1
    kept = "".join(character for character, _ in new[len(new) - same :])
    return width - width_of(kept)


def _characters(cells: Cells, width: int) -> list[tuple[str, Look]]:
    """Give every character with its look, blanks alike, filled up to the width of the row."""
    characters: list[tuple[str, Look]] = []
    filled = 0
    for text, look in cells:
        filled += width_of(text)
        characters += [(character, "plain" if character == " " else look) for character in text]
    return characters + [(" ", "plain")] * (width - filled)
