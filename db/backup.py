"""An online copy of the embedded store: whole, encrypted under the same key, made while the counters write (T1).

``VACUUM INTO`` reads one consistent view, which holds no writer up, and writes only the pages that are in use: what was
deleted and still stands in a free page of the store does not reach the copy. Nothing is ever written in the clear.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from peewee import DatabaseError, InterfaceError
from peewee import __exception_wrapper__ as driver_errors  # type: ignore[attr-defined]  # not in its stubs

from db.engine import database_for, embedded_path
from db.errors import StoreBusy, StoreUnreachable
from db.store import storage_error

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

STEPS_BETWEEN_LOOKS = 20_000


def copy_store(url: str, key: bytes, target: Path, progress: Callable[[int, int], None]) -> None:
    """Copy an embedded store into a file, on the disk before this returns.

    Args:
        url: of the store.
        key: its key, which is the copy's as well.
        target: a file that is not there yet, or empty; readable by its owner alone. When this raises, what lies there
            is no copy.
        progress: told bytes written and bytes in the store.

    Raises:
        StorageError: the store cannot be read, or the file not be written.
    """
    source = embedded_path(url)
    total = _size(source)
    target.touch(mode=0o600)
    with _opened(url, key) as connection:

        def look() -> int:
            progress(min(_size(target), total), total)
            return 0

        connection.set_progress_handler(look, STEPS_BETWEEN_LOOKS)
        connection.execute("VACUUM INTO ?", (str(target),))
        connection.set_progress_handler(None, 0)
    flush(target)
    progress(total, total)


def rewrite(url: str, key: bytes) -> None:
    """Write an embedded store anew, so that nothing deleted lies in it, and leave no log beside it.

    Raises:
        StorageError: it cannot be opened, or another program holds it.
    """
    with _opened(url, key) as connection:
        connection.execute("VACUUM")
        _settle(url, connection)
    # The last connection to close takes the log with it.
    flush(embedded_path(url))


def settle_log(url: str, key: bytes) -> None:
    """Write what stands in an embedded store's log into the store itself.

    Raises:
        StorageError: it cannot be opened, or another program holds it.
    """
    with _opened(url, key) as connection:
        _settle(url, connection)


def _settle(url: str, connection: Connection) -> None:
    is_busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise StoreBusy(str(embedded_path(url)))


def flush(path: Path) -> None:
    """Have a file, and its name in its folder, on the disk before this returns.

    Raises:
        OSError: the disk would not.
    """
    for name, kind in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(name, kind | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _opened(url: str, key: bytes) -> Iterator[Connection]:
    """Open a store outside its thread, for work that no transaction can hold."""
    path = embedded_path(url)
    if not path.exists():
        # SQLite would make it.
        raise StoreUnreachable(str(path), os.strerror(2))
    database = database_for(url, key)
    try:
        with driver_errors:
            database.connect()
            with contextlib.closing(database):
                yield database.connection()
    except (DatabaseError, InterfaceError) as error:
        raise storage_error(str(path), error) from None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise storage_error(str(path), error) from None
