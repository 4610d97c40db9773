"""Reads an e-mail address back before it is saved: letter by letter, as large as a terminal can."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from desk.newsletter.rules import spelled
from desk.texts import _, pgettext
from screens.dialogs.question import QuestionDialog
from screens.text import plain

SUBSCRIBE, CORRECT = "T", "R"


class ReadBackDialog(QuestionDialog):
    """Is it right? ``SUBSCRIBE`` or ``CORRECT``; Esc: nothing happens.

    Args:
        email: as it would be saved.
        name: whose it is; empty: nobody said.
    """

    def __init__(self, email: str, name: str) -> None:
        answers = ((SUBSCRIBE, pgettext("answer", "subscribe")), (CORRECT, pgettext("answer", "correct")))
        super().__init__(_("Read the address aloud. Is it right?"), answers)
        self._email, self._name = email, name

    def compose(self) -> ComposeResult:
        """The question, the address and the name, and the letters below."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            for part in spelled(plain(self._email)).split("\n"):
                yield Static(part, classes="large", markup=False)
            yield Static(plain(self._email), id="email", markup=False)
            yield Static(plain(self._name), id="name", markup=False)
            answers = "   ".join(f"{letter} {label}" for letter, label in self._answers)
            yield Static(answers, id="said", markup=False)
            yield Static(_("Esc back"), classes="keys", markup=False)
