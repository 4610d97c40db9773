"""What the curtain and the lock share: they hide the counter, show the clock, and count the scans that wait."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.widgets import Static

from desk.texts import ngettext
from desk.wording import clock
from screens.base import DeskScreen


class CoverScreen(DeskScreen[None]):
    """A page with a ``#time`` and a ``#waiting``, and nothing of anybody."""

    HIDES: ClassVar[bool] = True
    CSS_PATH = "curtain.tcss"

    time = getters.query_one("#time", Static)
    waiting = getters.query_one("#waiting", Static)

    def on_screen_resume(self) -> None:
        """Show the clock."""
        self.tick()

    def tick(self) -> None:
        """Paint the clock and how many scans wait."""
        if not (self.query("#time") and self.query("#waiting")):
            # Drawn and raised in one breath: a card was exchanged for another before there was anything to paint.
            return
        self.time.update(clock(self.desk_app.now()))
        count = len(self.desk_app.at_counter.work.waiting_codes)
        text = ngettext("{count} scan waiting", "{count} scans waiting", count).format(count=count) if count else ""
        self.waiting.update(text)
