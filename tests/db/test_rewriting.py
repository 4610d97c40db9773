"""A store is rewritten while others use it: a foreign reader holds up the proof, and nobody at a counter."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from peewee import Database, OperationalError

from db import vacuum
from db.engine import database_for, is_embedded
from db.errors import StoreBusy, StoreUnreachable, StoreUnreadable
from db.rewriting import rewrite
from tests.builders import KEY, House

ROOT = Path(__file__).parents[2]
READS = """
import sys
from db.engine import database_for
from tests.builders import KEY
database = database_for(sys.argv[1], KEY)
database.connect()
database.execute_sql("BEGIN")
database.execute_sql("SELECT COUNT(*) FROM borrower").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""
# What a counter does, without ever waiting: one that is held up is counted as held up.
SCAN = "UPDATE borrower SET internal_note = internal_note"


@contextmanager
def a_reader(url: str) -> Iterator[Callable[[], object]]:
    """Let another program read the store, and go on reading until it is told to end."""
    with subprocess.Popen(
        [sys.executable, "-c", READS, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        try:
            yield reader.communicate
        finally:
            if reader.poll() is None:
                reader.communicate()


def scan(database: Database) -> bool:
    """Write once; False: somebody else had the lock."""
    try:
        with database.atomic():
            database.execute_sql(SCAN)
    except OperationalError:
        return False
    return True


def scan_meanwhile(url: str, work: Callable[[], object]) -> list[bool]:
    """Scan without a pause longer than a hand needs, until some work has ended."""
    at_work = threading.Thread(target=work)
    done: list[bool] = []
    with closing(database_for(url, KEY, busy_seconds=0)) as counter:
        counter.connect()
        if not is_embedded(url):
            counter.execute_sql("SET lock_timeout = 1")
        at_work.start()
        while at_work.is_alive():
            done.append(scan(counter))
            time.sleep(0.01)
    at_work.join()
    return done


def test_counters_work_while_a_foreign_reader_is_waited_for(house: House) -> None:
    url = house.store.url
    ended: list[str] = []

    def work() -> None:
        try:
            rewrite(url, KEY, ["borrower"], seconds=2.5)
        except StoreBusy:
            ended.append("held")

    with a_reader(url):
        done = scan_meanwhile(url, work)
    assert ended == ["held"]
    # On a server, a table that waits to be rewritten keeps others waiting for half of the time.
    assert done.count(True) > done.count(False) * (3 if is_embedded(url) else 0.3), done


def test_a_reader_that_goes_in_time_lets_the_rewriting_end(house: House) -> None:
    with a_reader(house.store.url) as end:
        timer = threading.Timer(0.5, end)
        timer.start()
        rewrite(house.store.url, KEY, ["borrower"], seconds=60)
        timer.join()


def embedded(folder: Path) -> str:
    """Make a small file of the embedded kind."""
    url = f"sqlcipher://{folder}/some.db"
    with closing(database_for(url, KEY)) as database:
        database.connect()
        database.execute_sql("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)")
    return url


def test_another_programs_writer_is_waited_for_and_then_told(tmp_path: Path) -> None:
    url = embedded(tmp_path)
    with closing(database_for(url, KEY)) as other:
        other.connect()
        with other.atomic(), pytest.raises(StoreBusy):
            rewrite(url, KEY, (), seconds=0.1)


def test_with_another_key_it_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable):
        rewrite(embedded(tmp_path), b"y" * 32, (), seconds=0.1)


def test_a_program_that_ends_without_a_word_has_not_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(StoreUnreachable):
        rewrite(embedded(tmp_path), KEY, (), seconds=0.1)


def test_what_somebody_writes_while_it_is_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, trees = embedded(tmp_path), vacuum._trees
    readings: list[int] = []
    with closing(database_for(url, KEY)) as own, closing(database_for(url, KEY)) as other:
        own.connect()
        other.connect()

        def while_read(database: Database) -> list[str]:
            readings.append(len(readings))
            if len(readings) == 1:
                other.execute_sql("INSERT INTO person VALUES (1, 'Ib')")
            return trees(database)

        monkeypatch.setattr(vacuum, "_trees", while_read)
        vacuum.write_anew(own, tmp_path / "some.db")
        assert readings == [0, 1]
        assert other.execute_sql("SELECT name FROM person").fetchall() == [("Ib",)]
