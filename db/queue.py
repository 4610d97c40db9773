"""The durable scan queue: an encrypted file of its own with a thread of its own (C2).

It works while the store does not, on every engine. An entry is *waiting* until its command has been committed
in the store, then *settled* (its raw code is deleted: it may be a CPR number) or *deciding* (a human must answer;
the code stays, because the answer needs it). Settled entries go when their pile is cleared.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from db.engine import database_for
from db.errors import StorageError
from db.store import claim_file, storage_error

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

T = TypeVar("T")

# An index over the states was a page more to write at every scan, twice; only a start looks for states (Q3).
SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    command_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    staff_id INTEGER NOT NULL,
    counter_id INTEGER NOT NULL,
    heard_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'settled', 'deciding')),
    context TEXT NOT NULL DEFAULT ''
);
DROP INDEX IF EXISTS entry_state;
CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), context TEXT NOT NULL);
"""


# The longest code, a command's id and an instant take no more.
ROOM_FOR_A_SCAN = " " * 256
# A copy that somebody made of one, queue-kopi.db, is nobody's queue.
QUEUE_NAME = re.compile(r"queue(-[1-9][0-9]?)?\.db")
KEEP_PLACE = "INSERT INTO place (id, context) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET context = excluded.context"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A scan or an order that has to wait its turn behind the scans (ending a visit, changing mode)."""

    command_id: str
    kind: str
    code: str
    staff_id: int
    counter_id: int
    heard_at: datetime

    def __repr__(self) -> str:
        """Show no code: it may be a CPR number."""
        return f"NewEntry({self.kind} {self.command_id})"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it lies in the queue. ``context`` is JSON the desk layer wrote: row ids and codes, no names."""

    id: int
    command_id: str
    kind: str
    code: str
    staff_id: int
    counter_id: int
    heard_at: datetime
    state: str
    context: str

    def __repr__(self) -> str:
        """Show no code: it may be a CPR number."""
        return f"Entry({self.id} {self.kind} {self.state})"


