"""What is written on an item's RFID tag: the Danish data model (DS/INF 163-1, ISO 28560-3), bytes ↔ values (V1).

A tag starts with a basic block of 34 bytes, or of 32 where the tag holds no more::

    0       standard version (1) in the high nibble, type of usage in the low one
    1, 2    parts of the item; which of them this is
    3-18    the item's number, padded with zeros
    19, 20  CRC over all the others, low byte first; a block of 32 is padded with two zeros for it
    21-33   the owner's ISIL without its hyphen, padded with zeros

Extension blocks follow: length (with itself), id (2, low byte first), a byte that makes the whole XOR to 0, data.
Length 0 ends them, a single 1 fills.

Read leniently where public writers are known to differ and the CRC still proves what was read; nothing is guessed:
which byte is the parts and which the part stands as the standard has it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, Flag, IntEnum, auto
from functools import reduce
from operator import xor
from typing import Final

IN_STOCK: Final = 0x07  # AFI, the byte that a gate asks for
ON_LOAN: Final = 0xC2

WHOLE: Final = 34
TRUNCATED: Final = 32
_VERSION = 1
_ITEM_ID = slice(3, 19)
_CRC = slice(19, 21)
_LIBRARY = slice(21, 34)
_BLOCK = 4  # bytes in one block of a tag's memory
_HEAD = 4  # bytes of an extension block before its data
_UID_LENGTH = 8
_UID_START = 0xE0


class TagField(Enum):
    """Which part of a tag cannot be read or written."""

    MEMORY = "memory"
    CRC = "crc"
    VERSION = "version"
    USAGE = "usage"
    PARTS = "parts"
    PART = "part"
    ITEM_ID = "item_id"
    LIBRARY = "library"
    EXTENSIONS = "extensions"
    SYSTEM = "system"
    UID = "uid"


class TagError(ValueError):
    """A tag cannot be read, or a value has no place on one.

    Attributes:
        field: which part of it.
    """

    def __init__(self, field: TagField, why: str) -> None:
        super().__init__(f"{field.value}: {why}")
        self.field = field


class Usage(IntEnum):
    """What the item is for; the numbers are the standard's."""

    ACQUISITION = 0
    CIRCULATION = 1
    NOT_FOR_CIRCULATION = 2
    LOCAL_3 = 3
    LOCAL_4 = 4
    FUTURE = 5
    UNKNOWN = 6
    DISCARDED = 7
    PATRON_CARD = 8
    EQUIPMENT = 9


class Oddity(Flag):
    """How a tag departs from the standard and was read all the same."""

    NONE = 0
    CRC_OVER_30 = auto()
    """The CRC of a block of 32 leaves out the padding."""
    BLOCKS_REVERSED = auto()
    """The bytes of each block of memory stand the other way round."""
    EXTENSIONS_DAMAGED = auto()
    """From some extension block on, the rest says nothing."""


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension block. Id 1 is the library's (media format), 2 acquisition, 3 supplement, 4 title, 5 ILL.

    Attributes:
        block_id: its two bytes. FFxx starts a longer number, whose rest is left in the data.
    """

    block_id: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag says.

    Attributes:
        item_id: 1 to 16 bytes of UTF-8; a borrower's card where ``usage`` is that.
        library: ISIL without its hyphen (``DK767100``); empty: it does not say.
        parts: of how many the item consists; 0: it does not say.
        part: which of them this tag is on, from 1; 0: it does not say.
        oddities: what is not as the standard has it; only of a tag that was read.
    """

    item_id: str = field(repr=False)
    library: str = ""
    usage: Usage = Usage.CIRCULATION
    parts: int = 1
    part: int = 1
    extensions: tuple[Extension, ...] = ()
    oddities: Oddity = Oddity.NONE


@dataclass(frozen=True, slots=True)
class TagSystem:
    """A tag's answer to Get System Information; None: it does not say.

    Attributes:
        uid: 16 hexadecimal digits, E0 first.
        dsfid: 3E for this data model; many tags say 0.
        blocks: how many blocks its memory has.
        block_size: bytes in one of them.
    """

    uid: str
    dsfid: int | None = None
    afi: int | None = None
    blocks: int | None = None
    block_size: int | None = None
    ic_reference: int | None = None


