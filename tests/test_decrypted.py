"""The scanner that later tests lean on finds what lies in the pages, and what only used to."""

from __future__ import annotations

from pathlib import Path

from db.models import Title
from tests.builders import KEY, a_house
from tests.decrypted import found_in_database, found_in_files

HERE, GONE = "Klods-Hans", "Fyrtøjet"


def test_what_lies_in_the_pages_and_the_log_is_found(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with a_house(f"sqlcipher://{path}") as house:
        house.item(title=HERE)
        assert path.with_name("store.db-wal").stat().st_size > 0
        assert found_in_database(path, KEY, [HERE, GONE]) == {HERE}
    assert found_in_database(path, KEY, [HERE, GONE]) == {HERE}
    assert found_in_files(tmp_path, [HERE]) == {}


def test_what_was_deleted_is_found_as_long_as_it_lies_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with a_house(f"sqlcipher://{path}") as house:
        house.item(title=GONE)
        house.put(Title.delete().where(Title.title == "-"))
        house.put(Title.update(title="-").where(Title.title == GONE))
        assert house.rows(Title.select(Title.title).where(Title.title == GONE)) == []
        assert found_in_database(path, KEY, [GONE]) == {GONE}


def test_with_another_key_nothing_is_found(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with a_house(f"sqlcipher://{path}") as house:
        house.item(title=HERE)
    assert found_in_database(path, bytes(32), [HERE]) == set()


def test_what_lies_open_in_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "desk.log").write_text(f"… {HERE} …", encoding="utf-8")
    assert found_in_files(tmp_path, [HERE, GONE]) == {"logs/desk.log": {HERE}}
