"""What a device says: plain values, handed to a callback from the device's own thread (V1).

A code may be a CPR number, so no ``repr`` shows one: a log line or a crash report can then hold none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from devices.rfid import Tag, TagField

Source: TypeAlias = Literal["keyboard", "scanner", "reader", "tag", "pad", "virtual"]
Device: TypeAlias = Literal["reader", "item_reader", "scanner", "pad", "printer"]
DeviceState: TypeAlias = Literal["ok", "missing", "no_paper", "no_service", "error"]


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code came in whole (C1).

    Attributes:
        code: as it was sent, without the scanner's prefix, suffix or Enter; not yet trimmed or looked up.
        source: how it came.
        at: when its last key came, in seconds of the monotonic clock.
        is_certain: nothing but a scan comes so; else it may be a password that a machine typed.
    """

    code: str = field(repr=False)
    source: Source
    at: float
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was laid on a reader.

    Attributes:
        code: what the card says it is.
        reader: the reader's name.
    """

    code: str = field(repr=False)
    reader: str


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card was taken off a reader (C7: that draws the curtain).

    Attributes:
        reader: the reader's name.
    """

    reader: str


@dataclass(frozen=True, slots=True)
class TagLaid:
    """A tag was laid on the pad and read. Said once, however often the pad sees it lie there.

    Attributes:
        uid: which chip: 16 hexadecimal digits.
        tag: what it says.
        afi: what it tells the gate; None: the pad cannot read that.
    """

    uid: str
    tag: Tag
    afi: int | None = None


@dataclass(frozen=True, slots=True)
class TagUnread:
    """A tag lies on the pad, and what it says cannot be read.

    Attributes:
        field: which part of it.
    """

    uid: str
    field: TagField


@dataclass(frozen=True, slots=True)
class TagTaken:
    """A tag was taken off the pad."""

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


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """Something lies on a reader and cannot be read.

    Attributes:
        reader: the reader's name.
        field: what could not be: ``uid``, ``block 3``, or ``card`` when it does not answer at all.
    """

    reader: str
    field: str


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device went away or came back (V3).

    Attributes:
        device: which one.
        state: how it is now; ``no_service``: the system's service for readers does not answer, ``error``: the
            device's driver does not.
    """

    device: Device
    state: DeviceState


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer has taken a job whole.

    Attributes:
        job_id: as whoever keeps the jobs calls it; it names nobody.
    """

    job_id: str


PadMessage: TypeAlias = TagLaid | TagUnread | TagTaken | AfiWritten | AfiNotWritten
