"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from desk import texts
from tests.built import built_database, built_file, built_url
from tests.engines import postgres_server, postgres_url, store_url
from tests.quiet import turn

__all__ = ["built_database", "built_file", "built_url", "postgres_server", "postgres_url", "shared", "store_url"]

SHARED = Path(__file__).resolve().parents[2] / "shared"

# No deadline: real engines on a busy machine. A function's fixtures (an empty store) serve all its examples.
settings.register_profile(
    "ordinary", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("long", settings.get_profile("ordinary"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))


def pytest_xdist_auto_num_workers() -> int:
    """As many processes as processors, up to four: each starts a PostgreSQL of its own in memory."""
    return min(len(os.sched_getaffinity(0)), 4)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold long tests: the last to be taken is what the other processes would wait for."""
    long = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test that measures run while no other does."""
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture
def shared() -> Path:
    """The folder of real input beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("there is no ../shared beside the checkout")
    return SHARED


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    """Let every test begin in Danish, whatever the one before spoke."""
    texts.use("da")
    yield
    texts.use("da")
