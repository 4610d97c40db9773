"""F9: the whole screen one colour, the clock, the library's name. Scans made here wait (C12)."""

from __future__ import annotations

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from desk.texts import _
from screens.curtain.cover import CoverScreen
from screens.text import plain


class CurtainScreen(CoverScreen):
    """Any key draws it back; a borrower's card does too, for that borrower."""

    how = getters.query_one("#how", Static)

    def compose(self) -> ComposeResult:
        """Nothing of anybody."""
        with Vertical(id="middle"):
            yield Static("", id="time", markup=False)
            yield Static(plain(self.desk_app.library), id="library", markup=False)
            yield Static(_("Scan or press a key to continue"), id="how", markup=False)
            yield Static("", id="waiting", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Any key: back to work, and that key does nothing else. The rest of a PIN is no key to come back with."""
        event.stop()
        event.prevent_default()
        privacy = self.desk_app.privacy
        if not (privacy.may_hide_a_secret and event.is_printable):
            privacy.raise_curtain()

    def tick(self) -> None:
        """Say how to come back."""
        super().tick()
        if self.query("#how") and self.desk_app.privacy.may_hide_a_secret:
            self.how.update(_("Press Enter to continue"))
