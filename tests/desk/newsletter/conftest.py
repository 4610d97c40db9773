"""What the tests of the newsletter share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import House
from tests.desk.newsletter.subscribing import Editor
from tests.messaging import Office


@pytest.fixture
def editor(house: House, tmp_path: Path) -> Editor:
    """A library with a newsletter, on each engine in turn."""
    return Editor(Office(house, tmp_path))
