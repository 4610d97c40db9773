"""The scanner reads databases as they lie, and says of each place whose row it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database

from db.btree import SCHEMA
from db.engine import database_for
from db.pages import PAGE, PageFile, key_that_opens
from db.rewriting import rewrite
from db.scanner import Found, Sought, Unread, files_below, scan
from tests.builders import KEY

LONG = "begyndelsen " + "x" * 9000 + " slutningen"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with a table, an index, and a table without row numbers; deletions are not overwritten."""
    opened = database_for(f"sqlcipher://{tmp_path}/some.db", KEY)
    opened.connect()
    opened.execute_sql("PRAGMA secure_delete = OFF")
    opened.execute_sql("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, note TEXT)")
    opened.execute_sql("CREATE INDEX person_name ON person (name)")
    opened.execute_sql("CREATE TABLE list (place TEXT, person INTEGER, PRIMARY KEY (place, person)) WITHOUT ROWID")
    for number in range(1, 400):
        opened.execute_sql("INSERT INTO person VALUES (?, ?, ?)", (number, f"Navn {number:04}", "note " * 9))
        opened.execute_sql("INSERT INTO list VALUES (?, ?)", (f"plads {number:04}", number))
    yield opened
    opened.close()


def found(folder: Path, *strings: str, key: bytes = KEY) -> list[Found]:
    """Look for strings in all files below a folder."""
    sought = Sought(tuple(text.encode() for text in strings), len(strings))
    return scan(files_below([folder], frozenset()), [key], sought, lambda _done, _total: None).found


def whose(places: list[Found]) -> set[tuple[str, int | None]]:
    """Give table and row of each place."""
    return {(place.table, place.row) for place in places}


def test_a_row_is_told_by_its_table_and_number_in_indexes_too(database: Database, tmp_path: Path) -> None:
    assert whose(found(tmp_path, "Navn 0123", "plads 0123")) >= {("person", 123), ("list", 123)}
    database.execute_sql("VACUUM")
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    again = found(tmp_path, "Navn 0123", "plads 0123")
    assert whose(again) == {("person", 123), ("list", 123)}
    assert len([place for place in again if place.string == 0]) == 2


def test_what_is_deleted_and_not_overwritten_is_left_over(database: Database, tmp_path: Path) -> None:
    database.execute_sql("DELETE FROM person WHERE id = 123")
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert ("", None) in whose(found(tmp_path, "Navn 0123"))
    database.close()
    rewrite(f"sqlcipher://{tmp_path}/some.db", KEY, (), seconds=1)
    database.connect()
    assert found(tmp_path, "Navn 0123") == []
    assert whose(found(tmp_path, "Navn 0124")) == {("person", 124)}


def test_a_table_that_was_dropped_lies_in_free_pages(database: Database, tmp_path: Path) -> None:
    database.execute_sql("DROP TABLE person")
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert whose(found(tmp_path, "Navn 0200")) == {("", None)}


def test_older_images_in_the_log_are_read_as_well(database: Database, tmp_path: Path) -> None:
    database.execute_sql("UPDATE person SET name = 'Nyt navn' WHERE id = 7")
    places = found(tmp_path, "Navn 0007")
    assert places
    assert whose(places) <= {("person", 7), ("", None)}


def test_a_long_row_goes_on_on_other_pages_and_is_still_its_own(database: Database, tmp_path: Path) -> None:
    database.execute_sql("UPDATE person SET note = ? WHERE id = 5", (LONG,))
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    places = found(tmp_path, "slutningen", "begyndelsen")
    assert {(place.string, place.table, place.row) for place in places if place.table} == {
        (0, "person", 5),
        (1, "person", 5),
    }


def test_the_words_of_the_schema_are_the_schemas(database: Database, tmp_path: Path) -> None:
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert {table for table, _row in whose(found(tmp_path, "person_name"))} == {SCHEMA}


def test_with_another_key_it_is_a_file_like_any_other(database: Database, tmp_path: Path) -> None:
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = tmp_path / "some.db"
    assert key_that_opens(path, [b"y" * 32]) is None
    assert found(tmp_path, "Navn 0123", key=b"y" * 32) == []


def test_a_damaged_page_is_told_and_not_passed_over(database: Database, tmp_path: Path) -> None:
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = tmp_path / "some.db"
    with path.open("r+b") as file:
        file.seek(3 * PAGE + 100)
        file.write(b"damaged")
    with pytest.raises(Unread):
        found(tmp_path, "Navn 0123")


def test_every_page_of_the_file_and_every_frame_of_the_log_is_counted(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    key = key_that_opens(path, [KEY])
    assert key is not None
    pages = PageFile(path, key)
    assert len(list(pages.images())) == pages.count
    (frames,) = database.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1:2]
    assert pages.count >= frames > 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log", "før Fjerholm-Ærø efter".encode()),
        ("json", b'{"name": "Fjerholm-\\u00c6r\\u00f8"}'),
        ("latin", "Fjerholm-Ærø".encode("latin-1")),
        ("wide", "Fjerholm-Ærø".encode("utf-16-le")),
        ("edge", b"." * ((1 << 20) - 5) + "Fjerholm-Ærø".encode()),
        ("Fjerholm-Ærø.txt", b"nothing"),
    ],
)
def test_an_ordinary_file_is_read_in_every_spelling_and_by_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert [place.string for place in found(tmp_path, "Fjerholm-Ærø")] == [0]
    assert found(tmp_path, "Fjerholm-Aero") == []


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").write_text("x")

    def refused(*_args: object, **_more: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(Unread):
        found(tmp_path, "Fjerholm")


def test_a_pipe_or_a_link_is_no_file_of_ours(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert files_below([tmp_path], frozenset()) == []
