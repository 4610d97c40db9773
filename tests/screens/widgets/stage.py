"""A stage for one widget: a small program with our themes and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from unittest.mock import patch

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from screens.theme import THEMES
from screens.widgets.painted import Painted

WIDE, NARROW = (120, 40), (80, 24)

# What a title, a name or a note may hold when somebody means harm, or comes from elsewhere.
HOSTILE = (
    "Ib [/] Hansen",
    "[@click=app.quit]x",
    "[bold red]x[/bold red]",
    "\x1b[2J\x1b]0;x\x07x",
    "a\u202eb\u2066c",
    "x" * 200,
    "Æble Østers Åse",
    "👍🏽 ❤\ufe0f 👨\u200d👩\u200d👧 🇩🇰",
    "村上春樹『海辺のカフカ』" * 6,
    "a" + "\u0301" * 200,
    "one\ntwo\tthree\r",
    "\ud800x",
    "",
)


class Stage(App[None]):
    """Shows some widgets, one below the other."""

    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget, theme: str = "dark") -> None:
        super().__init__()
        self.widgets = widgets
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield from self.widgets


@asynccontextmanager
async def on_stage(
    *widgets: Widget, size: tuple[int, int] = WIDE, theme: str = "dark", heard: list[Message] | None = None
) -> AsyncIterator[Pilot[None]]:
    """Run a stage with some widgets on it.

    Args:
        widgets: from the top down.
        size: columns and lines of the terminal.
        theme: one of ours.
        heard: where every message goes as well.
    """

    def hear(message: Message) -> None:
        # A message is dispatched once for every widget it bubbles through.
        if heard is not None and not any(message is one for one in heard):
            heard.append(message)

    async with Stage(*widgets, theme=theme).run_test(size=size, message_hook=hear) as pilot:
        await pilot.pause()
        yield pilot


def painted(widget: Painted) -> list[str]:
    """Give the rows as they stand on the terminal: one that nobody asked to repaint is still the old one."""
    return [strip.text.rstrip() for strip in widget.render_lines(widget.size.region)]


def text(widget: Painted) -> str:
    """Give the painted rows as one text."""
    return "\n".join(painted(widget))


def assert_harmless(widget: Painted) -> None:
    """Check that every row fills its width exactly and holds nothing that steers a terminal."""
    for strip in widget.render_lines(widget.size.region):
        assert strip.text.isprintable(), repr(strip.text)
        assert cell_len(strip.text) == strip.cell_length == widget.size.width, repr(strip.text)
        assert not any(segment.style and (segment.style.meta or segment.style.link) for segment in strip)


@contextmanager
def rows_painted(widget: Painted) -> Iterator[list[int]]:
    """Note which rows are painted anew between here and the end of the block."""
    widget.render_lines(widget.size.region)
    rows: list[int] = []
    paint = widget.render_line

    def noted(y: int) -> Strip:
        rows.append(y)
        return paint(y)

    with patch.object(widget, "render_line", noted):
        yield rows
        widget.render_lines(widget.size.region)
