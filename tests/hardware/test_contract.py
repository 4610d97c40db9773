"""The virtual reader and the real PC/SC stack say the same of the same (V2): one list of expectations for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

import pytest

from devices.card_messages import CardPresented, CardRemoved, CardUnreadable
from devices.messages import DeviceChanged, Scanned
from devices.pcsc.roles import ReaderRules
from devices.pcsc.watch import PcscReaders
from devices.virtual import VirtualDevices, send
from tests.hardware.pcscd import FIRST, Pcscd, wait_until
from tests.hardware.virtual_card import VirtualCard, with_uid

FIRST_CARD, SECOND_CARD = "04A1B2C3D4E5F6", "DEADBEEF"


class Reader(Protocol):
    """A reader that somebody works with, and what it said."""

    heard: SimpleQueue[object]

    def lay(self, code: str) -> None: ...
    def take_off(self) -> None: ...
    def unplug(self) -> None: ...
    def plug_in(self) -> None: ...
    def close(self) -> None: ...


class Virtual:
    """The one of the demo."""

    def __init__(self, home: Path) -> None:
        self.heard: SimpleQueue[object] = SimpleQueue()
        self._devices = VirtualDevices(home)
        self._devices.start(self.heard.put)

    def lay(self, code: str) -> None:
        send(self._devices.path, f"card {code}")

    def take_off(self) -> None:
        send(self._devices.path, "remove")

    def unplug(self) -> None:
        send(self._devices.path, "unplug")

    def plug_in(self) -> None:
        send(self._devices.path, "plug")

    def close(self) -> None:
        self._devices.close()


class Real:
    """pcscd's, and whoever lays cards on it waits until they are seen."""

    def __init__(self, pcscd: Pcscd) -> None:
        self.heard: SimpleQueue[object] = SimpleQueue()
        self._pcscd = pcscd
        self._card: VirtualCard | None = None
        self._readers = PcscReaders(ReaderRules(borrowers=FIRST))
        self._readers.start(self.heard.put)

    def lay(self, code: str) -> None:
        self._leave()
        self._card = VirtualCard(self._pcscd.ports[0], with_uid(code))
        wait_until(lambda: self._card is not None and bool(self._card.commands), "nobody read the card")

    def take_off(self) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._card is not None:
            self._card.take_off()
            self._card = None

    def unplug(self) -> None:
        self._pcscd.unplug()
        self._leave()

    def plug_in(self) -> None:
        self._pcscd.plug_in()

    def close(self) -> None:
        self._leave()
        self._readers.close()


@pytest.fixture(params=["virtual", "pcsc"])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reader]:
    """Each of them in turn, plugged in."""
    reader: Reader = Virtual(tmp_path) if request.param == "virtual" else Real(request.getfixturevalue("pcscd"))
    assert said(reader, 1) == [("state", "ok")]
    yield reader
    reader.close()


def said(reader: Reader, count: int) -> list[tuple[str, str]]:
    """Give what it says next, without its own name, and without that pcscd was started anew to unplug it."""
    lines: list[tuple[str, str]] = []
    while len(lines) < count:
        match reader.heard.get(timeout=20):
            case DeviceChanged(device="reader", state="no_service"):
                continue
            case DeviceChanged(device="reader", state=state):
                lines.append(("state", state))
            case CardPresented(code=code):
                lines.append(("laid", code))
            case CardRemoved():
                lines.append(("taken off", ""))
            case CardUnreadable() | Scanned() as other:
                raise AssertionError(other)
    return lines


def test_a_card_is_laid_on_and_taken_off(reader: Reader) -> None:
    reader.lay(FIRST_CARD)
    assert said(reader, 1) == [("laid", FIRST_CARD)]
    reader.take_off()
    assert said(reader, 1) == [("taken off", "")]


def test_the_same_card_again_is_laid_on_again(reader: Reader) -> None:
    for _ in range(2):
        reader.lay(FIRST_CARD)
        assert said(reader, 1) == [("laid", FIRST_CARD)]
        reader.take_off()
        assert said(reader, 1) == [("taken off", "")]


def test_another_card_at_once_takes_the_first_off_before_it_is_told(reader: Reader) -> None:
    reader.lay(FIRST_CARD)
    reader.lay(SECOND_CARD)
    assert said(reader, 3) == [("laid", FIRST_CARD), ("taken off", ""), ("laid", SECOND_CARD)]


def test_unplugging_is_told_and_so_is_plugging_in(reader: Reader) -> None:
    reader.unplug()
    assert said(reader, 1) == [("state", "missing")]
    reader.plug_in()
    assert said(reader, 1) == [("state", "ok")]
    reader.lay(FIRST_CARD)
    assert said(reader, 1) == [("laid", FIRST_CARD)]


def test_unplugging_takes_the_card_off_before_the_reader_is_missing(reader: Reader) -> None:
    reader.lay(FIRST_CARD)
    assert said(reader, 1) == [("laid", FIRST_CARD)]
    reader.unplug()
    assert said(reader, 2) == [("taken off", ""), ("state", "missing")]
    reader.plug_in()
    reader.lay(SECOND_CARD)
    assert said(reader, 2) == [("state", "ok"), ("laid", SECOND_CARD)]
