"""The palette (Ctrl+P): every action by name (U2)."""

from __future__ import annotations

from textual.command import CommandPalette

from desk.texts import _


class DeskPalette(CommandPalette):
    """Textual's palette with our words in it."""

    def __init__(self) -> None:
        super().__init__(placeholder=_("Search for an action …"), id="--command-palette")
