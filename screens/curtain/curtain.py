"""F9: the whole screen one colour, the clock, the library's name. Scans made here wait (C12)."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from desk.texts import _
from screens.curtain.cover import CoverScreen
from screens.text import plain


class CurtainScreen(CoverScreen):
    """Any key draws it back; a borrower's card does too, for that borrower."""

    def compose(self) -> ComposeResult:
        """Nothing of anybody."""
        with Vertical(id="middle"):
            yield Static("", id="time", markup=False)
            yield Static(plain(self.desk_app.library), id="library", markup=False)
            yield Static(_("Scan or press a key to continue"), id="how", markup=False)
            yield Static("", id="waiting", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Any key: back to work, and that key does nothing else."""
        event.stop()
        event.prevent_default()
        self.desk_app.privacy.raise_curtain()
