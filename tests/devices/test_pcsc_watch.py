"""What the readers' thread makes of PC/SC where the real stack cannot be brought to it (V3).

Debian's pcscd takes a reader away while it runs only when the kernel says that a USB device is gone; and the library
is installed wherever the tests are. All else is tried on the real stack, in tests/hardware.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue

import pytest

from devices.card_messages import CardPresented, CardRemoved
from devices.messages import DeviceChanged, Scanned
from devices.pcsc import watch
from devices.pcsc.apdu import Transmit
from devices.pcsc.roles import ReaderRules
from devices.pcsc.service import ReaderState
from tests.hardware.virtual_card import MIFARE, with_uid

CARDS, BOOKS = "ACR122U 00 00", "Feig OBID 01 00"


class UsbService:
    """A PC/SC whose readers are plugged in and out, a card on each of them."""

    plugged: tuple[str, ...] = ()
    count = 1

    def close(self) -> None:
        pass

    def readers(self) -> list[str]:
        return list(self.plugged)

    def changes(self, known: Mapping[str, int], seconds: float) -> dict[str, ReaderState]:
        del seconds
        return {name: ReaderState(1, True, self.count, True, MIFARE) for name in known}

    @contextmanager
    def card_on(self, reader: str) -> Iterator[Transmit]:
        del reader
        answer = with_uid("DEADBEEF")
        yield lambda command: answer(command) or b""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleQueue[object]]:
    """What is said with both readers plugged in."""
    monkeypatch.setattr(watch, "PcscService", UsbService)
    monkeypatch.setattr(UsbService, "plugged", (CARDS, BOOKS))
    monkeypatch.setattr(UsbService, "count", 1)
    messages: SimpleQueue[object] = SimpleQueue()
    readers = watch.PcscReaders(ReaderRules("acr", "feig"))
    readers.start(messages.put)
    yield messages
    readers.close()


def test_a_reader_pulled_out_is_missing_and_back_by_itself_and_the_book_on_it_is_one_scan(
    said: SimpleQueue[object],
) -> None:
    first = [said.get(timeout=20) for _ in range(4)]
    assert first[:3] == [
        DeviceChanged("reader", "ok"),
        DeviceChanged("item_reader", "ok"),
        CardPresented("DEADBEEF", CARDS),
    ]
    assert isinstance(first[3], Scanned)
    UsbService.plugged = ()
    assert [said.get(timeout=20) for _ in range(3)] == [
        CardRemoved(CARDS),
        DeviceChanged("reader", "missing"),
        DeviceChanged("item_reader", "missing"),
    ]
    UsbService.plugged = (BOOKS, CARDS)
    assert [said.get(timeout=20) for _ in range(3)] == [
        DeviceChanged("reader", "ok"),
        DeviceChanged("item_reader", "ok"),
        CardPresented("DEADBEEF", CARDS),
    ]


def test_a_card_exchanged_between_two_looks_is_taken_off_and_laid_on(said: SimpleQueue[object]) -> None:
    assert [type(said.get(timeout=20)) for _ in range(4)][2:] == [CardPresented, Scanned]
    UsbService.count = 3
    again = [type(said.get(timeout=20)) for _ in range(3)]
    # The other reader's may come at any place.
    assert Scanned in again
    assert [kind for kind in again if kind is not Scanned] == [CardRemoved, CardPresented]


def test_without_the_library_the_reader_has_no_service_and_nothing_else_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", None)
    messages: SimpleQueue[object] = SimpleQueue()
    readers = watch.PcscReaders(ReaderRules())
    readers.start(messages.put)
    assert messages.get(timeout=20) == DeviceChanged("reader", "no_service")
    readers.close()
    assert messages.empty()
