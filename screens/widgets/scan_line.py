"""The one line that everything typed ends in (C1). Bursts of a scanner never reach it."""

from __future__ import annotations

from textual import events
from textual.message import Message

from screens.text import ELLIPSIS, paintable, width_of
from screens.widgets.painted import Cells, Painted

LONGEST = 256  # a health card's stripe is 116; nothing that is longer is a code
PROMPT = " ▌ "
CURSOR = "_"


class ScanLine(Painted, can_focus=True):
    """Takes typing while it has the focus: Enter hands it over, Backspace and Ctrl+U take back, Esc clears it.

    Esc on an empty line is left to the screen.
    """

    DEFAULT_CSS = "ScanLine { height: 1; width: 1fr; }"

    class Entered(Message):
        """A code was typed. Its repr shows none: it may be a CPR number."""

        def __init__(self, code: str) -> None:
            super().__init__()
            self.code = code

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""

    @property
    def typed(self) -> str:
        """What stands in the line."""
        return self._typed

    def insert_text_at_end(self, text: str) -> None:
        """Add to what is typed; what goes beyond 256 characters is dropped.

        Args:
            text: control characters are left out.
        """
        self._become((self._typed + "".join(filter(str.isprintable, text)))[:LONGEST])

    def clear(self) -> None:
        """Empty the line."""
        self._become("")

    def cells(self, y: int) -> Cells:
        """Give prompt, text and cursor; of a text that is too long its end."""
        if y:
            return ()
        if not self.has_focus:
            return ((PROMPT, "quiet"), (self._tail(), "quiet"))
        return ((PROMPT, "accent"), (self._tail() + CURSOR, "strong"))

    def _tail(self) -> str:
        text = paintable(self._typed)
        room = self.size.width - len(PROMPT) - len(CURSOR)
        if width_of(text) <= room:
            return text
        while width_of(text) > room - 1:
            text = text[1:]
        return ELLIPSIS + text

    def _become(self, text: str) -> None:
        if text != self._typed:
            self._typed = text
            self.touch()

    def on_key(self, event: events.Key) -> None:
        """Take what is typed; leave other keys to the screen."""
        if event.key == "enter":
            code = self._typed
            self.clear()
            # An empty line is nothing that was typed, and no scan.
            if code.strip():
                self.post_message(self.Entered(code))
        elif event.key == "backspace":
            self._become(self._typed[:-1])
        elif event.key == "ctrl+u" or (event.key == "escape" and self._typed):
            self.clear()
        elif event.is_printable and event.character is not None:
            self.insert_text_at_end(event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line of what is pasted."""
        event.stop()
        event.prevent_default()
        self.insert_text_at_end(event.text.partition("\n")[0])
