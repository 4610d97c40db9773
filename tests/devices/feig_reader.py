"""A reader that answers as its manual says (``devices/feig_pad.py`` names it), on a line of the network.

It is no vendor's device: what it proves is that the pad speaks whole frames over a real line, and bears what goes
wrong.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread

from devices.feig_pad import (
    INVENTORY,
    ISO_HOST,
    MORE,
    NO_TAG,
    OK,
    READ_BLOCKS,
    RF_RESET,
    SYSTEM_INFORMATION,
    WRITE_AFI,
    FeigPad,
    crc16,
)
from devices.rfid import IN_STOCK
from devices.tag_pad import PadMissing, TagGone, TagPad
from devices.virtual_pad import VirtualPad

ISO_ERROR = 0x95
DATA_SETS = 5  # how many it tells at a time
BLOCK = 4


class FeigStage:
    """The reader with its tags, and the pad that asks it.

    Attributes:
        writes: or it only says so.
        holds: how many blocks an answer has room for.
        ends: its inventory; else it has always more to tell.
    """

    def __init__(self) -> None:
        self._tags = VirtualPad()
        self._plugged = True
        self.writes = True
        self.holds = 255
        self.ends = True
        self._quiet: set[str] = set()
        self._found: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connection: socket.socket | None = None
        Thread(target=self._serve, daemon=True).start()
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.pad: TagPad = FeigPad(self.address, patience=2)

    def lay(self, uid: str, memory: bytes, *, afi: int = IN_STOCK, reads: list[int] | None = None) -> None:
        """Lay a tag down; a tag has whole blocks."""
        self._tags.lay(uid, memory.ljust(-(-len(memory) // BLOCK) * BLOCK, b"\0"), afi=afi, reads=reads)

    def lift(self, uid: str) -> None:
        """Take a tag off."""
        self._tags.lift(uid)

    def snatch(self, uid: str) -> None:
        """Let a tag be pulled off at the next write."""
        self._tags.snatch(uid)

    def afi_of(self, uid: str) -> int:
        """Tell what a tag tells the gate."""
        return self._tags.afi_of(uid)

    def plug(self, *, plugged: bool) -> None:
        """Pull the plug, or put it back."""
        self._plugged = plugged
        if not plugged and self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take it away."""
        self.pad.close()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._connection, _address = self._listener.accept()
                with self._connection, suppress(OSError):
                    if self._plugged:
                        self._answer_all(self._connection)

    def _answer_all(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        with stream:
            while start := stream.read(1):
                frame = start + stream.read(start[0] - 1)
                assert crc16(frame[:-2]) == int.from_bytes(frame[-2:], "little")
                status, data = self._answer(frame[2], frame[3:-2])
                # Sent in two pieces: a line keeps no frame together.
                body = bytes([0, frame[2], status]) + data
                answer = bytes([len(body) + 3]) + body
                answer += crc16(answer).to_bytes(2, "little")
                connection.sendall(answer[:5])
                connection.sendall(answer[5:])

    def _answer(self, control: int, data: bytes) -> tuple[int, bytes]:
        if control == RF_RESET:
            self._quiet.clear()
            return OK, b""
        assert control == ISO_HOST
        if data[0] == INVENTORY:
            return self._inventory(is_new=data[1] == 0)
        assert data[1] == 1, "addressed"
        uid = data[2:10].hex().upper()
        if uid not in self._tags.lying():
            return NO_TAG, b""
        if data[0] == READ_BLOCKS:
            first, count = data[10], data[11]
            memory = next(tag.memory for tag in self._tags.inventory() if tag.uid == uid)
            if (first + count) * BLOCK > len(memory):
                return ISO_ERROR, b"\x10"
            told = min(count, self.holds)
            blocks = (memory[at * BLOCK : (at + 1) * BLOCK] for at in range(first, first + told))
            return MORE if told < count else OK, bytes([told, BLOCK]) + b"".join(b"\0" + block for block in blocks)
        if data[0] == SYSTEM_INFORMATION:
            return OK, b"\x3e" + bytes.fromhex(uid) + bytes([self._tags.afi_of(uid), 3, 27, 1])
        assert data[0] == WRITE_AFI
        try:
            if self.writes:
                self._tags.write_afi(uid, data[10])
        except (TagGone, PadMissing):
            return NO_TAG, b""
        return OK, b""

    def _inventory(self, *, is_new: bool) -> tuple[int, bytes]:
        if is_new:
            self._found = [uid for uid in self._tags.lying() if uid not in self._quiet]
            self._quiet.update(self._found)
        if not self.ends:
            return MORE, b"\x01\x03\x00" + bytes.fromhex("E004000000000001")
        told, self._found = self._found[:DATA_SETS], self._found[DATA_SETS:]
        if not told:
            return NO_TAG, b""
        sets = b"".join(b"\x03\x00" + bytes.fromhex(uid) for uid in told)
        return MORE if self._found else OK, bytes([len(told)]) + sets
