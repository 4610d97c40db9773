"""Bars of block characters, each with its figure beside it: what happened, seen at a glance (U3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from textual import events
from textual.binding import Binding, BindingType

from desk.texts import _, ngettext
from desk.wording import number
from screens.text import pad, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted

EIGHTHS = " ▏▎▍▌▋▊▉█"
MARGIN, GAP = 1, 2
# A cell is a bar and a figure: with less than this beside the figure a bar says nothing.
LEAST_BAR = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a label and a figure for each column; None is hidden, and has no bar."""

    label: str
    figures: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Bars under one heading, all of one scale, so that they can be compared."""

    title: str
    columns: tuple[str, ...]
    bars: tuple[Bar, ...]


Row: TypeAlias = tuple[Section, Bar | None] | None


def bar_of(count: int, most: int, width: int) -> str:
    """Draw a bar, to an eighth of a cell; whatever is more than nought is seen.

    Args:
        count: what it stands for.
        most: what a bar of the whole width stands for.
        width: cells.
    """
    if count <= 0 or width <= 0:
        return ""
    eighths = max(1, round(count * width * 8 / most))
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


class Bars(Painted, can_focus=True):
    """Sections of bars, one below the other; what does not fit is reached by the arrow keys."""

    DEFAULT_CSS = "Bars { height: 1fr; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_by(-1)", id="bars.up", show=False),
        Binding("down", "scroll_by(1)", id="bars.down", show=False),
        Binding("pageup", "scroll_pages(-1)", id="bars.page_up", show=False),
        Binding("pagedown", "scroll_pages(1)", id="bars.page_down", show=False),
        Binding("home", "scroll_by(-100000)", id="bars.home", show=False),
        Binding("end", "scroll_by(100000)", id="bars.end", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self._label_width = 0
        self._first = 0

    def show(self, sections: Sequence[Section], *, from_top: bool = True) -> None:
        """Show other bars.

        Args:
            sections: from the top.
            from_top: or else one stays where one has scrolled to.
        """
        rows: list[Row] = []
        for section in sections:
            rows += [None, (section, None), *((section, bar) for bar in section.bars)]
        self._rows = tuple(rows[1:])
        labels = [text for section in sections for text in (section.title, *(bar.label for bar in section.bars))]
        self._label_width = max(map(width_of, map(paintable, labels)), default=0)
        self._first = 0 if from_top else min(self._first, self._last_first)
        self.touch()

    @property
    def _last_first(self) -> int:
        return max(0, len(self._rows) - self.size.height + 1) if len(self._rows) > self.size.height else 0

    def action_scroll_by(self, rows: int) -> None:
        """Go up or down by rows."""
        self._first = max(0, min(self._first + rows, self._last_first))
        self.touch()

    def action_scroll_pages(self, pages: int) -> None:
        """Go up or down by pages."""
        self.action_scroll_by(pages * max(1, self.size.height - 2))

    def on_resize(self, _event: events.Resize) -> None:
        """Stay inside."""
        self._first = min(self._first, self._last_first)

    def cells(self, y: int) -> Cells:
        """Give a row; the last one says how many more there are, while there are."""
        place = self._first + y
        more = len(self._rows) - place
        if y == self.size.height - 1 and more > 1:
            said = ngettext("↓ {n} more row", "↓ {n} more rows", more).format(n=more)
            return ((" " * MARGIN + said, "quiet"),)
        row = self._rows[place] if place < len(self._rows) else None
        return () if row is None else self._cells_of(*row)

    def _cells_of(self, section: Section, bar: Bar | None) -> Cells:
        width = self.size.width - 2 * MARGIN - self._label_width
        each = max(0, width // max(1, len(section.columns))) - GAP
        figure_width = self._figure_width(section)
        title = bar.label if bar is not None else section.title
        cells: list[tuple[str, Look]] = [(" " * MARGIN, "plain")]
        cells.append((pad(paintable(title), self._label_width), "strong" if bar is None else "plain"))
        if bar is None:
            cells += [(" " * GAP + pad(paintable(column), each), "quiet") for column in section.columns]
            return cells
        most = max((figure for one in section.bars for figure in one.figures if figure is not None), default=0)
        for figure in bar.figures:
            told = _told(figure)
            cells.append((" " * (GAP + figure_width - width_of(told)) + told, "plain" if figure else "quiet"))
            room = each - figure_width - 1
            drawn = bar_of(figure or 0, most, room) if room >= LEAST_BAR else ""
            cells.append((" " + pad(drawn, room) if room > 0 else "", "accent"))
        return cells

    def _figure_width(self, section: Section) -> int:
        return max((width_of(_told(figure)) for bar in section.bars for figure in bar.figures), default=0)


def _told(figure: int | None) -> str:
    return _("hidden") if figure is None else number(figure)
