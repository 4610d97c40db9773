"""Takes what concerns somebody out of a queue file, whichever program's it is (G3).

A connection of its own beside the one of a running counter: a deletion is a transaction like any other. The counter
handles what it has in memory as it would, and finds nobody; settling an entry that is gone changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peewee import DatabaseError, InterfaceError, OperationalError
from peewee import __exception_wrapper__ as driver_errors  # type: ignore[attr-defined]  # not in its stubs

from db.engine import database_for
from db.store import storage_error

NAMED = ("visit", "last")


def clean_queue(path: Path, key: bytes, borrower_id: int, concerns: Callable[[str], bool], *, seconds: float) -> int:
    """Delete the entries that concern a borrower, and forget the visits of theirs that the counter goes on from.

    Args:
        path: the queue's file.
        key: its raw key.
        borrower_id: whose visits.
        concerns: tells of a raw code whether it is theirs.
        seconds: how long to wait for the counter's own writing.

    Returns:
        How many entries went.

    Raises:
        StorageError: the file cannot be read or written.
    """
    database = database_for(f"sqlcipher://{path}", key, busy_seconds=seconds)
    try:
        with driver_errors:
            database.connect()
            with database.atomic():
                rows = database.execute_sql("SELECT id, code, context FROM entry").fetchall()
                theirs = [
                    (entry_id,)
                    for entry_id, code, context in rows
                    if (code and concerns(code)) or _names(_read(context), borrower_id)
                ]
                for entry in theirs:
                    database.execute_sql("DELETE FROM entry WHERE id = ?", entry)
                for number, context in database.execute_sql("SELECT id, context FROM place").fetchall():
                    place = _read(context)
                    if _names(place, borrower_id):
                        kept = {
                            key: None if key in NAMED and _is_visit_of(value, borrower_id) else value
                            for key, value in place.items()
                        }
                        database.execute_sql("UPDATE place SET context = ? WHERE id = ?", (json.dumps(kept), number))
            return len(theirs)
    except (OperationalError, InterfaceError, DatabaseError) as error:
        raise storage_error(str(path), error) from None
    finally:
        if not database.is_closed():
            database.close()


def _read(context: str) -> dict[str, Any]:
    try:
        read = json.loads(context) if context else {}
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _names(read: dict[str, Any], borrower_id: int) -> bool:
    return any(_is_visit_of(read.get(name), borrower_id) for name in NAMED) or _is_visit_of(read, borrower_id)


def _is_visit_of(value: Any, borrower_id: int) -> bool:
    return isinstance(value, dict) and value.get("borrower_id") == borrower_id
