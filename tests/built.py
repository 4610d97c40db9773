"""A library that is built once a run, and copied for every test that wants one: a copy takes a tenth of the time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import a_house
from tests.engines import Server


@pytest.fixture(scope="session")
def built_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built library in a SQLCipher file that nobody has open: nothing of it lies in a write-ahead log."""
    path = tmp_path_factory.mktemp("built") / "store.db"
    with a_house(f"sqlcipher://{path}"):
        pass
    assert [path] == list(path.parent.iterdir())
    return path


@pytest.fixture(scope="session")
def built_database(postgres_server: Server) -> str:
    """The name of a database on PostgreSQL with a built library in it, that nobody is connected to."""
    name = postgres_server.create()
    with a_house(postgres_server.url(name)):
        pass
    return name


@pytest.fixture(params=["sqlcipher", "postgresql"])
def built_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A built library on each engine in turn, of the test's own."""
    if request.param == "sqlcipher":
        yield f"sqlcipher://{shutil.copy(request.getfixturevalue('built_file'), tmp_path / 'store.db')}"
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("built_database"))
    yield server.url(name)
    server.drop(name)
