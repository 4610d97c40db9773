"""Which reader is for whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from devices.pcsc.apdu import Addressing

EITHER_WAY = (Addressing.P1, Addressing.P2)


class Role(Enum):
    """What is laid on a reader."""

    BORROWERS = "borrowers"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class ReaderRules:
    """The readers of a counter.

    Attributes:
        borrowers: part of the name of the reader for borrowers' cards, in either case; empty: every reader that is
            not for items.
        items: part of the name of the reader for items; empty: there is none.
        ways: how the blocks of a tag may have to be asked for, likeliest first; empty: they are not read.
    """

    borrowers: str = ""
    items: str = ""
    ways: tuple[Addressing, ...] = EITHER_WAY

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that a reader should have here."""
        return (Role.BORROWERS, Role.ITEMS) if self.items else (Role.BORROWERS,)

    def role_of(self, reader: str) -> Role | None:
        """Tell what a reader is for.

        Args:
            reader: its name, as PC/SC says it.

        Returns:
            None: nobody at this counter uses it.
        """
        name = reader.casefold()
        if self.items and self.items.casefold() in name:
            return Role.ITEMS
        return Role.BORROWERS if self.borrowers.casefold() in name else None


def ways_of(setting: str) -> tuple[Addressing, ...]:
    """Say how blocks may have to be asked for.

    Args:
        setting: ``auto``, ``p1``, ``p2``, or ``none`` for a reader that only says a card's own number.
    """
    return {"auto": EITHER_WAY, "none": ()}[setting] if setting in {"auto", "none"} else (Addressing(setting),)
