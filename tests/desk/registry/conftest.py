"""What the tests of the registry share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import House
from tests.desk.registry.files import Desk


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    """A library on each engine in turn, and a folder for files."""
    return Desk(house, tmp_path)
