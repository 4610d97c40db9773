"""The question whether the branch is right stands in the lane, and never in a dialog (C4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.models import Item
from screens.lending.lending import ReturnScreen
from tests.screens.at_work import AtWork, at_work
from tests.screens.borrower_page import write

SIZES = [(80, 24), (120, 40)]


async def asked(counter: AtWork) -> None:
    """Scan at return until it is asked."""
    await counter.press("f3")
    await counter.scan(*(f"30000000{number:02}" for number in range(5)))
    await counter.until("Er filialen rigtig?")


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_answered_in_the_lane(home: Path, size: tuple[int, int]) -> None:
    write(home, Item.update(branch=2))
    async with at_work(home, size) as counter:
        await asked(counter)
        assert isinstance(counter.app.screen, ReturnScreen)
        assert counter.figures() == (5, 5, 0)
        await counter.press("f8", "j")
        assert "Er filialen rigtig?" not in counter.text()


async def test_no_says_what_to_do(home: Path) -> None:
    write(home, Item.update(branch=2))
    async with at_work(home) as counter:
        await asked(counter)
        await counter.press("f8", "n")
        assert "It retter filialen i desk.toml." in counter.text()
