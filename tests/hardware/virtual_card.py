"""A card in the virtual reader: a client of its port that answers commands.

Frames are two bytes of length and so many bytes; a single byte is an order of the reader (0 off, 1 on, 2 reset,
4: say the ATR), anything else a command to answer.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self, TypeAlias

from devices.pcsc.apdu import GET_UID

OK = b"\x90\x00"
REFUSED = b"\x6a\x82"
_SAY_ATR = 4


def storage_atr(standard: int) -> bytes:
    """Make the ATR that a reader makes up for a storage card."""
    body = bytes.fromhex("8F8001804F0CA000000306") + bytes((standard, 0, 0, 0, 0, 0, 0))
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes((check,))


MIFARE, TAG = storage_atr(0x03), storage_atr(0x0B)
# What answers a command; None: the card is pulled just then.
Answering: TypeAlias = Callable[[bytes], bytes | None]


def with_uid(uid: str) -> Answering:
    """Answer as a card that says its number and nothing else."""
    return lambda command: bytes.fromhex(uid) + OK if command == GET_UID else REFUSED


def with_blocks(uid: str, memory: bytes, *, at: int = 2, length: int = 4) -> Answering:
    """Answer as a tag.

    Args:
        uid: its number, as its reader gives it.
        memory: what is written on it.
        at: which byte of the command is the block's number: 2 (P1) or 3 (P2).
        length: of a block.
    """

    def answer(command: bytes) -> bytes:
        if command == GET_UID:
            return bytes.fromhex(uid) + OK
        if command[:2] != b"\xff\xb0" or command[5 - at]:
            return REFUSED
        if command[4] != length:
            return bytes((0x6C, length))
        block = memory[command[at] * length :][:length]
        return block + OK if len(block) == length else REFUSED

    return answer


class VirtualCard:
    """Lies on the reader from its making until it is taken off.

    Args:
        port: of the slot.
        answering: what it answers.
        atr: what the reader says it is.
    """

    def __init__(self, port: int, answering: Answering, atr: bytes = MIFARE) -> None:
        self.commands: list[bytes] = []
        self._answering, self._atr = answering, atr
        self._line = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._line.settimeout(None)
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.take_off()

    def take_off(self) -> None:
        """Take it off; once more does nothing."""
        with suppress(OSError):  # pulled, or its reader has gone
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)
        self._line.close()
        # pcscd looks every 0.4 s. A card laid on sooner would be the same one to it, which no hand can do.
        time.sleep(0.5)

    def _serve(self) -> None:
        try:
            while True:
                (length,) = struct.unpack(">H", self._received(2))
                frame = self._received(length)
                if frame == bytes((_SAY_ATR,)):
                    self._send(self._atr)
                elif length > 1:
                    self.commands.append(frame)
                    answer = self._answering(frame)
                    if answer is None:
                        self._line.shutdown(socket.SHUT_RDWR)
                        return
                    self._send(answer)
        except (OSError, EOFError):
            return

    def _received(self, length: int) -> bytes:
        # A frame comes in two packets, and the second waits for the first to be acknowledged.
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        received = self._line.recv(length, socket.MSG_WAITALL)
        if len(received) < length:
            raise EOFError
        return received

    def _send(self, frame: bytes) -> None:
        self._line.sendall(struct.pack(">H", len(frame)) + frame)
