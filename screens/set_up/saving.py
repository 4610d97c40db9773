"""What a change would do, before it is saved; then G saves, R goes back to what was typed, Esc: nothing happens."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from desk.texts import _, pgettext
from screens.base import DeskDialog
from screens.text import plain


def letters(*, may_go_back: bool) -> tuple[tuple[str, str], ...]:
    """Give the letters with their words."""
    save, back = pgettext("key", "G save"), pgettext("key", "R correct")
    return ((save[0], save[2:]), *(((back[0], back[2:]),) if may_go_back else ()))


class SavingDialog(DeskDialog[str | None]):
    """The change in one line, what it does in some.

    Args:
        heading: what the change is.
        lines: what it would do.
        may_go_back: whether something was typed that can be put right.
    """

    CSS_PATH = "../dialogs/dialogs.tcss"

    def __init__(self, heading: str, lines: tuple[str, ...], *, may_go_back: bool) -> None:
        super().__init__()
        self._heading, self._lines = heading, lines
        self._letters = letters(may_go_back=may_go_back)

    def compose(self) -> ComposeResult:
        """The change, its effect, the letters."""
        keys = " · ".join((*(f"{letter} {word}" for letter, word in self._letters), _("Esc back")))
        with Vertical(classes="dialog"):
            yield Static(plain(self._heading), markup=False)
            yield Static("\n".join(("", *map(plain, self._lines), "")), id="text", markup=False)
            yield Static(keys, classes="keys", markup=False)

    def on_key(self, event: events.Key) -> None:
        """A letter that is offered answers; no key goes any further."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        for letter, _word in self._letters:
            if event.character and event.character.casefold() == letter.casefold():
                self.dismiss(letter)
                return