def crc(data: bytes) -> int:
    """Compute the CRC-16 of the standard's annex C: polynomial 1021, from FFFF, neither reflected nor inverted."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _bit in range(8):
            register = (register << 1 ^ (0x1021 if register & 0x8000 else 0)) & 0xFFFF
    return register


def item_on_tag(memory: bytes) -> Tag:
    """Read a tag.

    Args:
        memory: the tag's user memory from its first block, as much as was read.

    Raises:
        TagError: it cannot be read; its ``field`` says at what. Damaged extension blocks are no reason: see
            :class:`Oddity`.
    """
    if len(memory) < TRUNCATED:
        raise TagError(TagField.MEMORY, f"{len(memory)} bytes, a tag has at least {TRUNCATED}")
    if not any(memory[:WHOLE]):
        raise TagError(TagField.MEMORY, "the tag is blank")
    memory, oddities = _proven(memory)
    basic = _padded(memory)
    if basic[0] >> 4 != _VERSION:
        raise TagError(TagField.VERSION, f"{basic[0] >> 4}, not {_VERSION}")
    extensions, is_damaged = _extensions(memory[WHOLE:])
    tag = Tag(
        item_id=_text(basic[_ITEM_ID], TagField.ITEM_ID),
        library=_text(basic[_LIBRARY], TagField.LIBRARY),
        usage=_usage(basic[0] & 0x0F),
        parts=basic[1],
        part=basic[2],
        extensions=extensions,
        oddities=oddities | Oddity.EXTENSIONS_DAMAGED if is_damaged else oddities,
    )
    _check(tag)
    return tag


def bytes_of(tag: Tag, size: int = WHOLE) -> bytes:
    """Write a tag, as the standard has it.

    Args:
        tag: what it shall say; its oddities are left out.
        size: bytes to fill: 32, or 34 and more.

    Raises:
        TagError: something has no place in so many bytes, or could not be read again.
    """
    if size != TRUNCATED and size < WHOLE:
        raise TagError(TagField.MEMORY, f"a tag has {TRUNCATED} bytes, or {WHOLE} and more, not {size}")
    _check(tag)
    for number, which in ((tag.parts, TagField.PARTS), (tag.part, TagField.PART)):
        if not 0 <= number <= 0xFF:
            raise TagError(which, f"{number} is no byte")
    head = bytes([_VERSION << 4 | tag.usage, tag.parts, tag.part])
    item_id = _bytes(tag.item_id, 16, TagField.ITEM_ID)
    library = _bytes(tag.library, min(size, WHOLE) - _LIBRARY.start, TagField.LIBRARY)
    proof = crc(_padded(head + item_id + b"\0\0" + library, without_crc=True))
    extensions = b"".join(map(_extension_bytes, tag.extensions))
    written = head + item_id + proof.to_bytes(2, "little") + library + extensions
    if len(written) > size:
        raise TagError(TagField.EXTENSIONS, f"they need {len(written)} bytes, there are {size}")
    return written.ljust(size, b"\0")


def system_of(answer: bytes) -> TagSystem:
    """Read a tag's answer to Get System Information: flags of what it says, the UID low byte first, what it says.

    Raises:
        TagError: it is cut off, too long, or has no UID.
    """
    if len(answer) < 1 + _UID_LENGTH:
        raise TagError(TagField.SYSTEM, f"{len(answer)} bytes")
    flags, uid, rest = answer[0], uid_of(answer[1 : 1 + _UID_LENGTH]), list(answer[1 + _UID_LENGTH :])
    lengths = [length if flags & bit else 0 for bit, length in ((1, 1), (2, 1), (4, 2), (8, 1))]
    if sum(lengths) != len(rest):
        raise TagError(TagField.SYSTEM, f"{len(rest)} bytes after the UID, its flags promise {sum(lengths)}")
    dsfid, afi, size, chip = ([rest.pop(0) for _byte in range(length)] for length in lengths)
    return TagSystem(
        uid=uid,
        dsfid=dsfid[0] if dsfid else None,
        afi=afi[0] if afi else None,
        # Both are told less one; the high bits of a block's size are for later use.
        blocks=size[0] + 1 if size else None,
        block_size=(size[1] & 0x1F) + 1 if size else None,
        ic_reference=chip[0] if chip else None,
    )


def uid_of(uid: bytes) -> str:
    """Write a tag's UID in one way, whichever end its reader begins at.

    Returns:
        16 hexadecimal digits, E0 first: so the UID of every ISO 15693 tag begins.

    Raises:
        TagError: it is none.
    """
    if len(uid) == _UID_LENGTH:
        for one in (uid, uid[::-1]):
            if one[0] == _UID_START:
                return one.hex().upper()
    raise TagError(TagField.UID, "not 8 bytes with E0 at one end")


def _proven(memory: bytes) -> tuple[bytes, Oddity]:
    """Give memory in the order in which its CRC fits, and what is odd about it; as it stands is tried first."""
    # A block that was not read to its end has nothing that could be turned round.
    turned = b"".join(memory[at : at + _BLOCK][::-1] for at in range(0, len(memory) - _BLOCK + 1, _BLOCK))
    for ordered, oddity in ((memory, Oddity.NONE), (turned, Oddity.BLOCKS_REVERSED)):
        basic, proven = _padded(ordered), _padded(ordered, without_crc=True)
        told = int.from_bytes(basic[_CRC], "little")
        if told == crc(proven):
            return ordered, oddity
        if not any(basic[TRUNCATED:]) and told == crc(proven[: TRUNCATED - 2]):
            return ordered, oddity | Oddity.CRC_OVER_30
    raise TagError(TagField.CRC, "it does not fit")


def _padded(memory: bytes, *, without_crc: bool = False) -> bytes:
    """Give the basic block as 34 bytes; without its CRC as the 32 that it is over."""
    basic = memory[:WHOLE].ljust(WHOLE, b"\0")
    return basic[: _CRC.start] + basic[_CRC.stop :] if without_crc else basic


def _usage(number: int) -> Usage:
    try:
        return Usage(number)
    except ValueError:
        raise TagError(TagField.USAGE, f"{number} is none") from None


def _check(tag: Tag) -> None:
    """Refuse what no tag can say."""
    if not tag.item_id:
        raise TagError(TagField.ITEM_ID, "there is none")
    if tag.part > max(tag.parts, 1):
        raise TagError(TagField.PART, f"{tag.part} of {tag.parts}")


def _text(padded: bytes, field: TagField) -> str:
    text, _zero, rest = padded.partition(b"\0")
    if any(rest):
        raise TagError(field, "it goes on after its end")
    try:
        return _printable(text.decode(), field).strip(" ")
    except UnicodeDecodeError as error:
        raise TagError(field, "it is no UTF-8") from error


def _bytes(text: str, room: int, field: TagField) -> bytes:
    if text != _printable(text, field).strip(" "):
        raise TagError(field, "blanks around it would not be read again")
    written = text.encode()
    if len(written) > room:
        raise TagError(field, f"{len(written)} bytes, there is room for {room}")
    return written.ljust(room, b"\0")


def _printable(text: str, field: TagField) -> str:
    """Give a text as it is: one with a control, a turn of direction or half a character is refused."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in text):
        raise TagError(field, "it has characters that cannot be shown")
    return text


def _extensions(memory: bytes) -> tuple[tuple[Extension, ...], bool]:
    """Give the blocks up to their end, or up to the first that is damaged, and whether there was one."""
    read: list[Extension] = []
    for block in _blocks(memory):
        if len(block) < _HEAD or len(block) != block[0] or reduce(xor, block):
            return tuple(read), True
        read.append(Extension(int.from_bytes(block[1:3], "little"), block[_HEAD:]))
    return tuple(read), False


def _blocks(memory: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(memory) and memory[at]:
        if memory[at] > 1:
            yield memory[at : at + memory[at]]
        at += memory[at]


def _extension_bytes(extension: Extension) -> bytes:
    length = _HEAD + len(extension.data)
    if length > 0xFF or not 0 <= extension.block_id <= 0xFFFF:
        raise TagError(TagField.EXTENSIONS, f"block {extension.block_id} with {len(extension.data)} bytes")
    head = bytes([length]) + extension.block_id.to_bytes(2, "little")
    return head + bytes([reduce(xor, head + extension.data)]) + extension.data
