"""What a pad says of the tags on it, and a reader of the one (V1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from devices.rfid import Tag, TagField


@dataclass(frozen=True, slots=True)
class TagLaid:
    """A tag was laid down and read. Said once, however often the pad sees it lie there.

    Attributes:
        uid: which chip: 16 hexadecimal digits.
        tag: what it says.
        afi: what it tells the gate; None: that cannot be read here.
        is_single: a reader read it that holds one tag at a time, so that the parts of an item come one after another,
            and that cannot write what it tells the gate.
        is_scan: its number is a scan; else it has been told in another way, or before.
    """

    uid: str
    tag: Tag
    afi: int | None = None
    is_single: bool = False
    is_scan: bool = True


@dataclass(frozen=True, slots=True)
class TagUnread:
    """A tag lies there, and what it says cannot be read.

    Attributes:
        field: which part of it.
    """

    uid: str
    field: TagField


@dataclass(frozen=True, slots=True)
class TagTaken:
    """A tag was taken off."""

    uid: str


@dataclass(frozen=True, slots=True)
class AfiWritten:
    """A tag tells the gate something else now."""

    uid: str
    afi: int


@dataclass(frozen=True, slots=True)
class AfiNotWritten:
    """A tag still tells the gate what it did: it had been taken off, or the pad could not write."""

    uid: str
    afi: int


PadMessage: TypeAlias = TagLaid | TagUnread | TagTaken | AfiWritten | AfiNotWritten
