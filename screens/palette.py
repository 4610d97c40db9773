"""The palette (Ctrl+P): every action by name (U2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from textual import work
from textual.command import CommandPalette
from textual.css.query import NoMatches

from desk.texts import _

# Textual's own gathering, without the worker around it.
gather = cast(
    "Callable[[CommandPalette, str], Awaitable[None]]", cast("Any", CommandPalette._gather_commands).__wrapped__
)


class DeskPalette(CommandPalette):
    """Textual's palette with our words in it."""

    def __init__(self) -> None:
        super().__init__(placeholder=_("Search for an action …"), id="--command-palette")

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        """Gather the commands; a palette closed at once has no list any more to put them in."""
        try:
            await gather(self, search_value)
        except NoMatches:
            if self.is_attached and self.is_current:
                raise
