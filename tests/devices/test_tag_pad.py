"""What any pad must do, and what its poller tells (V1, V3). Each new pad goes into ``PADS``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Protocol

import pytest

from devices.messages import DeviceChanged
from devices.pad_messages import AfiNotWritten, AfiWritten, TagLaid, TagTaken, TagUnread
from devices.rfid import IN_STOCK, ON_LOAN, Tag, TagField, Usage, bytes_of
from devices.tag_pad import Heard, PadMissing, PadPoller, TagGone, TagOnPad, TagPad
from devices.virtual_pad import VirtualPad
from tests.devices.feig_reader import FeigStage

A, B, C = "E004000000000001", "E004000000000002", "E004000000000003"
BOOK = Tag("5237124059", "DK767100")


class Stage(Protocol):
    """A pad, and the hands that lay tags on it."""

    @property
    def pad(self) -> TagPad: ...
    def lay(self, uid: str, memory: bytes, *, afi: int = IN_STOCK, reads: list[int] | None = None) -> None: ...
    def lift(self, uid: str) -> None: ...
    def snatch(self, uid: str) -> None: ...
    def afi_of(self, uid: str) -> int: ...
    def plug(self, *, plugged: bool) -> None: ...
    def close(self) -> None: ...


class VirtualStage(VirtualPad):
    @property
    def pad(self) -> TagPad:
        return self


PADS = [VirtualStage, FeigStage]


@pytest.fixture(params=PADS)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    made: Stage = request.param()
    yield made
    made.close()


@dataclass
class Listener:
    """A poller at work, and what it told."""

    poller: PadPoller
    heard: SimpleQueue[Heard] = field(default_factory=SimpleQueue)

    def next(self) -> Heard:
        return self.heard.get(timeout=10)

    def is_silent(self) -> bool:
        try:
            self.heard.get(timeout=0.1)
        except Empty:
            return True
        return False


@pytest.fixture
def listener(stage: Stage) -> Iterator[Listener]:
    listener = Listener(PadPoller(stage.pad, 0.005))
    listener.poller.start(listener.heard.put)
    assert listener.next() == DeviceChanged("pad", "ok")
    yield listener
    listener.poller.close()


def laid(uid: str, tag: Tag = BOOK, afi: int = IN_STOCK) -> TagLaid:
    return TagLaid(uid, tag, afi)


# --- the contract of a pad


def test_a_pad_reads_every_tag_that_lies_there(stage: Stage) -> None:
    stage.lay(A, bytes_of(BOOK, 112))
    stage.lay(B, bytes_of(Tag("3000000001"), 32), afi=ON_LOAN)
    seen = {tag.uid: (tag.memory[:32], tag.afi) for tag in stage.pad.inventory()}
    assert seen == {A: (bytes_of(BOOK, 32), IN_STOCK), B: (bytes_of(Tag("3000000001"), 32), ON_LOAN)}
    stage.lift(A)
    assert [tag.uid for tag in stage.pad.inventory()] == [B]


def test_what_a_pad_writes_is_read_back_and_stays_with_the_tag(stage: Stage) -> None:
    stage.lay(A, bytes_of(BOOK))
    stage.lay(B, bytes_of(BOOK))
    stage.pad.inventory()
    stage.pad.write_afi(A, ON_LOAN)
    assert {tag.uid: tag.afi for tag in stage.pad.inventory()} == {A: ON_LOAN, B: IN_STOCK}


def test_a_tag_that_is_not_there_is_not_written(stage: Stage) -> None:
    with pytest.raises(TagGone):
        stage.pad.write_afi(A, ON_LOAN)
    stage.lay(A, bytes_of(BOOK))
    stage.pad.inventory()
    stage.snatch(A)
    with pytest.raises(TagGone):
        stage.pad.write_afi(A, ON_LOAN)
    assert stage.pad.inventory() == ()


def test_a_pad_without_its_plug_says_so_and_comes_back(stage: Stage) -> None:
    stage.lay(A, bytes_of(BOOK))
    stage.pad.inventory()
    stage.plug(plugged=False)
    with pytest.raises(PadMissing):
        stage.pad.inventory()
    with pytest.raises(PadMissing):
        stage.pad.write_afi(A, ON_LOAN)
    stage.pad.close()
    stage.plug(plugged=True)
    assert [tag.uid for tag in stage.pad.inventory()] == [A]


# --- what is told of it


def test_a_tag_is_told_once_however_often_it_is_seen(stage: Stage, listener: Listener) -> None:
    stage.lay(A, bytes_of(BOOK))
    assert listener.next() == laid(A)
    assert listener.is_silent()


def test_a_tag_that_is_lifted_and_laid_again_is_told_again(stage: Stage, listener: Listener) -> None:
    for _time in range(2):
        stage.lay(A, bytes_of(BOOK))
        assert listener.next() == laid(A)
        stage.lift(A)
        assert listener.next() == TagTaken(A)


class ShadingPad(VirtualPad):
    """A pad that sees nothing at every other look: books lie on one another."""

    looks = 0

    def inventory(self) -> tuple[TagOnPad, ...]:
        seen = super().inventory()
        self.looks += 1
        return seen if self.looks % 2 else ()


def test_a_tag_that_another_shades_for_a_moment_was_not_lifted() -> None:
    pad = ShadingPad()
    pad.lay(A, bytes_of(BOOK))
    listener = Listener(PadPoller(pad, 0.005))
    listener.poller.start(listener.heard.put)
    try:
        assert [listener.next(), listener.next()] == [DeviceChanged("pad", "ok"), laid(A)]
        assert listener.is_silent()
        assert pad.looks > 4
    finally:
        listener.poller.close()


def test_twelve_tags_at_once_are_twelve(stage: Stage, listener: Listener) -> None:
    books = [Tag(f"30000000{number:02}") for number in range(12)]
    for number, book in enumerate(books):
        stage.lay(f"E0040000000001{number:02}", bytes_of(book))
    told = [listener.next() for _book in books]
    assert {one.tag for one in told if isinstance(one, TagLaid)} == set(books)
    assert listener.is_silent()


def test_a_card_laid_down_with_books_comes_first(stage: Stage) -> None:
    stage.lay(A, bytes_of(BOOK))
    card = Tag("2000000001", usage=Usage.PATRON_CARD)
    stage.lay(B, bytes_of(card))
    listener = Listener(PadPoller(stage.pad, 0.005))
    listener.poller.start(listener.heard.put)
    try:
        assert [listener.next() for _ in range(3)] == [DeviceChanged("pad", "ok"), laid(B, card), laid(A)]
    finally:
        listener.poller.close()


def test_a_tag_read_by_halves_is_read_again(stage: Stage, listener: Listener) -> None:
    stage.lay(A, bytes_of(BOOK), reads=[0, 16])
    assert listener.next() == laid(A)


def test_a_tag_that_cannot_be_read_is_told_once_with_what_is_wrong(stage: Stage, listener: Listener) -> None:
    stage.lay(A, bytes(32))
    assert listener.next() == TagUnread(A, TagField.MEMORY)
    assert listener.is_silent()
    stage.lift(A)
    assert listener.next() == TagTaken(A)


def test_a_tag_is_written_and_that_is_told(stage: Stage, listener: Listener) -> None:
    stage.lay(A, bytes_of(BOOK))
    assert listener.next() == laid(A)
    listener.poller.write_afi(A, ON_LOAN)
    assert listener.next() == AfiWritten(A, ON_LOAN)
    assert stage.afi_of(A) == ON_LOAN


def test_a_tag_pulled_off_while_it_is_written_is_told_and_written_when_it_is_back(
    stage: Stage, listener: Listener
) -> None:
    stage.lay(A, bytes_of(BOOK))
    assert listener.next() == laid(A)
    stage.snatch(A)
    listener.poller.write_afi(A, ON_LOAN)
    assert {listener.next(), listener.next()} == {TagTaken(A), AfiNotWritten(A, ON_LOAN)}
    assert listener.is_silent()
    stage.lay(A, bytes_of(BOOK))
    assert [listener.next(), listener.next()] == [laid(A), AfiWritten(A, ON_LOAN)]


def test_what_is_forgotten_is_not_written_any_more(stage: Stage, listener: Listener) -> None:
    listener.poller.write_afi(A, ON_LOAN)
    assert listener.next() == AfiNotWritten(A, ON_LOAN)
    listener.poller.forget(A)
    stage.lay(A, bytes_of(BOOK))
    assert listener.next() == laid(A)
    assert listener.is_silent()
    assert stage.afi_of(A) == IN_STOCK


def test_a_pad_that_goes_away_takes_no_tag_with_it(stage: Stage, listener: Listener) -> None:
    stage.lay(A, bytes_of(BOOK))
    assert listener.next() == laid(A)
    stage.plug(plugged=False)
    assert listener.next() == DeviceChanged("pad", "missing")
    listener.poller.write_afi(A, ON_LOAN)
    assert listener.next() == AfiNotWritten(A, ON_LOAN)
    stage.lay(B, bytes_of(BOOK))
    stage.plug(plugged=True)
    assert listener.next() == DeviceChanged("pad", "ok")
    assert [listener.next(), listener.next()] == [laid(B), AfiWritten(A, ON_LOAN)]
    assert listener.is_silent()


def test_a_tags_number_is_in_no_repr() -> None:
    assert BOOK.item_id not in repr((laid(A), BOOK))


# --- the lines of the virtual one


def test_lines_lay_lift_and_list() -> None:
    pad = VirtualPad("DK767100")
    pad.told("lay 3000000001 3000000002:DK718500:2/3:discarded")
    assert pad.told("tags") == "3000000001=07 3000000002=07"
    first, second = pad.inventory()
    assert first.memory[:34] == bytes_of(Tag("3000000001", "DK767100"))
    assert second.memory[:34] == bytes_of(Tag("3000000002", "DK718500", Usage.DISCARDED, 3, 2))
    pad.write_afi(first.uid, ON_LOAN)
    pad.told("lift 3000000001")
    assert pad.told("tags") == "3000000002=07"
    pad.told("lay 3000000001")
    assert "3000000001=C2" in pad.told("tags")


@pytest.mark.parametrize(
    "line", ["", "lay", "lift 1", "lay 12345678901234567", "lay 1:x/y", "lay 1:3/2", "tags 1", "fly"]
)
def test_a_line_that_says_nothing_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        VirtualPad().told(line)
