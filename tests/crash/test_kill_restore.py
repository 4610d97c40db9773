"""kill -9 in the middle of a restore or a back-up: what was is as it was, or it can be done again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desk.home_hold import restoring_folder
from desk.installation import open_installation
from desk.settings import FILE as SETTINGS
from tests import canary
from tests.backing_up import a_home, back_up, bring_back, erase, numbers_in, store_key, with_keys_of
from tests.decrypted import found_in_database, found_in_files
from tests.pty.counter import ROOT

NUMBER = "47164716"
HERE = "desk.backups.restoring"
# In the order in which a restore goes.
PLACES = (
    f"{HERE}:unpack:1",
    f"{HERE}:_made_ready:1",
    f"{HERE}:replay:1",
    f"{HERE}:rewrite:1",
    f"{HERE}:_put_in_place:1",
    f"{HERE}:write_list:1",
    f"{HERE}:write_register:1",
    f"{HERE}:flush:1",
    f"{HERE}:sweep_restoring:2",
)
BEFORE_THE_NAME = 7


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home from which the canary was erased after a back-up."""
    home = a_home(tmp_path / "home")
    canary.sing(home)
    (tmp_path / "media").mkdir()
    back_up(home, tmp_path / "media" / "b")
    erase(home, NUMBER)
    return home


def kill_at(place: str, file: Path, home: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.restore_program", str(file), str(home), place],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert program.stdout is not None
    with program.stdout:
        assert program.stdout.readline() == b"here\n"
        program.kill()
        program.wait()


@pytest.mark.parametrize("place", PLACES)
def test_over_a_store_whoever_was_erased_is_never_in_what_can_be_opened(home: Path, tmp_path: Path, place: str) -> None:
    kill_at(place, tmp_path / "media" / "b", home)
    assert numbers_in(home) == set()
    assert not restoring_folder(home / "store.db").exists()
    assert found_in_database(home / "store.db", store_key(home), canary.STRINGS) == set()
    with open_installation(home) as installation:
        assert installation.store.damage() == []
    bring_back(tmp_path / "media" / "b", home, may_replace=True)
    assert numbers_in(home) == set()
    assert found_in_files(home, canary.STRINGS) == {}


@pytest.mark.parametrize("place", PLACES)
def test_in_a_fresh_home_nothing_can_be_opened_before_the_end(home: Path, tmp_path: Path, place: str) -> None:
    fresh = with_keys_of(home, tmp_path / "fresh")
    kill_at(place, tmp_path / "media" / "b", fresh)
    is_done = PLACES.index(place) > BEFORE_THE_NAME
    assert (fresh / SETTINGS).exists() == is_done
    bring_back(tmp_path / "media" / "b", fresh, may_replace=True)
    assert numbers_in(fresh) == set()
    assert not (fresh / ".store.db.restoring").exists()


def test_a_back_up_that_is_killed_leaves_no_file_of_that_name(home: Path, tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.backup_program", str(tmp_path / "media" / "c"), str(home)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert program.stdout is not None
    with program.stdout:
        assert program.stdout.readline() == b"here\n"
        program.kill()
        program.wait()
    assert not (tmp_path / "media" / "c").exists()
    assert found_in_files(tmp_path / "media", canary.STRINGS) == {}
    back_up(home, tmp_path / "media" / "c")
    assert sorted(path.name for path in (tmp_path / "media").iterdir() if path.name.startswith(".")) == []
