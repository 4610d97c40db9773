"""What the tests of deletion requests share."""

from __future__ import annotations

import pytest

from tests.asking_to_go import Farewell
from tests.builders import House


@pytest.fixture
def farewell(house: House) -> Farewell:
    """A library in which deletions can be asked for, on each engine in turn."""
    return Farewell(house)
