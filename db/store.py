"""The store: one thread, one connection, and the only place where transactions open.

A command or query is a function of a :class:`Transaction`. peewee builds its statements; the transaction
runs them on *this* store's connection, so several stores and counters live in one process (tests, copying a
store) and no model is ever bound to a global database.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from peewee import (
    Database,
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    Query,
    SqliteDatabase,
)
from peewee import __exception_wrapper__ as driver_errors  # type: ignore[attr-defined]  # not in its stubs

from db.engine import database_for, embedded_path, is_embedded
from db.errors import StorageError, StoreBusy, StoreFull, StoreOutdated, StoreUnreachable, StoreUnreadable
from db.fields import CprVault
from db.statements import Statement

if TYPE_CHECKING:
    from db.trail import Step

T = TypeVar("T")
MIGRATIONS: Final = Path(__file__).with_name("migrations")


class Witness(Protocol):
    """Remembers outside the store which row of the access log was the newest (G8)."""

    def remember(self, number: int, seal: bytes) -> None:
        """Write down the newest row's number and seal; called after the commit, so it is never ahead of the store."""


class Transaction:
    """What a command or query may do to the store. Lives only while the store's transaction is open."""

    def __init__(
        self, database: Database, vault: CprVault, *, may_lock: bool = True, witness: Witness | None = None
    ) -> None:
        self._database = database
        self._may_lock = may_lock
        self.vault = vault
        self.witness = witness
        self.after_commit: list[Callable[[], None]] = []
        self.trail: list[Step] = []

    def all(self, query: Query | Statement, **values: Any) -> list[tuple[Any, ...]]:
        """Run a SELECT and give its rows as tuples, in the order of the selected columns.

        Args:
            query: a query, or a statement that was prepared once.
            values: of a statement's slots, by their names.
        """
        if isinstance(query, Statement):
            return query.rows(self._database, values)
        return list(query.tuples().execute(self._database))

    def one(self, query: Query | Statement, **values: Any) -> tuple[Any, ...] | None:
        """Run a SELECT and give its first row, or None."""
        rows = self.all(query, **values)
        return rows[0] if rows else None

    def value(self, query: Query | Statement, **values: Any) -> Any:
        """Run a SELECT of one column and give its first value, or None."""
        row = self.one(query, **values)
        return row[0] if row else None

    def lock(self, statement: Statement, **values: Any) -> None:
        """Run a SELECT … FOR UPDATE, so that its rows are held until the end; what is read after is what they are.

        SQLite needs no row lock and gets no statement: BEGIN IMMEDIATE already holds off every other writer.
        """
        if self._may_lock and not isinstance(self._database, SqliteDatabase):
            self.all(statement, **values)

    def run(self, query: Query | Statement, **values: Any) -> int:
        """Run an INSERT (gives the new id), UPDATE or DELETE (gives the number of rows)."""
        if isinstance(query, Statement):
            return query.run(self._database, values)
        return int(query.execute(self._database) or 0)

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for many rows (imports, samples); ``?`` stands for a value on both engines."""
        if not rows:
            return
        cursor = self._database.cursor()
        with driver_errors:
            cursor.executemany(sql.replace("?", self._database.param), rows)


class Store:
    """A store behind one thread of its own."""

    def __init__(self, url: str, key: bytes, vault: CprVault, *, busy_seconds: float | None = None) -> None:
        self.url = url
        self._database = (
            database_for(url, key) if busy_seconds is None else database_for(url, key, busy_seconds=busy_seconds)
        )
        self._vault = vault
        self.witness: Witness | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        # Names held, with the lock of a file where there is one.
        self._claims: dict[str, int | None] = {}

    @property
    def where(self) -> str:
        """Name the file or server for a message: never with a password."""
        if is_embedded(self.url):
            return str(embedded_path(self.url))
        return f"postgresql {self.url.rpartition('@')[2]}"

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one writing transaction on the store's thread.

        Raises:
            StorageError: if the store was busy, full, unreachable or unreadable; nothing was written then.
        """
        return await self._on_thread(lambda: self.write_here(work))

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` on one consistent view of the store, on the store's thread.

        Raises:
            StorageError: as :meth:`write`.
        """
        return await self._on_thread(lambda: self.read_here(work))

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def write_here(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one writing transaction on the calling thread (CLI, tests)."""
        with self._translated():
            self._connected()
            transaction = Transaction(self._database, self._vault, witness=self.witness)
            with self._database.atomic():
                done = work(transaction)
        for follow_up in transaction.after_commit:
            follow_up()
        return done

    def read_here(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` on one consistent view of the store on the calling thread."""
        with self._translated():
            self._connected()
            begin = "DEFERRED" if isinstance(self._database, SqliteDatabase) else "REPEATABLE READ"
            with self._database.transaction(begin):
                # A look holds nobody up, and waits for nobody.
                return work(Transaction(self._database, self._vault, may_lock=False))

    def _connected(self, *, may_make_file: bool = False) -> None:
        """Open this thread's connection, again if the server dropped it."""
        if self._database.is_closed():
            if is_embedded(self.url) and not may_make_file:
                self._must_be_there()
            self._database.connect()
        elif not isinstance(self._database, SqliteDatabase) and not self._database.is_connection_usable():
            self._database.close()
            self._database.connect()

    def _must_be_there(self) -> None:
        """SQLite makes the file it is asked to open: a store that has gone would be told as an empty one."""
        try:
            size = embedded_path(self.url).stat().st_size
        except OSError as error:
            raise StoreUnreachable(self.where, error.strerror or type(error).__name__) from None
        if size == 0:
            raise StoreUnreadable(self.where, "the file is empty")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            # Also what a driver raises while rows are fetched, which peewee itself leaves as it is.
            with driver_errors:
                yield
        except (IntegrityError, DataError):
            raise
        except ProgrammingError as error:
            # PostgreSQL's word for a missing table as much as for a bug of ours.
            translated = storage_error(self.where, error)
            if isinstance(translated, StoreOutdated):
                raise translated from None
            raise
        except (OperationalError, InterfaceError, DatabaseError) as error:
            raise storage_error(self.where, _first_failure(error)) from None

    def migrate(self) -> list[str]:
        """Bring the tables up to this program's; gives the names of the migrations applied.

        Raises:
            StorageError: if the store cannot be opened with its key.
            StoreOutdated: if a newer program has already changed the tables.
        """
        from playhouse.migrations import Runner  # noqa: PLC0415  (only init and upgrade pay for it)

        with self._translated():
            self._connected(may_make_file=True)
            runner = Runner(self._database, str(MIGRATIONS))
            unknown = [found.name for found in runner.status() if found.path is None]
            if unknown:
                raise StoreOutdated(self.where, ", ".join(unknown))
            applied: list[str] = runner.up()
            return applied

    def applied_migrations(self) -> set[str]:
        """Name the migrations the store has had, read cheaply at every start.

        Raises:
            StorageError: if the store cannot be opened with its key.
        """
        with self._translated():
            self._connected()
            if not self._database.table_exists("schema_migration"):
                return set()
            return {row[0] for row in self._database.execute_sql("SELECT name FROM schema_migration").fetchall()}

    def check_current(self) -> None:
        """Make sure the tables are exactly this program's.

        Raises:
            StoreOutdated: if a migration is missing or unknown.
            StorageError: if the store cannot be opened with its key.
        """
        ours = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
        theirs = self.applied_migrations()
        if ours != theirs:
            raise StoreOutdated(self.where, ", ".join(sorted(ours ^ theirs)))

    def damage(self) -> list[str]:
        """Ask the engine itself for damaged pages or broken references; an empty list is a whole store."""
        if not isinstance(self._database, SqliteDatabase):
            return []
        with self._translated():
            self._connected()
            found = [row[0] for row in self._database.execute_sql("PRAGMA integrity_check(20)").fetchall()]
            found += [row[0] for row in self._database.execute_sql("PRAGMA cipher_integrity_check").fetchall()]
            found += [
                f"{table} row {row}: broken reference"
                for table, row, *_ in self._database.execute_sql("PRAGMA foreign_key_check").fetchall()
            ]
            return [text for text in found if text != "ok"]

    async def claim(self, name: str) -> bool:
        """Hold a name until this store is closed; False: another program on the same store holds it.

        The engine or the kernel drops the claim when the program dies, however it dies.

        Args:
            name: of a work that only one program at a time may do, a word of small letters.

        Raises:
            StorageError: if the store cannot be reached, or the folder of its file not be written.
        """
        return await self._on_thread(lambda: self._claimed(name))

    def _claimed(self, name: str) -> bool:
        if name in self._claims:
            return True
        if is_embedded(self.url):
            path = embedded_path(self.url)
            descriptor = claim_file(path.with_name(f"{path.name}-{name}.lock"))
            if descriptor is not None:
                self._claims[name] = descriptor
            return descriptor is not None
        with self._translated():
            self._connected()
            taken = self._database.execute_sql("SELECT pg_try_advisory_lock(hashtext(%s))", (name,)).fetchone()
            if taken[0]:
                self._claims[name] = None
            return bool(taken[0])

    def close(self) -> None:
        """End the thread and its connection. Whatever was committed stays."""
        for descriptor in self._claims.values():
            if descriptor is not None:
                os.close(descriptor)
        self._claims.clear()
        self._thread.submit(self._close_connection).result()
        self._thread.shutdown()
        self._close_connection()

    def _close_connection(self) -> None:
        if not self._database.is_closed():
            self._database.close()


