"""The widgets of the check-out page as a program of its own; every «x» is a scan that settles at once."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical

from screens.theme import THEMES
from screens.widgets.counter import PileCounter
from screens.widgets.key_line import KeyLine
from screens.widgets.lane import DecisionLane
from screens.widgets.masthead import BorrowerStrip
from screens.widgets.pile import Pile, PileLine
from screens.widgets.scan_line import ScanLine
from screens.widgets.status_line import Status, StatusLine


class WireApp(App[None]):
    """As the page is laid out at 120×40."""

    CSS = """
    #side { width: 32; padding: 0 1; }
    PileCounter { height: 11; }
    """
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "dark"
        self.pile = Pile("check_out")
        self.counter = PileCounter()
        self.status = StatusLine()
        self.scans = 0

    def compose(self) -> ComposeResult:
        yield self.status
        yield BorrowerStrip()
        with Horizontal():
            yield self.pile
            with Vertical(id="side"):
                yield self.counter
                yield DecisionLane()
        yield ScanLine()
        yield KeyLine()

    def on_mount(self) -> None:
        self.status.show(Status("Struer", "Skranke 2", "Mette K.", "F2", (("reader", "ok"),), "ok", 0, "10.42"))

    def key_x(self) -> None:
        """Settle one more scan."""
        self.scans += 1
        title = f"Smilla fornemmelse for {self.scans:04}"
        self.pile.update_line(PileLine(self.scans, title, "Peter Høeg", "24. okt.", "reservering opfyldt", "plain"))
        self.counter.show(self.scans, self.scans, 0)


if __name__ == "__main__":
    WireApp().run()
