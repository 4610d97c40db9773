"""What the tests of messages share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import House
from tests.messaging import Certificates, Office


@pytest.fixture
def office(house: House, tmp_path: Path) -> Office:
    """A library that sends messages, on each engine in turn."""
    return Office(house, tmp_path)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A certificate authority of the run's own."""
    return Certificates(tmp_path_factory.mktemp("certificates"))
