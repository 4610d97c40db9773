"""Asks for one line of text."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import _, ngettext
from screens.base import DeskDialog
from screens.text import plain
from screens.widgets.line_field import LineField

LONGEST = 500


class TextDialog(DeskDialog[str | None]):
    """One field. Esc: nothing happens; empty is an answer unless ``needed``.

    Args:
        said: why it is asked again.
        saves: whether nothing more is asked.
    """

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
        saves: bool = True,
    ) -> None:
        super().__init__()
        self._said, self._saves = said, saves
        self._title, self._placeholder, self._value = title, placeholder, value
        self._needed, self._longest = needed, longest
        # Something had no room, and nothing has been typed since: Enter must not save as if nothing had been meant.
        self._is_full = False

    def compose(self) -> ComposeResult:
        """Title, field, keys."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title), markup=False)
            yield LineField(plain(self._value), placeholder=self._placeholder, id="value", max_length=self._longest)
            yield Static(plain(self._said), id="said", markup=False)
            keys = _("Enter saves · Esc back") if self._saves else _("Enter goes on · Esc back")
            yield Static(keys, classes="keys", markup=False)

    @on(LineField.Full)
    def no_room(self) -> None:
        """Say that what was typed or pasted has no room."""
        self._is_full = True
        said = ngettext(
            "There is room for {count} character. Nothing of it was taken. Shorten it.",
            "There is room for {count} characters. Nothing of it was taken. Shorten it.",
            self._longest,
        )
        self.said.update(said.format(count=self._longest))

    @on(Input.Changed)
    def changed(self) -> None:
        """What is there now is meant."""
        if self._is_full:
            self._is_full = False
            self.said.update("")

    @on(Input.Submitted)
    def saved(self, event: Input.Submitted) -> None:
        """Enter saves."""
        event.stop()
        if self._is_full and event.value == plain(self._value):
            self.no_room()
            return
        if self._needed and not event.value.strip():
            self.said.update(_("Give a reason."))
            return
        self.dismiss(event.value.strip())
