"""A filled band across the screen, for what nobody may overlook: «IKKE GEMT – stop scanning» (C2)."""

from __future__ import annotations

from typing import Literal

from screens.text import cut, paintable, width_of
from screens.widgets.painted import Cells, Painted


class Band(Painted):
    """One row, not there at all while it has nothing to say."""

    DEFAULT_CSS = """
    Band {
        height: 1;
        width: 1fr;
        display: none;
        background: $stop-fill;
        color: $stop-fill-text;
        &.-look { background: $look-fill; color: $look-fill-text; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def show(self, text: str, tone: Literal["look", "stop"] = "stop") -> None:
        """Say something, or with an empty text nothing.

        Args:
            text: at most 60 characters fit at 80 columns.
            tone: «stop» when nothing may be scanned, «look» when work goes on («OFFLINE siden 10.42»).
        """
        self._text = paintable(text)
        self.set_class(tone == "look", "-look")
        self.display = bool(text)
        self.touch()

    def cells(self, y: int) -> Cells:
        """Give the text in the middle."""
        if y:
            return ()
        text = cut(self._text, self.size.width)
        return ((" " * ((self.size.width - width_of(text)) // 2) + text, "strong"),)
