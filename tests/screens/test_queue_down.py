"""The queue cannot be written: the band says to stop, and goes by itself when scans are kept again (C2)."""

from __future__ import annotations

from pathlib import Path

from tests.desk.counter.at_work import make_full, make_room
from tests.screens.at_work import CARD, at_work

BAND = "IKKE GEMT"


async def test_nobody_has_to_scan_to_find_out_that_scans_are_kept_again(home: Path) -> None:
    async with at_work(home) as counter:
        queue = counter.app.at_counter.work._queue
        await make_full(queue)
        await counter.scan(CARD)
        await counter.until(BAND)
        await make_room(queue)
        for _second in range(50):
            await counter.pilot.pause(0.1)
            if BAND not in counter.text():
                break
        assert BAND not in counter.text()
        assert counter.figures() == (0, 0, 0)


async def test_the_band_stays_as_long_as_nothing_can_be_kept(home: Path) -> None:
    async with at_work(home) as counter:
        await make_full(counter.app.at_counter.work._queue)
        await counter.scan(CARD)
        await counter.pilot.pause(2.2)
        assert BAND in counter.text()
