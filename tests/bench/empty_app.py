"""The least a Textual program does before somebody can use it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

READY = "Klar til brug"


class EmptyApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static(READY)


if __name__ == "__main__":
    EmptyApp().run()
