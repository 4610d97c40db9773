"""What the tests of reservations share."""

from __future__ import annotations

import pytest

from tests.builders import House
from tests.reserving import Reserving


@pytest.fixture
def reserving(house: House) -> Reserving:
    """Reservations on each engine in turn."""
    return Reserving(house)
