"""One line of free text, wherever somebody may paste into it."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input


class LineField(Input):
    """One line of text that says when there is no room for more; several pasted lines become one.

    A stock field takes the first of several lines and drops the rest unsaid.
    """

    class Full(Message):
        """What was typed or pasted has no room: the field is as it was."""

    def restricted(self) -> None:
        """Sound, and say why."""
        super().restricted()
        self.post_message(self.Full())

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        pasted = " ".join(event.text.split())
        if pasted:
            self.replace(pasted, *self.selection)
