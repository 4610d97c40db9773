"""Drop-box at F3: a key turns it on and off, in words and colour; a scan never does; leaving F3 and the lock end it."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.widgets.band import Band
from tests.screens.at_work import CARD, AtWork, at_work

SAID = "AFLEVERINGSBOKS – tæller som afleveret sidste åbne dag"


def is_told(counter: AtWork) -> bool:
    """Whether the page says so, in words and in a filled colour."""
    band = counter.app.screen.query_one(Band)
    return SAID in counter.text() and bool(band.display) and band.has_class("-look")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_key_turns_it_on_and_off_and_a_scan_does_neither(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await counter.press("f3")
        assert not is_told(counter)
        assert "^O boks" in counter.text()
        await counter.press("ctrl+o")
        await counter.until(SAID)
        assert is_told(counter)
        await counter.scan("3000000000", "9999999", "3000000001")
        assert is_told(counter)
        await counter.press("ctrl+o")
        assert not is_told(counter)
        await counter.scan("3000000002")
        assert not is_told(counter)


async def test_a_line_says_from_which_day_it_counts(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        await counter.press("f3", "ctrl+o")
        # Lent today: it counts from no day before.
        await counter.scan("3000000000")
        assert "afleveret " in counter.pile()


@pytest.mark.parametrize("leaving", ["f2", CARD])
async def test_leaving_f3_ends_it(home: Path, leaving: str) -> None:
    async with at_work(home) as counter:
        await counter.press("f3", "ctrl+o")
        await (counter.press(leaving) if leaving == "f2" else counter.scan(leaving))
        assert not is_told(counter)
        await counter.press("f3")
        assert not is_told(counter)


async def test_the_lock_ends_it(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f3", "ctrl+o")
        counter.app.privacy.lock()
        await counter.settle()
        await counter.press(*"hemmelig", "enter")
        await counter.until("F3 AFLEVERING")
        await counter.settle()
        assert not is_told(counter)
        assert not counter.app.at_counter.place.drop_box


async def test_in_f2_there_is_no_such_key(home: Path) -> None:
    async with at_work(home, (120, 40)) as counter:
        await counter.press("ctrl+o")
        assert "^O" not in counter.text()
        await counter.press("f3")
        assert not is_told(counter)
