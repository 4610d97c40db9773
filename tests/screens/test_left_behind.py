"""What another program left in its queue, as whoever signs in next sees it (C2)."""

from __future__ import annotations

from pathlib import Path

from desk.command import Who
from desk.installation import open_installation
from tests.screens.at_work import CARD, at_work


async def leave(home: Path, *codes: str) -> None:
    """Let a second program scan, and die before anything is handled."""
    with open_installation(home) as installation:
        first, second = installation.counter_work(), installation.counter_work()
        await second.open()
        for seconds, code in enumerate(codes):
            await second.hear(code, Who(1, 1), seconds * 10.0)
        second.close()
        first.close()


async def test_what_was_left_and_asks_nothing_is_done_without_a_word(home: Path) -> None:
    await leave(home, CARD, "3000000000")
    async with at_work(home) as counter:
        assert "overtaget" not in counter.text()
        assert "Ingen beslutninger." in counter.text()
        assert "Anna" not in counter.text()
        await counter.scan(CARD)
        await counter.press("f4")
        await counter.until("Titel 0")


async def test_what_was_left_and_asks_is_in_the_lane_and_said_once(home: Path) -> None:
    await leave(home, "3000000000")
    async with at_work(home, (80, 24)) as counter:
        await counter.until("1 beslutning er overtaget fra et program, der er stoppet. Se F8.")
        assert "beslutn. (1)" in counter.text() or "F8 beslutninger (1)" in counter.text()
        assert "venter siden" in counter.text()
        await counter.press("f8", "a")
        await counter.until("Titel 0 · hjem")
        assert "overtaget" not in counter.text()
    async with at_work(home) as counter:
        assert "overtaget" not in counter.text()
        assert "Ingen beslutninger." in counter.text()
