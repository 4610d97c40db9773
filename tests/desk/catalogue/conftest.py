"""What the tests of titles and copies share."""

from __future__ import annotations

import pytest

from tests.builders import House
from tests.catalogue_builders import Shelves


@pytest.fixture
def shelves(house: House) -> Shelves:
    """A library's shelves, on each engine in turn."""
    return Shelves(house)
