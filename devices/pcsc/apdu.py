"""Commands to a contactless card and what its answers hold, as bytes (PC/SC part 3).

An answer is data and two bytes of status, ``90 00`` when all is well. With ``61 xx`` it goes on: GET RESPONSE asks for
xx bytes more (ISO 7816-4), by the class of the command where a reader answers it itself, else by that of cards. Any
other answer, a short one and a random one are an :class:`ApduError` that names the field it was to give.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final, TypeAlias

GET_UID: Final = bytes.fromhex("FFCA000000")
BLOCK_LENGTH: Final = 4
# ISO 14443: 4, 7 or 10 bytes; ISO 15693 and FeliCa: 8.
UID_LENGTHS: Final = frozenset({4, 7, 8, 10})
_OK = b"\x90\x00"
_WRONG_LENGTH = 0x6C  # the second byte of the status says the right one
_MORE = 0x61  # the second byte of the status says how much, 0: 256 or more
_PARTS = 16  # of one answer at most; what is asked for here would fit in one
_CLASS_OF_CARDS = 0x00
# Neither the command nor its class is known.
_UNKNOWN = (b"\x6d\x00", b"\x6e\x00")
# An ATR that PC/SC makes up for a storage card: its registered identifier, then which standard the card keeps to.
_STORAGE_CARD = bytes.fromhex("A000000306")
_ISO_15693 = frozenset({0x09, 0x0A, 0x0B, 0x0C})

Transmit: TypeAlias = Callable[[bytes], bytes]


class ApduError(ValueError):
    """An answer does not hold what was asked for.

    Attributes:
        field: what was asked for: ``uid``, or ``block 3``.
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


class Addressing(Enum):
    """Where a reader looks for a block's number: Microsoft's specification has it in P1, some readers in P2."""

    P1 = "p1"
    P2 = "p2"

    def read_block(self, number: int, length: int = BLOCK_LENGTH) -> bytes:
        """Make the command that reads one block.

        Args:
            number: from 0 to 255.
            length: the bytes in a block.
        """
        parameters = (number, 0) if self is Addressing.P1 else (0, number)
        return bytes((0xFF, 0xB0, *parameters, length))


def data_in(answer: bytes, field: str) -> bytes:
    """Take the data out of an answer.

    Args:
        answer: as the card gave it, its status last.
        field: what was asked for.

    Raises:
        ApduError: there is no status, or it is not ``90 00``.
    """
    if len(answer) < len(_OK):
        raise ApduError(field, "an answer without a status")
    data, status = answer[:-2], answer[-2:]
    if status != _OK:
        raise ApduError(field, f"status {status.hex().upper()}")
    return data


def ask(transmit: Transmit, command: bytes, field: str) -> bytes:
    """Send a command and put its answer together.

    Args:
        transmit: sends a command, gives the answer.
        command: what to send.
        field: what is asked for.

    Returns:
        The data of all its parts, the last status last.

    Raises:
        ApduError: it has no end.
    """
    answer, before = transmit(command), b""
    for _part in range(_PARTS):
        if len(answer) < len(_OK) or answer[-2] != _MORE:
            return before + answer
        before += answer[:-2]
        answer = _rest(transmit, command[0], answer[-1])
    raise ApduError(field, "an answer without an end")


def _rest(transmit: Transmit, of_class: int, length: int) -> bytes:
    """Ask for what an answer has left."""
    answer = transmit(bytes((of_class, 0xC0, 0, 0, length)))
    if answer in _UNKNOWN:
        answer = transmit(bytes((_CLASS_OF_CARDS, 0xC0, 0, 0, length)))
    return answer


def read_uid(transmit: Transmit) -> str:
    """Read a card's own number.

    Args:
        transmit: sends a command, gives the answer.

    Returns:
        As :func:`uid_in` has it.

    Raises:
        ApduError: naming ``uid``.
    """
    return uid_in(ask(transmit, GET_UID, "uid"))


def uid_in(answer: bytes) -> str:
    """Take a card's own number out of an answer.

    Args:
        answer: what :data:`GET_UID` was answered with.

    Returns:
        Capital hexadecimal digits, most significant byte first, as :func:`normalised` has them.

    Raises:
        ApduError: naming ``uid``.
    """
    uid = data_in(answer, "uid")
    if len(uid) not in UID_LENGTHS:
        raise ApduError("uid", f"{len(uid)} bytes")
    if not any(uid):
        raise ApduError("uid", "nothing but zeros")
    return normalised(uid).hex().upper()


def normalised(uid: bytes) -> bytes:
    """Turn the number of an ISO 15693 tag round if the reader gave its last byte first; it begins with E0."""
    if len(uid) == 8 and uid[0] != 0xE0 and uid[-1] == 0xE0:
        return uid[::-1]
    return uid


def is_tag(atr: bytes, uid: str) -> bool:
    """Tell whether a card is an ISO 15693 tag, which has blocks to read.

    Args:
        atr: what the reader made up for it.
        uid: as :func:`uid_in` gave it; not every reader says the standard, but only a tag's begins with E0.
    """
    _before, found, behind = atr.partition(_STORAGE_CARD)
    if found and behind and behind[0] in _ISO_15693:
        return True
    return len(uid) == 16 and uid.startswith("E0")


def read_block(transmit: Transmit, addressing: Addressing, number: int) -> bytes:
    """Read one block of a tag.

    Args:
        transmit: sends a command, gives the answer.
        addressing: as the reader wants it.
        number: which block.

    Returns:
        Its bytes: four, or as many as the tag says that its blocks have.

    Raises:
        ApduError: naming the block.
    """
    field = f"block {number}"
    answer, length = ask(transmit, addressing.read_block(number), field), BLOCK_LENGTH
    if len(answer) == len(_OK) and answer[0] == _WRONG_LENGTH and answer[1]:
        length = answer[1]
        answer = ask(transmit, addressing.read_block(number, length), field)
    data = data_in(answer, field)
    if len(data) != length:
        raise ApduError(field, f"{len(data)} bytes, not {length}")
    return data
