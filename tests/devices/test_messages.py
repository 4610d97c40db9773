"""What a device says holds a code, and never shows it."""

from __future__ import annotations

from devices.card_messages import CardPresented
from devices.messages import Scanned


def test_no_repr_shows_a_code() -> None:
    assert "0707614285" not in repr([Scanned("0707614285", "scanner", 1.0), CardPresented("0707614285", "virtual")])
