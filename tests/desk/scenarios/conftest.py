"""What the scenarios share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import House
from tests.desk.scenarios.telling import Story


@pytest.fixture
def story(house: House, tmp_path: Path) -> Story:
    """A library in which something happens, on each engine in turn."""
    return Story(house, tmp_path)
