"""What the readers say that is no card: an item, something that cannot be read, half a health card (V1)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from desk.counter.orders import CODE
from devices.card_messages import CardUnreadable
from devices.messages import DeviceChanged, Scanned
from screens.curtain.lock import LockScreen
from tests.screens.at_work import CARD, AtWork, at_work

STRIPE = (
    "%DOE^JOHN JOHNNY                   ]L\\KKE ALLE 7 3                   4615000?"
    ";9208100401017023451041173083461010814?"
)


async def codes_in_queue(counter: AtWork) -> list[str]:
    """Every code that lies in the queue, whatever its state."""
    queue = counter.app.at_counter.work._queue
    entries = await queue.entries("waiting", "settled", "deciding")
    return [entry.code for entry in entries if entry.kind == CODE]


async def test_an_item_on_its_reader_is_lent(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        counter.app.hearing.hear(Scanned("3000000000", "tag", time.monotonic()))
        await counter.settle()
        assert counter.figures() == (1, 1, 0)


async def test_an_item_on_its_reader_is_no_password_at_the_lock_and_waits(home: Path) -> None:
    async with at_work(home) as counter:
        counter.app.privacy.lock()
        await counter.settle()
        counter.app.hearing.hear(Scanned("hemmelig", "tag", time.monotonic(), is_certain=False))
        await counter.settle()
        assert isinstance(counter.app.screen, LockScreen)
        assert await codes_in_queue(counter) == ["hemmelig"]


async def test_what_cannot_be_read_is_told_and_is_no_scan(home: Path) -> None:
    async with at_work(home) as counter:
        counter.app.hearing.hear(CardUnreadable("OMNIKEY [/] 5022", "uid"))
        await counter.settle()
        assert "Kortet eller materialet kunne ikke læses. Læg det på læseren igen." in counter.text()
        assert await codes_in_queue(counter) == []


@pytest.mark.parametrize("damaged", [STRIPE[:100], STRIPE[:77], STRIPE.replace("0101702345", "01017O2345")])
async def test_of_a_health_card_that_cannot_be_read_nothing_is_kept(home: Path, damaged: str) -> None:
    async with at_work(home) as counter:
        counter.app.hearing.hear(Scanned(damaged, "scanner", time.monotonic()))
        await counter.settle()
        assert "Sundhedskortet kunne ikke læses. Træk det igennem igen." in counter.text()
        assert "KKE ALLE" not in counter.text()
        assert await codes_in_queue(counter) == []


async def test_a_card_that_could_not_be_read_is_not_spoken_of_to_the_next_borrower(home: Path) -> None:
    async with at_work(home) as counter:
        counter.app.hearing.hear(Scanned(STRIPE[:100], "scanner", time.monotonic()))
        await counter.until("kunne ikke læses")
        await counter.scan(CARD)
        await counter.until("Anna Møller")
        assert "kunne ikke læses" not in counter.text()


@pytest.mark.parametrize(
    ("device", "state", "words"),
    [
        ("reader", "no_service", "læser: tjeneste nede"),
        ("reader", "error", "læser svarer ikke"),
        ("item_reader", "missing", "mat.læser mangler"),
        ("item_reader", "no_service", "mat.læser: tjeneste nede"),
    ],
)
async def test_the_status_line_says_it_in_words(home: Path, device: str, state: str, words: str) -> None:
    async with at_work(home) as counter:
        counter.app.hearing.hear(DeviceChanged(device, state))  # type: ignore[arg-type]
        await counter.settle()
        assert words in counter.text()
