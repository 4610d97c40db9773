"""F9: the whole screen one colour, the clock, the library's name. Scans made here wait (C12)."""

from __future__ import annotations

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from desk.texts import _, ngettext
from desk.wording import clock
from screens.base import DeskScreen
from screens.text import plain


class CurtainScreen(DeskScreen[None]):
    """Any key draws it back; a borrower's card does too, for that borrower."""

    HIDES = True
    CSS_PATH = "curtain.tcss"

    time = getters.query_one("#time", Static)
    waiting = getters.query_one("#waiting", Static)

    def compose(self) -> ComposeResult:
        """Nothing of anybody."""
        with Vertical(id="middle"):
            yield Static("", id="time", markup=False)
            yield Static(plain(self.desk_app.library), id="library", markup=False)
            yield Static(_("Scan or press a key to continue"), id="how", markup=False)
            yield Static("", id="waiting", markup=False)

    def on_screen_resume(self) -> None:
        """Show the clock."""
        self.tick()

    def tick(self) -> None:
        """Paint the clock and how many scans wait."""
        if not self.is_mounted:
            return
        self.time.update(clock(self.desk_app.now()))
        count = len(self.desk_app.at_counter.work.waiting_codes)
        text = ngettext("{count} scan waiting", "{count} scans waiting", count).format(count=count) if count else ""
        self.waiting.update(text)

    def on_key(self, event: events.Key) -> None:
        """Any key: back to work, and that key does nothing else."""
        event.stop()
        event.prevent_default()
        self.desk_app.privacy.raise_curtain()
