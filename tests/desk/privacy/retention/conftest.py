"""What the tests of the clock share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import House
from tests.forgetting import Forgetting


@pytest.fixture
def forgetting(house: House, tmp_path: Path) -> Forgetting:
    """A house whose past is written by hand, on each engine in turn."""
    return Forgetting(house, tmp_path)
