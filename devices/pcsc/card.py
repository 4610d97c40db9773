"""What lies on a reader: its own number, and for a tag what is written on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from devices.pcsc.apdu import Addressing, ApduError, Transmit, is_tag, read_block, read_uid
from devices.pcsc.content import Garbled, tag_in
from devices.rfid import Tag

# The basic block of the Danish data model, and what a tag holds of it that has no room for all. Behind it may stand a
# title: that is not asked for.
BASIC: Final = 36
TRUNCATED: Final = 32


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says it is.

    Attributes:
        uid: its own number, capital hexadecimal digits.
        tag: what is written on it; None: nothing, or it cannot be understood.
        addressing: how its blocks were read, when they could be understood.
        trouble: why nothing is though this is a tag: ``block 3: status 6A82``. Blocks that were read and cannot be
            understood (:class:`~devices.pcsc.content.Garbled`) say more than those that could not be read.
    """

    uid: str = field(repr=False)
    tag: Tag | None = None
    addressing: Addressing | None = None
    trouble: ApduError | None = None

    @property
    def code(self) -> str:
        """What counts: the number that is written on it, else the card's own."""
        return self.tag.item_id if self.tag is not None else self.uid


def read_card(transmit: Transmit, atr: bytes, ways: tuple[Addressing, ...]) -> Card:
    """Read what lies on a reader.

    Args:
        transmit: sends a command, gives the answer.
        atr: what the reader made up for it.
        ways: how its blocks may have to be asked for, likeliest first; none: only its own number is read.

    Raises:
        ApduError: naming ``uid``: it does not even say its number.
    """
    uid = read_uid(transmit)
    if not is_tag(atr, uid):
        return Card(uid)
    trouble: ApduError | None = None
    for way in ways:
        try:
            tag = tag_in(read_memory(transmit, way))
        except Garbled as error:
            trouble = trouble if isinstance(trouble, Garbled) and not trouble.is_blank else error
        except ApduError as error:
            trouble = trouble or error
        else:
            return Card(uid, tag, way)
    return Card(uid, trouble=trouble)


def read_memory(transmit: Transmit, addressing: Addressing) -> bytes:
    """Read the basic block of a tag, block by block.

    Args:
        transmit: sends a command, gives the answer.
        addressing: how its blocks are asked for.

    Returns:
        36 bytes, or 32 where the tag has no more.

    Raises:
        ApduError: naming the block that cannot be read.
    """
    memory, number = b"", 0
    while len(memory) < BASIC:
        try:
            memory += read_block(transmit, addressing, number)
        except ApduError:
            if len(memory) < TRUNCATED:
                raise
            return memory[:TRUNCATED]
        number += 1
    return memory[:BASIC]
