"""Shows what a message said, and until when that is kept (P6)."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from desk.messages.records import MessageText
from desk.messages.words import channel_words, kind_words, state_words
from desk.texts import _
from screens.base import DeskDialog
from screens.borrower.goes_words import content_words
from screens.text import paintable


class MessageDialog(DeskDialog[None]):
    """Kind, channel and state; the subject and the text; when they go. Esc closes it.

    Args:
        text: the message; its text is empty when it has not been sent yet, or has gone.
        today: local date.
    """

    CSS_PATH = "dialogs.tcss"

    def __init__(self, text: MessageText, today: date) -> None:
        super().__init__()
        self._text, self._today = text, today

    def compose(self) -> ComposeResult:
        """What it is, what it said, when that goes."""
        record = self._text.record
        state = state_words(record.state, record.problem)
        with Vertical(classes="dialog"):
            yield Static(
                paintable(f"{kind_words(record.kind)} · {channel_words(record.channel)} · {state}"), markup=False
            )
            with VerticalScroll(id="text", can_focus=True):
                if self._text.subject:
                    yield Static(paintable(self._text.subject), id="subject", markup=False)
                for line in self._lines():
                    yield Static(paintable(line) or " ", markup=False)
            yield Static(content_words(record, self._today), id="said", markup=False)
            yield Static(_("Esc back"), classes="keys", markup=False)

    def _lines(self) -> list[str]:
        record = self._text.record
        if self._text.body:
            return self._text.body.rstrip("\n").split("\n")
        if not record.has_content:
            return [_("The content has been deleted after 30 days.")]
        return [_("The text is made when the message is sent.")]
