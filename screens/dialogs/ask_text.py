"""Asks for one line of text."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import _
from screens.base import DeskDialog
from screens.text import plain

LONGEST = 500


class TextDialog(DeskDialog[str | None]):
    """One field. Esc: nothing happens; empty is an answer unless ``needed``; ``said``: why it is asked again."""

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#value"

    said = getters.query_one("#said", Static)

    def __init__(
        self,
        title: str,
        placeholder: str,
        value: str = "",
        *,
        needed: bool = False,
        longest: int = LONGEST,
        said: str = "",
    ) -> None:
        super().__init__()
        self._said = said
        self._title, self._placeholder, self._value = title, placeholder, value
        self._needed, self._longest = needed, longest

    def compose(self) -> ComposeResult:
        """Title, field, keys."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title), markup=False)
            yield Input(plain(self._value), placeholder=self._placeholder, id="value", max_length=self._longest)
            yield Static(plain(self._said), id="said", markup=False)
            yield Static(_("Enter saves · Esc back"), classes="keys", markup=False)

    @on(Input.Submitted)
    def saved(self, event: Input.Submitted) -> None:
        """Enter saves."""
        event.stop()
        if self._needed and not event.value.strip():
            self.said.update(_("Give a reason."))
            return
        self.dismiss(event.value.strip())
