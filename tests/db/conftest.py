"""What the tests of the store share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import House, a_house


@pytest.fixture
def house(built_url: str) -> Iterator[House]:
    """A library on each engine in turn."""
    with a_house(built_url) as built:
        yield built
