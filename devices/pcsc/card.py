"""What lies on a reader: its own number, and for a tag what is written on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from devices.pcsc.apdu import GET_UID, Addressing, ApduError, Transmit, is_tag, read_block, uid_in
from devices.pcsc.item import item_in

# The basic block of the Danish data model, and what a tag holds of it that has no room for all. Behind it may stand a
# title: that is not asked for.
BASIC: Final = 36
TRUNCATED: Final = 32


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says it is.

    Attributes:
        uid: its own number, capital hexadecimal digits.
        item: the item's number that is written on it; empty: none, or it cannot be understood.
        addressing: how its blocks were read, when they could be understood.
        trouble: why there is no item though this is a tag: ``block 3: status 6A82``.
    """

    uid: str = field(repr=False)
    item: str = field(default="", repr=False)
    addressing: Addressing | None = None
    trouble: ApduError | None = None

    @property
    def code(self) -> str:
        """What counts: the item's number, else the card's own."""
        return self.item or self.uid


def read_card(transmit: Transmit, atr: bytes, ways: tuple[Addressing, ...]) -> Card:
    """Read what lies on a reader.

    Args:
        transmit: sends a command, gives the answer.
        atr: what the reader made up for it.
        ways: how its blocks may have to be asked for, likeliest first; none: only its own number is read.

    Raises:
        ApduError: naming ``uid``: it does not even say its number.
    """
    uid = uid_in(transmit(GET_UID))
    if not is_tag(atr, uid):
        return Card(uid)
    trouble: ApduError | None = None
    for way in ways:
        try:
            item = item_in(read_memory(transmit, way))
        except ApduError as error:
            trouble = trouble or error
        else:
            return Card(uid, item, way)
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
