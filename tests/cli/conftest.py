"""What the tests of the command line share."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk import texts
from desk.cli.main import run
from desk.registry.preparing import NewBranch, NewLibrary, NewStaff, make_installation
from desk.settings import Settings, SignInSettings
from tests.builders import TUESDAY, Ids

CHEAP = SignInSettings(argon2_time_cost=1, argon2_memory_kib=8, argon2_parallelism=1)
LIBRARY = NewLibrary(
    "Struer Bibliotek",
    "DK-767100",
    (NewBranch("Struer", "DK-767100"), NewBranch("Thyholm", "DK-767101")),
    (NewStaff("lone", "Lone B.", "supervisor", "hemmelig"),),
)


class Shell:
    """Runs commands in this process, in a home of their own."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.code = 0
        self.out = ""
        self.err = ""
        self._capture = capture
        self._patch = patch

    def __call__(self, *words: str, typed: str = "") -> int:
        """Run a command; gives its exit code and keeps what it said."""
        self._patch.setattr("sys.stdin", io.StringIO(typed))
        self._capture.readouterr()
        self.code = run(words)
        self.out, self.err = self._capture.readouterr()
        return self.code

    @property
    def json(self) -> Any:
        """The last line as the object it is."""
        return json.loads(self.out.splitlines()[-1])

    @property
    def said(self) -> str:
        """Everything that was said."""
        return self.out + self.err


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell whose home is not there yet."""
    home = tmp_path / "home"
    monkeypatch.setenv("DESK_HOME", str(home))
    monkeypatch.setattr("desk.cli.init.choose_backend", lambda: "folder")
    yield Shell(home, capsys, monkeypatch)
    texts.use("da")


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A shell in a library's home."""
    make_installation(shell.home, LIBRARY, Settings(sign_in=CHEAP), TUESDAY, Ids())
    return shell