def claim_file(path: Path) -> int | None:
    """Take the lock of a file, which the kernel drops when the program dies; None: another program has it.

    Raises:
        StorageError: if the file cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise storage_error(str(path), error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _first_failure(error: BaseException) -> BaseException:
    """SQLite itself rolls back what found the disk full; the ROLLBACK after it then fails, and hides the reason."""
    while "no transaction is active" in str(error) and error.__context__ is not None:
        error = error.__context__
    return error


def storage_error(where: str, error: BaseException) -> StorageError:
    """Translate a driver's complaint; the text kept is the driver's own and names no row."""
    text = str(error).lower()
    for words, kind in (
        # The server turned us away: a database that «does not exist» is no table that is missing.
        (("fatal:",), StoreUnreachable),
        (("locked", "busy", "deadlock", "lock timeout", "could not obtain lock"), StoreBusy),
        (("full", "readonly", "read-only", "no space", "disk i/o"), StoreFull),
        (("not a database", "malformed", "encrypted", "hmac", "corrupt"), StoreUnreadable),
        (("no such table", "no such column", "does not exist"), StoreOutdated),
    ):
        if any(word in text for word in words):
            return kind(where, str(error).splitlines()[0])
    return StoreUnreachable(where, str(error).splitlines()[0] if str(error) else type(error).__name__)
