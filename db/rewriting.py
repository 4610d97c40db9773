"""A store or a queue written anew, so that nothing deleted is left in it (G3).

``secure_delete`` alone leaves residues in free pages. VACUUM writes every page that lives and no other; the checkpoint
then empties the write-ahead log, in which the old pages stood. On PostgreSQL only VACUUM FULL writes tables and indexes
into new files; the plain one leaves the bytes of dead rows where they were until something is written over them. What
the server's own archives and its write-ahead log keep is not ours to rewrite.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from peewee import DatabaseError, InterfaceError, OperationalError
from peewee import __exception_wrapper__ as driver_errors  # type: ignore[attr-defined]  # not in its stubs

from db.engine import database_for, is_embedded
from db.errors import StoreBusy
from db.store import storage_error

if TYPE_CHECKING:
    from peewee import Database

PAUSE_SECONDS = 0.05


def rewrite(url: str, key: bytes, tables: Iterable[str], *, seconds: float) -> None:
    """Write a store anew over a connection of its own, on the calling thread.

    Args:
        url: the store's, or a queue's ``sqlcipher://`` and its path.
        key: of an embedded file.
        tables: on a server, those that lost rows; an embedded file is rewritten whole.
        seconds: how long to wait for other programs' readers and writers, each time one is in the way.

    Raises:
        StoreBusy: one was in the way for longer; what was deleted may still lie in the log.
        StorageError: no room, or the store does not answer.
    """
    database = database_for(url, key, busy_seconds=seconds)
    try:
        with driver_errors:
            database.connect()
            if is_embedded(url):
                _rewrite_file(database, url, seconds)
            else:
                _rewrite_tables(database, tables, seconds)
    except (OperationalError, InterfaceError, DatabaseError) as error:
        raise storage_error(url.rpartition("@")[2].removeprefix("sqlcipher://"), error) from None
    finally:
        if not database.is_closed():
            database.close()


def _rewrite_file(database: Database, url: str, seconds: float) -> None:
    # Writers wait for the VACUUM itself: not for the pages to move from the log into the file, and not for the disk. A
    # machine that loses its power here finds the pages as they were before; the checkpoint syncs all it moves.
    database.execute_sql("PRAGMA wal_autocheckpoint = 0")
    database.execute_sql("PRAGMA synchronous = NORMAL")
    database.execute_sql("VACUUM")
    _checkpoint(database, url, seconds)


def _checkpoint(database: Database, url: str, seconds: float) -> None:
    # This one holds no writer up; the one that empties the log then has next to nothing left to do.
    database.execute_sql("PRAGMA wal_checkpoint(PASSIVE)")
    until = time.monotonic() + seconds
    while True:
        # Busy, not raised: a reader still looks at pages that stand only in the log.
        is_held, in_log, _moved = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_held:
            return
        if time.monotonic() > until:
            raise StoreBusy(url.removeprefix("sqlcipher://"), f"{in_log} frames are held by a reader")
        time.sleep(PAUSE_SECONDS)


def _rewrite_tables(database: Any, tables: Iterable[str], seconds: float) -> None:
    connection = database.connection()
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {int(seconds * 1000)}")
    for table in tables:
        # Names come from our own models, never from data.
        cursor.execute(f'VACUUM (FULL) "{table}"')
