"""What the tests of the newsletter share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import House
from tests.desk.newsletter.subscribing import Editor
from tests.messaging import Certificates, Office


@pytest.fixture
def editor(house: House, tmp_path: Path) -> Editor:
    """A library with a newsletter, on each engine in turn."""
    return Editor(Office(house, tmp_path))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A certificate authority of the run's own."""
    return Certificates(tmp_path_factory.mktemp("certificates"))
