"""Asks one thing that letters answer."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from screens.base import DeskDialog
from screens.text import plain


class QuestionDialog(DeskDialog[str | None]):
    """One question. Esc is always «nothing happens»; a scanner's Enter answers nothing (C3)."""

    CSS_PATH = "dialogs.tcss"

    def __init__(self, question: str, answers: tuple[tuple[str, str], ...], *, is_list: bool = False) -> None:
        super().__init__()
        self._question, self._answers = question, answers
        # Many answers stand below each other.
        self._between = "\n" if is_list else "   "

    def compose(self) -> ComposeResult:
        """The question, and the letters below it."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), markup=False)
            answers = self._between.join(f"{letter} {label}" for letter, label in self._answers)
            yield Static(answers, id="said", markup=False)

    def on_key(self, event: events.Key) -> None:
        """A letter that is offered answers; the key goes no further."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        for letter, _label in self._answers:
            if event.character and event.character.casefold() == letter.casefold():
                self.dismiss(letter)
                return
