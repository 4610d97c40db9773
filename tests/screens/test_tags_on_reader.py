"""A book's tag on a PC/SC reader, one at a time: what stands out is said as on the pad (V1, C5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from devices.card_messages import CardPresented, CardRemoved
from devices.pad_messages import TagLaid, TagTaken, TagUnread
from devices.rfid import Tag, TagField, Usage
from screens.lending.pad import PadAtCounter
from screens.lending.tags import TagsAtCounter
from tests.screens.at_work import CARD, OTHER_CARD, AtWork, at_work
from tests.screens.test_pad import BOOKS, ISILS, hear_repeats


@asynccontextmanager
async def at_reader(home: Path) -> AsyncIterator[AtWork]:
    """Run a counter that reads tags and has no pad; a borrower is at it; a code heard twice is two scans."""
    hear_repeats(home)
    async with at_work(home, (120, 40)) as counter:
        counter.app.hearing.pad = PadAtCounter(counter.app, TagsAtCounter(ISILS))
        await counter.scan(CARD)
        yield counter


async def lay(counter: AtWork, uid: str, tag: Tag) -> None:
    """Lay a tag on the reader for items, and take it off."""
    counter.app.hearing.hear(TagLaid(uid, tag, is_single=True))
    await counter.settle()
    counter.app.hearing.hear(TagTaken(uid))
    await counter.settle()


async def test_all_that_stands_out_about_it_is_said(home: Path) -> None:
    async with at_reader(home) as counter:
        await lay(counter, "E001", Tag(BOOKS[0], "DK718500", Usage.DISCARDED, parts=2))
        assert counter.figures() == (1, 1, 0)
        await counter.until("»Titel 0«: 1 af 2 dele · tilhører DK-718500 · kasseret ifølge chippen")


async def test_a_book_of_ones_own_is_lent_and_nothing_is_said(home: Path) -> None:
    async with at_reader(home) as counter:
        await lay(counter, "E001", Tag(BOOKS[0], "DK767100"))
        assert counter.figures() == (1, 1, 0)
        assert "►" not in counter.pile()
        assert "chip" not in counter.text()


async def test_its_parts_come_one_after_another_and_are_one_scan(home: Path) -> None:
    async with at_reader(home) as counter:
        await lay(counter, "E001", Tag(BOOKS[0], "DK767100", parts=2, part=1))
        assert "1 af 2 dele" in counter.pile()
        await lay(counter, "E002", Tag(BOOKS[0], "DK767100", parts=2, part=2))
        assert counter.figures() == (1, 1, 0)
        assert "1 af 2 dele" not in counter.pile()
        await counter.scan(OTHER_CARD)
        await lay(counter, "E002", Tag(BOOKS[0], "DK767100", parts=2, part=2))
        assert counter.figures() == (1, 0, 1), "for the next borrower it is a scan"


async def test_one_that_cannot_be_understood_is_no_scan(home: Path) -> None:
    async with at_reader(home) as counter:
        counter.app.hearing.hear(TagUnread("E001", TagField.CRC))
        await counter.until("En chip kan ikke læses. Scan stregkoden.")
        assert counter.figures() == (0, 0, 0)


async def test_the_one_reader_of_a_counter_says_it_too(home: Path) -> None:
    """Where cards and books share a reader, a book comes as what lies on it."""
    async with at_reader(home) as counter:
        counter.app.hearing.hear(TagLaid("E001", Tag(BOOKS[0], "DK718500"), is_single=True, is_scan=False))
        counter.app.hearing.hear(CardPresented(BOOKS[0], "ACR122U"))
        await counter.settle()
        assert counter.figures() == (1, 1, 0)
        assert "tilhører DK-718500" in counter.pile()
        counter.app.hearing.hear(TagTaken("E001"))
        counter.app.hearing.hear(CardRemoved("ACR122U"))
        await counter.settle()
