"""Another process that holds the store, and a look at the queue from outside (Q8)."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlcipher3 import dbapi2 as sqlcipher

from desk.secrets import Secrets

HOLDER = """
import sys, time
from sqlcipher3 import dbapi2
connection = dbapi2.connect(sys.argv[1], isolation_level=None, timeout=10)
connection.execute(f"PRAGMA key=\\"x'{sys.argv[2]}'\\"")
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[3]))
connection.execute("ROLLBACK")
"""


@contextlib.contextmanager
def holding_the_store(home: Path, seconds: float) -> Iterator[None]:
    """Let another process hold the store exclusively; entered once it does."""
    key = Secrets(home, "folder").secret("store").hex()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home / "store.db"), key, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        yield
    finally:
        assert holder.wait(30) == 0
        holder.stdout.close()


class QueueWatch:
    """Reads ``queue.db`` over a connection of its own, and notes the last look at which each entry was not there yet.

    That look, and not the one that first sees it: whoever looks may be kept from looking as well.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "queue.db"
        self._key = Secrets(home, "folder").secret("queue").hex()
        self._missing_at: dict[int, float] = {}
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _connect(self) -> sqlcipher.Connection:
        connection = sqlcipher.connect(str(self._path), isolation_level=None, timeout=10)
        connection.execute(f"PRAGMA key=\"x'{self._key}'\"")
        return connection

    def __enter__(self) -> Self:
        while not self._path.exists():
            time.sleep(0.05)
        time.sleep(0.5)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        connection = self._connect()
        latest, looked = 0, time.monotonic()
        while not self._stopped.wait(0.005):
            last_look, looked = looked, time.monotonic()
            rows = connection.execute(
                "SELECT id FROM entry WHERE id > ? AND kind = 'code' ORDER BY id", (latest,)
            ).fetchall()
            if rows:
                latest = rows[-1][0]
                with self._changed:
                    self._missing_at.update((row[0], last_look) for row in rows)
                    self._changed.notify_all()
        connection.close()

    def latest_id(self) -> int:
        """Give the newest entry's id, of any kind."""
        connection = self._connect()
        latest = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entry'").fetchone()
        connection.close()
        return int(latest[0])

    def wait_for(self, entry_id: int, timeout: float = 30.0) -> dict[int, float]:
        """Wait until an entry has been seen; gives when each was last missing, in monotonic seconds."""
        with self._changed:
            assert self._changed.wait_for(lambda: entry_id in self._missing_at, timeout), "the entry never came"
            return dict(self._missing_at)

    def order_of(self, after: int) -> list[int]:
        """Give the ids of settled entries after one, in the order of the file."""
        connection = self._connect()
        rows = connection.execute("SELECT id FROM entry WHERE id > ? AND state = 'settled'", (after,)).fetchall()
        connection.close()
        return [row[0] for row in rows]
