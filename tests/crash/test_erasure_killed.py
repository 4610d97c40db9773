"""An erasure killed at every step: at the next start it is not done, or carried to its proof before anything opens."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from db.models import Borrower, DeletionRequest
from desk.privacy.erasure.pending import requests_pending
from desk.privacy.tombstones import own_list
from tests.builders import KEY, TUESDAY, VAULT, a_house, new_store
from tests.crash.erasing_program import POINTS
from tests.decrypted import found_in_database
from tests.desk.privacy.erasure.test_proof import SHARED
from tests.erasing import KEYS, LIES_IN_STORE, Life, a_life, installation_at
from tests.pty.terminal import Terminal

ROOT = Path(__file__).parents[2]
NOT_DONE = (
    "before anything is written down",
    "written down",
    "the tombstone laid",
    "inside the transaction, at the first step",
    "inside the transaction, after the last step",
    "inside the transaction, at its end",
)


def killed(home: Path, request_id: int, point: str) -> None:
    """Carry out in a program that is killed at a point."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.crash.erasing_program", str(home), str(request_id), point],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def started_again(home: Path) -> subprocess.CompletedProcess[str]:
    """Start a program that opens the store, as any start does."""
    return subprocess.run(
        [sys.executable, "-m", "desk", "staff", "list", "--json"],
        cwd=ROOT,
        env={**os.environ, "DESK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def a_home_with_a_life(home: Path) -> Life:
    """Make a home in which somebody's deletion has been approved."""
    home.mkdir(mode=0o700)
    with a_house(f"sqlcipher://{home}/store.db") as house:
        life = asyncio.run(a_life(house))
        installation_at(house, home)
    return life


def look(home: Path, life: Life) -> tuple[str, bool, int]:
    """Give the request's state, whether the borrower is there, and how many tombstones lie."""
    request = DeletionRequest.select(DeletionRequest.state).where(DeletionRequest.id == life.request_id)
    person = Borrower.select(Borrower.id).where(Borrower.id == life.person.borrower_id)
    store = new_store(f"sqlcipher://{home}/store.db")
    state = store.read_here(lambda transaction: transaction.value(request))
    is_there = store.read_here(lambda transaction: transaction.value(person)) is not None
    store.close()
    return state, is_there, len(own_list(home, VAULT, TUESDAY.date()).tombstones)


@pytest.mark.parametrize("point", POINTS)
def test_killed_there_it_is_not_done_or_carried_to_its_proof(point: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    life = a_home_with_a_life(home)
    killed(home, life.request_id, point)
    again = started_again(home)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout.splitlines()[-1])
    assert requests_pending(home) == []
    assert sorted(path.name for path in (home / "keys").iterdir()) == sorted(KEYS)
    state, is_there, tombstones = look(home, life)
    if point in NOT_DONE:
        assert (state, is_there, tombstones) == ("approved", True, 0)
    else:
        assert (state, is_there, tombstones) == ("proven", False, 1)
        assert found_in_database(home / "store.db", KEY, LIES_IN_STORE) == SHARED


def test_the_counter_shows_no_screen_before_the_proof(tmp_path: Path) -> None:
    home = tmp_path / "home"
    life = a_home_with_a_life(home)
    killed(home, life.request_id, "committed")
    with Terminal(
        [sys.executable, "-m", "desk"], columns=100, lines=30, env={"DESK_HOME": str(home)}, cwd=ROOT
    ) as desk:
        desk.wait_for("Brugernavn", 60)
        assert look(home, life) == ("proven", False, 1)
        assert "bevis" not in desk.shown
