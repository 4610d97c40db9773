"""Looks for what is left of a person: the files page by page, and the rows by what would lead to them (G4)."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from peewee import ForeignKeyField, IntegerField

from db.btree import SCHEMA
from db.engine import embedded_path, is_embedded
from db.models import TABLES, Borrower, DeletionRequest, Listing, SearchWord, Subscriber
from desk.forms.taking_in import drop_folder
from desk.privacy.erasure.in_notes import NoteRecord, notes_that_name
from desk.privacy.erasure.records import Progress, Stage
from desk.spool.erasing import jobs_of
from desk.spool.spool import FOLDER as SPOOL

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

    from db.store import Transaction
    from desk.installation import Installation
    from desk.privacy.erasure.identity import Identity

log = logging.getLogger(__name__)

MOST_NAMED: Final = 20
"""Rows of one table that are named as other people's; how many there are is always told."""
COUNTED_ONLY: Final = frozenset({"search_word", "title_word", "listing", "telephone"})
"""Tables whose row is the very string that was looked for: its number would tell whoever can read it what that was."""
AT_ONCE: Final = 200
TABLE_OF: Final = {table._meta.table_name: table for table in TABLES}


class FilesUnread(Exception):
    """A file could not be looked through: nobody knows what is in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file where one of the strings lies: ``string`` is its place in the list, never its text."""

    string: int
    file: str
    page: int
    table: str
    row: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking came to.

    Attributes:
        files: how many were looked through.
        left: places that belong to nobody else, as ``file``, ``file page 7`` or ``table row 12``: hits.
        explained: rows of other people that hold the same string, a table each: their numbers, the first of them; not
            of a table whose rows are little more than the string itself.
        shared: how many such rows there are, a table each.
        closed: of how many files nobody can say what is packed in them (pictures, what is encrypted).
        noted: what was written about others and has one of the person's own numbers in it; each is in ``left`` as well.
    """

    files: int
    left: tuple[str, ...] = ()
    explained: dict[str, tuple[int, ...]] = field(default_factory=dict)
    shared: dict[str, int] = field(default_factory=dict)
    noted: tuple[NoteRecord, ...] = ()
    closed: int = 0


async def look(installation: Installation, identity: Identity, told: Progress) -> Looked:
    """Look everywhere, once.

    Args:
        installation: the opened home.
        identity: what is looked for.
        told: how far it is, in bytes.

    Raises:
        FilesUnread: a file cannot be looked through.
        StorageError: the store did not answer.
    """
    files, closed, places = await _places(installation, identity, told)
    suspects = [place for place in places if place.table and place.row is not None and place.table in TABLE_OF]
    held = await _rows_that_hold(installation, identity, suspects)
    left = [_named(installation.home, place) for place in places if not _is_explained(place, held)]
    # Sealed, so that the scanner cannot see into it.
    spooled = jobs_of(installation.home, installation.secrets.secret("queue"), identity)
    left += [f"{SPOOL}/*{path.suffix}" for path in spooled]
    left += await installation.store.read(lambda transaction: rows_left(transaction, identity))
    noted = await installation.store.read(
        lambda transaction: notes_that_name(transaction, identity.own_numbers, identity.borrower_id)
    )
    left += [note.place for note in noted]
    rows: dict[str, set[int]] = {}
    for table, row in held - {(note.table, note.row) for note in noted}:
        rows.setdefault(table, set()).add(row)
    return Looked(
        files,
        tuple(dict.fromkeys(left)),
        {table: tuple(sorted(rows[table])[:MOST_NAMED]) for table in sorted(rows) if table not in COUNTED_ONLY},
        {table: len(numbers) for table, numbers in sorted(rows.items())},
        noted,
        closed,
    )


def _is_explained(place: Place, held: set[tuple[str, int]]) -> bool:
    # The words of the schema are the program's own.
    return place.table == SCHEMA or (place.row is not None and (place.table, place.row) in held)


def _named(home: Path, place: Place) -> str:
    path = Path(place.file)
    # A file's own name may hold the lånernummer: its folder tells enough.
    inside = path.relative_to(home) if path.is_relative_to(home) else path
    name = str(inside) if place.page else str(inside.parent / f"*{path.suffix}")
    return f"{name} page {place.page}" if place.page else name


async def _places(installation: Installation, identity: Identity, told: Progress) -> tuple[int, int, list[Place]]:
    """Let the scanner look through the files; what is looked for goes through a pipe."""
    asked = {
        "strings": [one.hex() for one in (*identity.everywhere, *identity.in_pages)],
        "everywhere": len(identity.everywhere),
        "keys": [installation.secrets.secret("store").hex(), installation.secrets.secret("queue").hex()],
        "folders": [str(folder) for folder in _folders(installation)],
        "left_out": [str(path) for path in _backups(installation.home)],
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "db.scanner",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 28,
        cwd=Path(__file__).resolve().parents[3],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    last: dict[str, Any] = {}
    try:
        to_scanner, said = cast("StreamWriter", process.stdin), cast("StreamReader", process.stdout)
        to_scanner.write(json.dumps(asked).encode("ascii"))
        await to_scanner.drain()
        to_scanner.close()
        async for line in said:
            last = json.loads(line)
            if "done" in last:
                told(Stage.SCANNING, last["done"], last["of"])
        await process.wait()
    except (BrokenPipeError, ConnectionResetError):
        last = {}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if "found" not in last:
        log.warning("the files could not be looked through; the scanner ended with %s", process.returncode)
        raise FilesUnread(str(last.get("unread", "")))
    return last["files"], last["closed"], [Place(*one) for one in last["found"]]


def _folders(installation: Installation) -> Iterable[Path]:
    """Give where files of the installation lie: the home, and a store or a folder of forms that lies elsewhere."""
    yield installation.home
    url = installation.store.url
    if is_embedded(url):
        store = embedded_path(url)
        if not store.is_relative_to(installation.home):
            yield store
            yield store.with_name(f"{store.name}-wal")
    forms = drop_folder(installation)
    if forms is not None and forms.is_dir() and not forms.resolve().is_relative_to(installation.home.resolve()):
        yield forms


def _backups(home: Path) -> list[Path]:
    """Give the back-ups the home knows: they may hold the person until they expire, and the certificate says so."""
    from desk.backups.known import register_of  # noqa: PLC0415

    return [backup.path for backup in register_of(home).backups]


async def _rows_that_hold(
    installation: Installation, identity: Identity, suspects: list[Place]
) -> set[tuple[str, int]]:
    """Tell which rows are there now and hold what was found in them: they are other people's, or the library's own."""
    strings = (*identity.everywhere, *identity.in_pages)
    wanted: dict[tuple[str, int], set[bytes]] = {}
    for place in suspects:
        if place.row is not None:
            wanted.setdefault((place.table, place.row), set()).add(strings[place.string])
    by_table: dict[str, list[int]] = {}
    for table, row in wanted:
        by_table.setdefault(table, []).append(row)
    held: set[tuple[str, int]] = set()
    for table, rows in by_table.items():
        for start in range(0, len(rows), AT_ONCE):
            some = {row: wanted[table, row] for row in rows[start : start + AT_ONCE]}
            held |= await installation.store.read(partial(_that_hold, table=table, wanted=some))
    return held


def _that_hold(transaction: Transaction, table: str, wanted: Mapping[int, Collection[bytes]]) -> set[tuple[str, int]]:
    """Tell which rows of a table are there and hold all that was found in them."""
    model: Any = TABLE_OF[table]
    # A table without row numbers of its own is told by its borrower.
    key = model.borrower if model is Listing else model._meta.primary_key
    if not isinstance(key, (IntegerField, ForeignKeyField)):
        return set()
    held = set()
    for number, *values in transaction.all(model.select(key, *model._meta.sorted_fields).where(key.in_(list(wanted)))):
        stored = [_bytes(value) for value in values]
        if all(any(one in value for value in stored) for one in wanted[number]):
            held.add((table, number))
    return held


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


def rows_left(transaction: Transaction, identity: Identity) -> list[str]:
    """Look for rows by what would lead to the person: the row number, the number, the blind index, the search words."""
    left: list[str] = []
    for table in TABLES:
        columns: list[Any] = [one for one in table._meta.sorted_fields if getattr(one, "rel_model", None) is Borrower]
        if table is Borrower:
            columns.append(Borrower.id)
        for column in columns:
            if transaction.value(table.select(column).where(column == identity.borrower_id).limit(1)) is not None:
                left.append(f"{table._meta.table_name} {column.column_name}")
    numbered = Borrower.select(Borrower.id).where(Borrower.number == identity.number)
    if transaction.value(numbered) is not None:
        left.append("borrower number")
    if identity.blind_index is not None:
        indexed = Borrower.select(Borrower.id).where(Borrower.cpr_index == identity.blind_index)
        if transaction.value(indexed) is not None:
            left.append("borrower cpr_index")
    words = SearchWord.select(SearchWord.id).where(SearchWord.word == identity.number)
    if transaction.value(words) is not None:
        left.append("search_word word")
    subscribed = Subscriber.select(Subscriber.id).where(Subscriber.email == identity.unsubscribed)
    if identity.unsubscribed and transaction.value(subscribed) is not None:
        left.append("subscriber email")
    return left


def table_names() -> list[str]:
    """Name the tables an erasure takes rows out of, or changes rows in: those a server rewrites."""
    from desk.privacy.erasure.steps import STEPS  # noqa: PLC0415

    covered = {table for step in STEPS for table in step.covers} - {"access_log"}
    return sorted(covered | {"item", "put_back", DeletionRequest._meta.table_name})
