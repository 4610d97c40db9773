"""What the tests of the pages share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.screens.at_work import make_home


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that nobody works in."""
    return make_home(tmp_path_factory.mktemp("library") / "home")


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A library of one's own."""
    return Path(shutil.copytree(template, tmp_path / "home"))