class Queue:
    """One counter's queue file. All work runs on its own thread, in the order in which it was asked for."""

    def __init__(self, path: Path, key: bytes, lock_descriptor: int | None = None) -> None:
        self.path = path
        self._database = database_for(f"sqlcipher://{path}", key)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="queue")
        self._lock_descriptor = lock_descriptor
        self._is_closed = False

    async def _on_thread(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    def _work(self, work: Callable[[Connection], T]) -> T:
        with self._translated():
            if self._database.is_closed():
                self._connect()
            return work(self._database.connection())

    def _connect(self) -> None:
        try:
            # Before the engine opens it: the files it lays beside one are as open as that is.
            self.path.touch(mode=0o600)
            self.path.chmod(0o600)
            self._database.connect()
            connection: Connection = self._database.connection()
            connection.executescript(SCHEMA)
        except BaseException:
            # The next attempt begins anew, with the tables: a disk that was full has room again some day.
            self._database.close()
            raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from peewee import DatabaseError as PeeweeDatabaseError  # noqa: PLC0415
        from sqlcipher3.dbapi2 import DatabaseError  # noqa: PLC0415

        try:
            yield
        except (DatabaseError, PeeweeDatabaseError, OSError) as error:
            raise storage_error(str(self.path), error) from None

    async def open(self) -> None:
        """Open the file, making it if need be.

        Raises:
            StorageError: if it cannot be read with its key, or not written.
        """
        await self._on_thread(lambda _connection: None)

    async def append(self, new: NewEntry) -> Entry:
        """Write an entry durably. When this returns, the scan survives a crash.

        Raises:
            StorageError: nothing was written, and the scan must not be acknowledged.
            ValueError: the instant is naive.
        """
        if new.heard_at.tzinfo is None:
            raise ValueError("an instant must be aware")

        def insert(connection: Connection) -> Entry:
            cursor = connection.execute(
                "INSERT INTO entry (command_id, kind, code, staff_id, counter_id, heard_at) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    new.command_id,
                    new.kind,
                    new.code,
                    new.staff_id,
                    new.counter_id,
                    new.heard_at.astimezone(UTC).isoformat(),
                ),
            )
            return Entry(
                cursor.lastrowid,
                new.command_id,
                new.kind,
                new.code,
                new.staff_id,
                new.counter_id,
                new.heard_at,
                "waiting",
                "",
            )

        return await self._on_thread(insert)

    async def must_take(self) -> None:
        """Write what a scan writes and take it out again: nothing less tells whether the next scan will be kept.

        Raises:
            StorageError: it would not be.
        """

        def write(connection: Connection) -> None:
            with _transaction(connection):
                row = connection.execute(
                    "INSERT INTO entry (command_id, kind, code, staff_id, counter_id, heard_at)"
                    " VALUES ('', '', ?, 0, 0, '')",
                    (ROOM_FOR_A_SCAN,),
                ).lastrowid
                connection.execute("DELETE FROM entry WHERE id = ?", (row,))

        await self._on_thread(write)

    async def settle(self, entry_id: int, pile: str, place: str) -> None:
        """Mark an entry as done and delete its raw code.

        Args:
            entry_id: the entry.
            pile: the pile it lies in, until that is cleared.
            place: JSON of where the counter is after it, from which a restart goes on.
        """
        await self._change(entry_id, "settled", pile, place, keep_code=False)

    async def defer(self, entry_id: int, context: str, place: str) -> None:
        """Keep an entry for a human to answer; ``context`` (JSON) holds what the answer needs."""
        await self._change(entry_id, "deciding", context, place, keep_code=True)

    async def _change(self, entry_id: int, state: str, context: str, place: str, *, keep_code: bool) -> None:
        def change(connection: Connection) -> None:
            with _transaction(connection):
                connection.execute(
                    "UPDATE entry SET state = ?, context = ?, code = CASE WHEN ? THEN code ELSE '' END WHERE id = ?",
                    (state, context, keep_code, entry_id),
                )
                connection.execute(KEEP_PLACE, (place,))

        await self._on_thread(change)

    async def clear_pile(self, pile: str) -> None:
        """Drop the settled entries of a pile: it has been ended."""
        await self._on_thread(
            lambda connection: connection.execute("DELETE FROM entry WHERE state = 'settled' AND context = ?", (pile,))
        )

    async def keep_place(self, place: str) -> None:
        """Write down where the counter is without an entry having been handled (a visit that timed out)."""
        await self._on_thread(lambda connection: connection.execute(KEEP_PLACE, (place,)))

    async def entries(self, *states: str) -> list[Entry]:
        """Give the entries in these states, oldest first."""

        def select(connection: Connection) -> list[Entry]:
            rows = connection.execute(
                "SELECT id, command_id, kind, code, staff_id, counter_id, heard_at, state, context"
                " FROM entry WHERE state IN (SELECT value FROM json_each(?)) ORDER BY id",
                (json.dumps(states),),
            ).fetchall()
            return [
                Entry(number, command_id, kind, code, staff, counter, datetime.fromisoformat(heard), state, context)
                for number, command_id, kind, code, staff, counter, heard, state, context in rows
            ]

        return await self._on_thread(select)

    async def place(self) -> str:
        """Give the JSON the last settled entry left behind, or an empty text."""

        def select(connection: Connection) -> str:
            row = connection.execute("SELECT context FROM place").fetchone()
            return row[0] if row else ""

        return await self._on_thread(select)

    async def damage(self) -> list[str]:
        """Ask the engine for damaged pages; an empty list is a whole file."""
        found = await self._on_thread(lambda connection: connection.execute("PRAGMA integrity_check(20)").fetchall())
        return [row[0] for row in found if row[0] != "ok"]

    def close(self) -> None:
        """End the thread, the connection and the claim on the file; nothing, the second time."""
        if self._is_closed:
            return
        self._is_closed = True
        self._thread.submit(self._close_connection).result()
        self._thread.shutdown()
        if self._lock_descriptor is not None:
            os.close(self._lock_descriptor)
            self._lock_descriptor = None

    def _close_connection(self) -> None:
        if not self._database.is_closed():
            self._database.close()


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A COMMIT that failed may leave its transaction open, and the next scan would only seem durable.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def claim_queue(home: Path, key: bytes) -> Queue:
    """Claim the first queue file of a home that no running program holds.

    Two programs in one home each have a queue of their own, so neither replays what the other is doing:
    ``queue.db``, ``queue-2.db`` … The claim is a lock that the kernel drops when the program dies.

    Raises:
        StorageError: if the home cannot be written.
    """
    for number in range(1, 100):
        path = queue_path(home, number)
        descriptor = claim_file(path.with_suffix(".lock"))
        if descriptor is not None:
            return Queue(path, key, descriptor)
    raise StorageError(str(home), "99 programs run in this home already")


def claim_left_behind(home: Path, key: bytes) -> list[Queue]:
    """Claim every queue file of a home that no running program holds: whoever wrote in it has ended.

    Raises:
        StorageError: if the home cannot be written.
    """
    paths = [path for path in queue_files(home) if QUEUE_NAME.fullmatch(path.name)]
    locks = [(path, claim_file(path.with_suffix(".lock"))) for path in paths]
    return [Queue(path, key, descriptor) for path, descriptor in locks if descriptor is not None]


def queue_path(home: Path, number: int) -> Path:
    """Give the file of a home's n-th counter program, counted from 1."""
    return home / ("queue.db" if number == 1 else f"queue-{number}.db")


def queue_files(home: Path) -> list[Path]:
    """List the queue files that exist in a home."""
    return sorted(home.glob("queue*.db"))
