"""Asks one thing that letters answer."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from desk.texts import _
from screens.base import DeskDialog
from screens.dialogs.help import HelpDialog, help_for
from screens.text import plain


class QuestionDialog(DeskDialog[str | None]):
    """One question. Esc is always «nothing happens»; a scanner's Enter answers nothing (C3).

    Args:
        question: what is asked.
        answers: a letter and a label each.
        help_of: what F1 explains; empty: nothing more than the question says.
    """

    CSS_PATH = "dialogs.tcss"

    def __init__(
        self, question: str, answers: tuple[tuple[str, str], ...], *, is_list: bool = False, help_of: str = ""
    ) -> None:
        super().__init__()
        self._question, self._answers, self._help = question, answers, help_of
        # Many answers stand below each other.
        self._between = "\n" if is_list else "   "

    def compose(self) -> ComposeResult:
        """The question, and the letters below it."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), markup=False)
            answers = self._between.join(f"{letter} {label}" for letter, label in self._answers)
            yield Static(answers, id="said", markup=False)
            yield Static(_("Esc back · F1 help") if self._help else _("Esc back"), classes="keys", markup=False)

    def on_key(self, event: events.Key) -> None:
        """A letter that is offered answers; the key goes no further."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        if event.key == "f1" and self._help:
            self.app.push_screen(HelpDialog(*help_for(self._help)))
            return
        for letter, _label in self._answers:
            if event.character and event.character.casefold() == letter.casefold():
                self.dismiss(letter)
                return
