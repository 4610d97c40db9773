"""That the tests' own PostgreSQL is there, fresh for each test, and goes with them."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import engines
from tests.engines import Server


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_has_an_empty_database_of_its_own(postgres_url: str, turn: int) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE only_here (turn int)")


def test_danish_letters_and_emoji_go_through_the_server(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT 'Ærø 👩‍🚀'").fetchone() == ("Ærø 👩‍🚀",)


def test_a_wrong_password_does_not_get_in(postgres_server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(postgres_server.url("postgres"), password="guessed")


def test_without_postgresql_tests_fail_and_are_not_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engines, "PROGRAMS", tmp_path)
    with pytest.raises(pytest.fail.Exception, match=r"\.setup/install --tests"):
        engines.newest_programs()


def test_the_server_goes_when_the_tests_are_killed() -> None:
    program = (
        "import os, signal; from tests.engines import running_server\n"
        "with running_server() as server:\n"
        "    print(server.pid, server.folder, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    pid, folder = killed.stdout.split()
    try:
        assert killed.returncode == -signal.SIGKILL
        assert ended(int(pid), within_seconds=30)
    finally:
        shutil.rmtree(folder)


def ended(pid: int, within_seconds: float) -> bool:
    """Wait for a process that is not our child to end."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], within_seconds)[0])
    finally:
        os.close(process)
