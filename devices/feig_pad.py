"""Pads of FEIG Electronic (OBID i-scan) on a serial line or the network, by their «ISO host commands» (V1).

Written from the vendor's system manuals ID ISC.PR101 (H60301-3e-ID-B) and ID ISC.MR102 (H01113-4e-ID-B): frames and
CRC in the chapter on the asynchronous interface, [0x69] RF Reset, [0xB0] with [0x01] Inventory, [0x23] Read Multiple
Blocks, [0x27] Write AFI, [0x2B] Get System Information, and the index of status bytes. Readers on USB speak the same
through the vendor's own driver, and are not reached from here.
"""

from __future__ import annotations

import os
import select
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from devices.feig_line import opened
from devices.rfid import TagError, item_on_tag, uid_of
from devices.tag_pad import PadMissing, TagGone, TagOnPad

PATIENCE: Final = 1.0  # seconds for an answer
_ANY_READER: Final = 0xFF
_LONG: Final = 0x02  # begins a frame of more than 255 bytes, whose length is two bytes

RF_RESET: Final = 0x69
ISO_HOST: Final = 0xB0
INVENTORY: Final = 0x01
READ_BLOCKS: Final = 0x23
WRITE_AFI: Final = 0x27
SYSTEM_INFORMATION: Final = 0x2B

OK: Final = 0x00
NO_TAG: Final = 0x01
MORE: Final = 0x94
_NEW, _THE_REST = 0x00, 0x80  # modes of the inventory
_ADDRESSED: Final = 0x01  # mode of the others: the UID says which tag
_ANSWERS: Final = 64  # to one inventory at most: more tags than lie on any pad
_DATA_SET: Final = 10  # type, DSFID, UID
# A tag of 36 bytes or more in blocks of four; one of 32 answers an error to that.
_BLOCKS: Final = (9, 8)


class BadFrame(ValueError):
    """What came is no answer; the text says why."""


