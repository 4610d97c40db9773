"""The receipt on the screen (C13): titles and due dates until a key or the next borrower, and nothing of a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from db.models import Borrower
from tests.screens.at_work import CARD, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import write

SIZES = [(80, 24), (120, 40)]


@asynccontextmanager
async def counter_with(home: Path, kind: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[AtWork]:
    """Run a counter with a kind of receipt."""
    file = home / "desk.toml"
    before, table, after = file.read_text("utf-8").partition("[receipt]")
    file.write_text(before + table + after.replace('# kind = "none"', f'kind = "{kind}"', 1), "utf-8")
    write(home, Borrower.update(internal_note="husk nøglen"))
    async with at_work(home, size) as counter:
        yield counter


async def visit(counter: AtWork) -> None:
    """Let Anna borrow two things and go."""
    await counter.scan(CARD, "3000000000", "3100000000")
    await counter.press("escape")


@pytest.mark.parametrize("size", SIZES)
async def test_it_stands_there_until_a_key(home: Path, size: tuple[int, int]) -> None:
    async with counter_with(home, "screen", size) as counter:
        await visit(counter)
        text = counter.text()
        assert "Kvittering" in text
        assert "Titel 0 – afleveres senest" in text
        assert "Ib [/] Hansen – afleveres senest" in text
        assert "Anna" not in text
        assert "nøglen" not in text
        await counter.press("x")
        assert "Kvittering" not in counter.text()
        assert "Titel 0" not in counter.text()


async def test_the_next_borrower_sees_nothing_of_it(home: Path) -> None:
    async with counter_with(home, "screen") as counter:
        await visit(counter)
        await counter.scan(OTHER_CARD)
        assert "Titel 0" not in counter.text()
        counter.app.screen.action_latest_receipt()  # type: ignore[attr-defined]
        await counter.settle()
        assert "Titel 0" not in counter.text()
        await counter.press("escape")
        counter.app.screen.action_latest_receipt()  # type: ignore[attr-defined]
        await counter.settle()
        assert "Titel 0" not in counter.text()
        assert "Der er ingen kvittering mere." in counter.text()


async def test_a_card_that_ends_the_visit_shows_no_receipt_to_the_next(home: Path) -> None:
    async with counter_with(home, "screen") as counter:
        await counter.scan(CARD, "3000000000", OTHER_CARD)
        assert "Kvittering" not in counter.text()
        assert "Titel 0" not in counter.text()


@pytest.mark.parametrize("kind", ["screen", "email"])
async def test_the_latest_is_shown_again_from_the_palette_for_two_minutes(home: Path, kind: str) -> None:
    async with counter_with(home, kind) as counter:
        await visit(counter)
        await counter.press("x", "backspace")
        commands = counter.app.get_system_commands(counter.app.screen)
        again = next(command for command in commands if command.title == "Seneste kvittering")
        again.callback()
        await counter.settle()
        assert "Titel 0 – afleveres senest" in counter.text()
        later = counter.app.now() + timedelta(minutes=2, seconds=1)
        counter.app.at_counter.receipt.now = lambda: later
        await counter.press("x", "backspace")
        again.callback()
        await counter.settle()
        assert "Titel 0" not in counter.text()


async def test_left_alone_it_goes_by_itself(home: Path) -> None:
    async with counter_with(home, "screen") as counter:
        await visit(counter)
        idle = counter.app.privacy._touched_at + 61
        counter.app.privacy._seconds = lambda: idle
        counter.app._tick()
        await counter.settle()
        assert "Titel 0" not in counter.text()


@pytest.mark.parametrize("kind", ["none", "email"])
async def test_where_it_is_not_chosen_nothing_is_shown(home: Path, kind: str) -> None:
    async with counter_with(home, kind) as counter:
        await visit(counter)
        assert "Kvittering" not in counter.text()
