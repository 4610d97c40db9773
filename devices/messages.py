"""What a device says: plain values, handed to a callback from the device's own thread (V1).

A code may be a CPR number, so no ``repr`` shows one: a log line or a crash report can then hold none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Source: TypeAlias = Literal["keyboard", "scanner", "reader", "virtual"]
Device: TypeAlias = Literal["reader", "scanner", "printer"]
DeviceState: TypeAlias = Literal["ok", "missing", "no_paper"]


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
class DeviceChanged:
    """A device went away or came back (V3).

    Attributes:
        device: which one.
        state: how it is now.
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