def crc16(data: bytes) -> int:
    """Compute the frame's CRC: polynomial 8408 (1021 reflected), from FFFF."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _bit in range(8):
            register = register >> 1 ^ (0x8408 if register & 1 else 0)
    return register


def request(control: int, data: bytes = b"") -> bytes:
    """Make the frame of a command.

    Args:
        control: the command.
        data: what belongs to it, at most 249 bytes.
    """
    frame = bytes([5 + len(data), _ANY_READER, control]) + data
    return frame + crc16(frame).to_bytes(2, "little")


def length_of(start: bytes) -> int:
    """Tell how long a frame is, by its first bytes; with too few of them, how many are needed to tell."""
    if not start or start[0] != _LONG:
        return start[0] if start else 1
    return int.from_bytes(start[1:3], "big") if len(start) >= 3 else 3


def answer_in(frame: bytes, control: int) -> tuple[int, bytes]:
    """Take an answer's status and data out of its frame.

    Args:
        frame: as long as it says itself.
        control: the command it answers.

    Raises:
        BadFrame: it is damaged, or answers something else.
    """
    head = 4 if frame[:1] == bytes([_LONG]) else 2
    if len(frame) < head + 4 or len(frame) != length_of(frame):
        raise BadFrame("too short")
    if crc16(frame[:-2]) != int.from_bytes(frame[-2:], "little"):
        raise BadFrame("its CRC does not fit")
    if frame[head] != control:
        raise BadFrame("it answers another command")
    return frame[head + 1], frame[head + 2 : -2]


class FeigPad:
    """One reader.

    Args:
        port: a serial line's device, such as ``/dev/ttyUSB0`` (38400 baud, even parity: as delivered), or
            ``host:port``.
        patience: seconds for an answer.
    """

    def __init__(self, port: str, patience: float = PATIENCE) -> None:
        self._port = port
        self._patience = patience
        self._line = -1
        # UID → as the reader writes it; and what has been read of those that lie there.
        self._written: dict[str, bytes] = {}
        self._read: dict[str, TagOnPad] = {}

    def inventory(self) -> tuple[TagOnPad, ...]:
        """Read all tags that lie there; of those that lay there before, nothing is read again."""
        # A tag that has answered once keeps silent until the field has been off.
        self._ask(RF_RESET)
        self._written = {uid: raw for raw in self._uids() if (uid := _uid(raw))}
        tags = {uid: self._read.get(uid) or self._tag(uid) for uid in self._written}
        # One that was moving is read again, and not believed.
        self._read = {uid: tag for uid, tag in tags.items() if _is_whole(tag.memory)}
        return tuple(tags.values())

    def write_afi(self, uid: str, afi: int) -> None:
        """Write what a tag tells the gate, and ask it."""
        self._read.pop(uid, None)
        status, _data = self._to_tag(WRITE_AFI, uid, bytes([afi]))
        if status != OK or self._afi(uid) != afi:
            raise TagGone(uid)

    def close(self) -> None:
        """Let go of the line; the next question opens it again."""
        if self._line >= 0:
            os.close(self._line)
            self._line = -1
        self._read.clear()

    def _uids(self) -> Iterator[bytes]:
        mode = _NEW
        for _answer in range(_ANSWERS):
            status, data = self._ask(ISO_HOST, bytes([INVENTORY, mode]))
            if status == NO_TAG:
                return
            if status not in {OK, MORE} or not data or len(data) != 1 + data[0] * _DATA_SET:
                raise PadMissing(f"inventory: status {status:02X}, {len(data)} bytes")
            for at in range(1, len(data), _DATA_SET):
                yield data[at + 2 : at + _DATA_SET]
            if status == OK:
                return
            mode = _THE_REST
        raise PadMissing(f"inventory: no end after {_ANSWERS} answers")

    def _tag(self, uid: str) -> TagOnPad:
        for count in _BLOCKS:
            status, memory = self._blocks(uid, count)
            if status == OK:
                return TagOnPad(uid, memory, self._afi(uid))
            if status == NO_TAG:
                break
        return TagOnPad(uid, b"")

    def _blocks(self, uid: str, count: int) -> tuple[int, bytes]:
        """Read a tag's first blocks, in as many answers as they take: a reader's buffer may hold fewer."""
        memory, first = b"", 0
        while first < count:
            status, data = self._to_tag(READ_BLOCKS, uid, bytes([first, count - first]))
            if status not in {OK, MORE}:
                return status, b""
            if not data or not 0 < data[0] <= count - first:
                # Nothing was given, or what was not asked for: what follows could not be put in its place.
                return MORE, b""
            memory, first = memory + _memory(data), first + data[0]
        return OK, memory

    def _afi(self, uid: str) -> int | None:
        """Ask a tag; DSFID, UID (only half of it is valid there), AFI, sizes and chip are what it answers."""
        status, data = self._to_tag(SYSTEM_INFORMATION, uid)
        return data[9] if status == OK and len(data) > 9 else None

    def _to_tag(self, command: int, uid: str, data: bytes = b"") -> tuple[int, bytes]:
        if uid not in self._written:
            raise TagGone(uid)
        return self._ask(ISO_HOST, bytes([command, _ADDRESSED]) + self._written[uid] + data)

    # The line.

    def _ask(self, control: int, data: bytes = b"") -> tuple[int, bytes]:
        """Send a command and wait for its answer; whatever goes wrong, the line is opened anew the next time."""
        try:
            if self._line < 0:
                self._line = opened(self._port, self._patience)
            os.write(self._line, request(control, data))
            return answer_in(self._frame(time.monotonic() + self._patience), control)
        except (OSError, termios.error, BadFrame, ValueError) as error:
            self.close()
            raise PadMissing(f"{self._port}: {error}") from error

    def _frame(self, until: float) -> bytes:
        frame = b""
        while len(frame) < (length := length_of(frame)):
            ready, _write, _error = select.select([self._line], [], [], max(until - time.monotonic(), 0))
            if not ready:
                raise TimeoutError("no answer")
            received = os.read(self._line, length - len(frame))
            if not received:
                raise ConnectionError("the line was closed")
            frame += received
        return frame


def _memory(data: bytes) -> bytes:
    """Take the blocks out of an answer: how many, how long, then each behind its security status."""
    if len(data) < 2:
        return b""
    count, size = data[0], data[1]
    return b"".join(data[at + 1 : at + 1 + size] for at in range(2, 2 + count * (size + 1), size + 1))


def _uid(raw: bytes) -> str:
    """Give a tag's UID; empty for another kind of chip."""
    with suppress(TagError):
        return uid_of(raw)
    return ""


def _is_whole(memory: bytes) -> bool:
    try:
        item_on_tag(memory)
    except TagError:
        return False
    return True
