"""A store or a queue written anew, so that nothing deleted is left in it (G3).

``secure_delete`` alone leaves residues in free pages. VACUUM writes every page that lives and no other; the checkpoint
then empties the write-ahead log, in which the old pages stood. On PostgreSQL only VACUUM FULL writes tables and indexes
into new files; the plain one leaves the bytes of dead rows where they were until something is written over them. What
the server's own archives and its write-ahead log keep is not ours to rewrite.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from peewee import DatabaseError, InterfaceError, OperationalError
from peewee import __exception_wrapper__ as driver_errors  # type: ignore[attr-defined]  # not in its stubs

from db.engine import database_for, embedded_path, is_embedded
from db.errors import StoreBusy
from db.store import storage_error
from db.vacuum import vacuum

if TYPE_CHECKING:
    from peewee import Database

PAUSE_SECONDS: Final = 0.05
TRY_SECONDS: Final = 0.5
"""How long one try waits for a server's lock: whoever comes after it waits behind it, a mere reader too."""
BETWEEN_TRIES_SECONDS: Final = 0.5
"""In which they work."""


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
    if is_embedded(url):
        vacuum(url, key, seconds=seconds)
    database = database_for(url, key, busy_seconds=seconds)
    where = str(embedded_path(url)) if is_embedded(url) else url.rpartition("@")[2]
    try:
        with driver_errors:
            database.connect()
            if is_embedded(url):
                _checkpoint(database, where, seconds)
            else:
                _rewrite_tables(database, where, tables, seconds)
    except (OperationalError, InterfaceError, DatabaseError) as error:
        raise storage_error(where, error) from None
    finally:
        if not database.is_closed():
            database.close()


def _checkpoint(database: Database, where: str, seconds: float) -> None:
    """Move the log into the file and empty it; whoever reads pages that stand only in it is waited for.

    Emptying takes the writers' lock, and one that waits for a reader waits with it in its hand. So it is tried for no
    time at all, and only when everything has been moved by the other kind, which holds nobody up.
    """
    database.execute_sql("PRAGMA busy_timeout = 0")
    until = time.monotonic() + seconds
    while True:
        # Busy is an answer here, and not raised.
        is_held, in_log, moved = database.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        is_moved = not is_held and in_log == moved
        if is_moved and not database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            return
        if time.monotonic() > until:
            raise StoreBusy(where, f"{in_log - moved} frames of {in_log} are held by a reader")
        time.sleep(PAUSE_SECONDS)


def _rewrite_tables(database: Any, where: str, tables: Iterable[str], seconds: float) -> None:
    connection = database.connection()
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {int(TRY_SECONDS * 1000)}")
    for table in tables:
        until = time.monotonic() + seconds
        while not _is_rewritten(cursor, where, table, until):
            time.sleep(BETWEEN_TRIES_SECONDS)


def _is_rewritten(cursor: Any, where: str, table: str, until: float) -> bool:
    """Try once; False: somebody was in the way and is waited for."""
    try:
        with driver_errors:
            # Names come from our own models, never from data.
            cursor.execute(f'VACUUM (FULL) "{table}"')
    except OperationalError as error:
        if time.monotonic() > until or not isinstance(storage_error(where, error), StoreBusy):
            raise
        return False
    return True
