"""F9 is one key: whatever lies open goes behind the curtain, and is there when it is drawn back (C12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.curtain.curtain import CurtainScreen
from screens.dialogs.help import HelpDialog
from screens.dialogs.step_up import StepUpDialog
from tests.screens.at_work import BLOCKED_CARD, AtWork, at_work

OPENED: dict[str, tuple[str, ...]] = {
    "help": ("f1",),
    "palette": ("ctrl+p",),
    "an override's reason": ("f8", "u"),
    "an override's password": ("f8", "u", *"aftalt", "enter", *"lone", "enter", *"hemm"),
    "signing off with a decision waiting": ("ctrl+q",),
    "the search for a borrower": ("f4", "ctrl+p"),
}


async def curtain_and_back(counter: AtWork) -> None:
    """Draw the curtain, look behind it, and draw it back with the one key that always does."""
    await counter.press("f9")
    assert isinstance(counter.app.screen, CurtainScreen)
    assert "Karl Blok" not in counter.text()
    assert "hemm" not in counter.text()
    await counter.press("enter")


@pytest.mark.parametrize("keys", OPENED.values(), ids=OPENED)
async def test_f9_draws_the_curtain_over_whatever_is_open(home: Path, keys: tuple[str, ...]) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press(*keys)
        opened = counter.app.screen
        await curtain_and_back(counter)
        assert counter.app.screen is opened


async def test_f9_again_draws_it_back(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD)
        await counter.press("f1", "f9", "f9")
        assert isinstance(counter.app.screen, HelpDialog)


async def test_a_password_half_typed_goes_on_where_it_was(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press(*OPENED["an override's password"])
        await curtain_and_back(counter)
        assert isinstance(counter.app.screen, StepUpDialog)
        await counter.press(*"elig", "enter")
        await counter.until("28.")
        assert "Titel 0" in counter.pile()


async def test_nobody_signed_in_has_nothing_to_hide(home: Path) -> None:
    async with at_work(home, staff=None) as counter:
        await counter.press("f1", "f9")
        assert not isinstance(counter.app.screen, CurtainScreen)
