"""What devices say to the program: plain frozen values, handed over by a callback.

No ``repr`` shows a code: it may be a CPR number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Source = Literal["keyboard", "scanner", "reader", "virtual"]
Device = Literal["reader", "printer", "scanner"]
DeviceState = Literal["ok", "missing"]


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code came in and waits for the scan queue (C1, C2).

    Attributes:
        code: what was read, as it came: neither trimmed nor checked, of any length.
        source: where it came from.
        at: monotonic seconds at which the last character arrived.
    """

    code: str = field(repr=False)
    source: Source
    at: float


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was laid on a reader.

    Attributes:
        code: the card's number, as the reader tells it.
        reader: the reader's name.
    """

    code: str = field(repr=False)
    reader: str


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card was taken off a reader (C7)."""

    reader: str


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device came, went or died; work goes on either way (V3)."""

    device: Device
    state: DeviceState


DeviceMessage = Scanned | CardPresented | CardRemoved | DeviceChanged
