"""Dialogs among scans: what is typed stays typed, what is scanned goes to the queue (C1, C3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from screens.dialogs.ask_text import TextDialog
from tests.screens.at_work import BLOCKED_CARD, CARD, at_work


@pytest.mark.parametrize("ending", ["\r", "\t"])
async def test_a_scan_right_after_a_typed_letter_of_the_note_goes_to_the_queue(home: Path, ending: str) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4", "n")
        await counter.burst(f"husk kortet3000000000{ending}")
        assert isinstance(counter.app.screen, TextDialog), "the scanner's ending saved the note"
        assert counter.app.screen.query_one(Input).value == "husk kortet"
        assert isinstance(counter.app.focused, Input)
        await counter.press("escape", "escape")
        assert "Titel 0" in counter.pile()


async def test_a_scan_right_after_a_typed_letter_of_the_reason_goes_to_the_queue(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u")
        await counter.burst("aftalt3000000001\r")
        assert counter.app.screen.query_one("#reason", Input).value == "aftalt"
        assert counter.app.screen.query_one("#reason", Input).has_focus
        assert counter.figures() == (2, 0, 2)
