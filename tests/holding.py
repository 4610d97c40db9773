"""Another program that holds a store: ``python -m tests.holding URL`` says «held» and lets go when its input ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.engine import database_for, is_embedded
from tests.builders import KEY

ROOT = Path(__file__).resolve().parent.parent
# On a server, what BEGIN EXCLUSIVE is on a file: nobody else can write or lock a row.
TABLES = "borrower, item, loan, command_record"


def hold(url: str) -> None:
    """Hold a store until standard input ends."""
    database = database_for(url, KEY)
    database.connect()
    if is_embedded(url):
        database.execute_sql("BEGIN EXCLUSIVE")
    else:
        database.begin()
        database.execute_sql(f"LOCK TABLE {TABLES} IN EXCLUSIVE MODE")
    sys.stdout.write("held\n")
    sys.stdout.flush()
    sys.stdin.read()
    database.rollback()
    database.close()


class Holder:
    """A process that holds a store."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.holding", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "held\n"

    def let_go(self) -> None:
        """Let go, and wait until it has."""
        self._process.communicate()


@contextmanager
def held(url: str) -> Iterator[Holder]:
    """Let another process hold a store."""
    holder = Holder(url)
    try:
        yield holder
    finally:
        if holder._process.poll() is None:
            holder.let_go()


if __name__ == "__main__":
    hold(sys.argv[1])
