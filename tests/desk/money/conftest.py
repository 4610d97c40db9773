"""What the tests of money share."""

from __future__ import annotations

import pytest

from tests.builders import House
from tests.owing import Owing


@pytest.fixture
def owing(house: House) -> Owing:
    """The house, with people who come too late."""
    return Owing(house)
