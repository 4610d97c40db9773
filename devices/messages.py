"""What a device says: plain values, handed to a callback from the device's own thread (V1).

Here stands what every counter needs from its start. What only some devices say, and no first page waits for, stands
in ``card_messages``, ``pad_messages`` and ``printer_messages``: each frozen class costs a start most of a millisecond
(Q5).

A code may be a CPR number, so no ``repr`` shows one: a log line or a crash report can then hold none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

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
class DeviceChanged:
    """A device went away or came back (V3).

    Attributes:
        device: which one.
        state: how it is now; ``no_service``: the system's service for readers does not answer, ``error``: the
            device's driver does not.
    """

    device: Device
    state: DeviceState
