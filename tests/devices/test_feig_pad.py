"""FEIG's frames, byte for byte (V1). That a pad of theirs does what every pad must is in ``test_tag_pad``."""

from __future__ import annotations

import os
import pty
import socket
from threading import Thread

import pytest

from devices.feig_pad import (
    INVENTORY,
    ISO_HOST,
    NO_TAG,
    OK,
    RF_RESET,
    BadFrame,
    FeigPad,
    answer_in,
    crc16,
    length_of,
    request,
)
from devices.rfid import ON_LOAN, TagError, item_on_tag
from devices.tag_pad import PadMissing, TagGone
from tests.devices.feig_reader import FeigStage
from tests.devices.test_rfid import ANNEX_B_1, STRUER


def framed(control: int, status: int, data: bytes = b"") -> bytes:
    body = bytes([0, control, status]) + data
    frame = bytes([len(body) + 3]) + body
    return frame + crc16(frame).to_bytes(2, "little")


def test_the_inventory_is_what_others_send() -> None:
    """The frame as a published program for such a reader has it."""
    assert request(ISO_HOST, bytes([INVENTORY, 0])) == bytes.fromhex("07FFB001001C56")


def test_a_frame_is_known_by_its_crc_low_byte_first() -> None:
    assert crc16(b"123456789") == 0x6F91
    assert request(RF_RESET) == bytes.fromhex("05FF698901")


@pytest.mark.parametrize(("start", "length"), [(b"", 1), (b"\x07", 7), (b"\x02", 3), (b"\x02\x01\x20", 0x120)])
def test_a_frame_says_how_long_it_is(start: bytes, length: int) -> None:
    assert length_of(start) == length


def test_an_answer_gives_its_status_and_data() -> None:
    assert answer_in(framed(ISO_HOST, OK, b"\1\2"), ISO_HOST) == (OK, b"\1\2")
    assert answer_in(framed(ISO_HOST, NO_TAG), ISO_HOST) == (NO_TAG, b"")
    long = bytes([2, 0x01, 0x2C, 0, ISO_HOST, OK]) + bytes(292)
    assert answer_in(long + crc16(long).to_bytes(2, "little"), ISO_HOST) == (OK, bytes(292))


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        framed(ISO_HOST, OK)[:-1],
        framed(ISO_HOST, OK)[:-1] + b"\0",
        framed(RF_RESET, OK),
        b"\x05\x00\xb0" + crc16(b"\x05\x00\xb0").to_bytes(2, "little"),
    ],
)
def test_what_is_no_answer_is_refused(frame: bytes) -> None:
    with pytest.raises(BadFrame):
        answer_in(frame, ISO_HOST)


def test_more_tags_than_one_answer_holds_are_all_found_and_read_once() -> None:
    stage = FeigStage()
    try:
        for number in range(12):
            stage.lay(f"E0040000000000{number:02}", STRUER)
        assert len(stage.pad.inventory()) == 12
        assert {tag.memory for tag in stage.pad.inventory()} == {STRUER}
    finally:
        stage.close()


@pytest.mark.parametrize("holds", [1, 4, 8])
def test_a_tag_that_comes_in_several_answers_is_put_together(holds: int) -> None:
    stage = FeigStage()
    try:
        stage.holds = holds
        whole = ANNEX_B_1 + bytes(2)
        stage.lay("E004000000000001", whole)
        stage.lay("E004000000000002", STRUER)
        assert [tag.memory for tag in stage.pad.inventory()] == [whole, STRUER]
    finally:
        stage.close()


def test_a_reader_that_says_more_and_gives_nothing_leaves_the_tag_unread_and_the_pad_there() -> None:
    stage = FeigStage()
    try:
        stage.holds = 0
        stage.lay("E004000000000001", STRUER)
        (tag,) = stage.pad.inventory()
        with pytest.raises(TagError, match="memory"):
            item_on_tag(tag.memory)
    finally:
        stage.close()


def test_an_inventory_without_an_end_is_given_up() -> None:
    stage = FeigStage()
    try:
        stage.ends = False
        with pytest.raises(PadMissing, match="no end"):
            stage.pad.inventory()
    finally:
        stage.close()


def test_what_a_reader_only_says_it_has_written_is_not_believed() -> None:
    stage = FeigStage()
    try:
        stage.lay("E004000000000001", STRUER)
        stage.pad.inventory()
        stage.writes = False
        with pytest.raises(TagGone):
            stage.pad.write_afi("E004000000000001", ON_LOAN)
    finally:
        stage.close()


def test_a_reader_that_does_not_answer_is_missing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        pad = FeigPad(f"127.0.0.1:{silent.getsockname()[1]}", patience=0.1)
        with pytest.raises(PadMissing, match="no answer"):
            pad.inventory()


@pytest.mark.parametrize("port", ["", "/nowhere/tty", "/dev/null", "reader", "127.0.0.1:1"])
def test_a_line_that_is_none_is_missing(port: str) -> None:
    with pytest.raises(PadMissing):
        FeigPad(port).inventory()


def test_it_speaks_over_a_serial_line() -> None:
    ours, theirs = pty.openpty()
    heard = bytearray()

    def answer() -> None:
        for control, status in ((RF_RESET, OK), (ISO_HOST, NO_TAG)):
            start = os.read(ours, 1)
            heard.extend(start + os.read(ours, start[0] - 1))
            os.write(ours, framed(control, status))

    reader = Thread(target=answer, daemon=True)
    reader.start()
    pad = FeigPad(os.ttyname(theirs), patience=5)
    try:
        assert pad.inventory() == ()
        reader.join(5)
        assert bytes(heard) == request(RF_RESET) + request(ISO_HOST, bytes([INVENTORY, 0]))
    finally:
        pad.close()
        os.close(ours)
        os.close(theirs)
