"""Writes an embedded file anew, page for page. A program of its own, as short a time in the writers' way as it can be.

``python -m db.vacuum`` reads one JSON object from standard input and writes one: ``{}``, or what went wrong. VACUUM
takes twice the file in memory, which a counter must not keep; and every writer waits while it runs. Two thirds of that
is reading: so the file is read before, while nobody waits, into a cache that holds all of it. A commit of somebody else
meanwhile makes the cache worthless, and it is read once more; where there is always somebody, VACUUM reads by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from peewee import DatabaseError, InterfaceError, OperationalError
from peewee import __exception_wrapper__ as driver_errors  # type: ignore[attr-defined]  # not in its stubs

from db import errors
from db.engine import database_for, embedded_path
from db.store import storage_error

if TYPE_CHECKING:
    from peewee import Database

MOST_KEPT_BYTES: Final = 512 << 20
"""A file that is larger is not read before: the machine may need its memory for something else."""
ROOM: Final = 1.25
"""What a page takes in the cache, against what it takes in the file."""
READINGS: Final = 3
KINDS: Final = {
    kind.__name__: kind
    for kind in (
        errors.StoreBusy,
        errors.StoreFull,
        errors.StoreOutdated,
        errors.StoreUnreachable,
        errors.StoreUnreadable,
    )
}


def vacuum(url: str, key: bytes, *, seconds: float) -> None:
    """Write an embedded file anew, in a program of its own. What stood in it before still stands in its log.

    Args:
        url: ``sqlcipher://`` and the path.
        key: the file's raw key; it goes through a pipe.
        seconds: how long to wait for another program's writer.

    Raises:
        StorageError: another program writes for longer, there is no room, or the file cannot be read.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "db.vacuum"],
        input=json.dumps({"url": url, "key": key.hex(), "seconds": seconds}),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[1],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        said: dict[str, str] = json.loads(ended.stdout)
    except ValueError:
        where = str(embedded_path(url))
        raise errors.StoreUnreachable(where, f"the program that writes it anew ended with {ended.returncode}") from None
    if said:
        raise KINDS.get(said["kind"], errors.StoreUnreachable)(said["where"], said["detail"])


def write_anew(database: Database, path: Path) -> None:
    """Write a file anew over an open connection, having read it before."""
    # Writers wait for the VACUUM itself: not for the pages to move from the log into the file, and not for the disk. A
    # machine that loses its power here finds the pages as they were before; the checkpoint syncs all it moves.
    database.execute_sql("PRAGMA wal_autocheckpoint = 0")
    database.execute_sql("PRAGMA synchronous = NORMAL")
    size = path.stat().st_size
    if size <= MOST_KEPT_BYTES:
        database.execute_sql(f"PRAGMA cache_size = -{int(size * ROOM) // 1024 + 1024}")
        _read_whole(database)
    database.execute_sql("VACUUM")
    # At once, before a writer that has waited begins with it: this one holds nobody up.
    database.execute_sql("PRAGMA wal_checkpoint(PASSIVE)")


def _read_whole(database: Database) -> None:
    """Read every tree once, and again when somebody has written meanwhile."""
    for _reading in range(READINGS):
        before = _value(database, "PRAGMA data_version")
        for statement in _trees(database):
            database.execute_sql(statement).fetchone()
        if _value(database, "PRAGMA data_version") == before:
            return


def _trees(database: Database) -> list[str]:
    rows = database.execute_sql("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE rootpage > 0").fetchall()
    # An index of some rows cannot count them all; those are small. The names are our own schema's.
    return [
        f'SELECT COUNT(*) FROM "{table}" {how}'  # noqa: S608
        for kind, name, table, sql in rows
        for how in ("NOT INDEXED" if kind == "table" else f'INDEXED BY "{name}"',)
        if kind == "table" or " WHERE " not in (sql or "").upper()
    ]


def _value(database: Database, sql: str) -> Any:
    return database.execute_sql(sql).fetchone()[0]


def main() -> int:
    """Write the file anew that standard input names."""
    asked = json.load(sys.stdin)
    url, said = asked["url"], {}
    path = embedded_path(url)
    database = database_for(url, bytes.fromhex(asked["key"]), busy_seconds=asked["seconds"])
    try:
        with driver_errors:
            database.connect()
            write_anew(database, path)
    except (OperationalError, InterfaceError, DatabaseError, OSError) as error:
        wrong = storage_error(str(path), error)
        said = {"kind": type(wrong).__name__, "where": wrong.where, "detail": wrong.detail}
    finally:
        if not database.is_closed():
            database.close()
    sys.stdout.write(json.dumps(said) + "\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
