"""Nothing is held about anybody that the data map does not know (P9)."""

from __future__ import annotations

import asyncio
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from peewee import SqliteDatabase

from db.queue import Queue
from db.store import Store
from desk import texts
from desk.command import INSTALLATION
from desk.installation import open_installation
from desk.privacy.data_map import BY_KEY, MAP, POLICY, Goes, unmapped
from desk.privacy.erasure.certificate import write_certificate
from desk.privacy.erasure.queries import certificate_of
from tests import canary
from tests.backing_up import a_home, back_up, erase
from tests.builders import QUEUE_KEY, House, new_store

# The policy's own list, in its order (the seed document), without the three kinds that the counter does not hold yet.
NAMES = (
    "Lånernummer", "CPR-nummer", "Fraværsperiode", "Navn", "Fødselsdato", "c/o navn og adresse", "Telefon", "E-mail",
    "Blokeret d.", "Blokeringsårsag", "Lånergruppe", "Tilhørsfilial", "Kommunenr.", "Sprog", "Lånerid", "Intern note",
    "Note til låner", "Udlån", "Reserveringer", "Mellemværende", "Beskeder",
)  # fmt: skip


def columns_of(store: Store) -> set[str]:
    """Read every column of every table out of the engine itself, views and leftovers included."""
    database = store._database
    if isinstance(database, SqliteDatabase):
        rows = database.execute_sql(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c"
            " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'"
        )
    else:
        rows = database.execute_sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        )
    return {f"{table}.{column}" for table, column in rows.fetchall()}


def test_every_column_of_the_store_is_in_the_map_or_declared_free_of_persons(house: House) -> None:
    columns = columns_of(house.store)
    assert len(columns) > 100
    assert unmapped(columns) == []


async def test_every_column_of_the_queue_is_in_the_map_or_declared_free_of_persons(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue.db", QUEUE_KEY)
    await queue.open()
    rows = await queue._on_thread(
        lambda connection: connection.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c"
            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        ).fetchall()
    )
    queue.close()
    assert len(rows) > 8
    assert unmapped(f"queue.{table}.{column}" for table, column in rows) == []


def test_a_new_column_that_nobody_thought_about_is_found(house: House) -> None:
    house.store.write_here(
        lambda transaction: transaction.run_many("ALTER TABLE borrower ADD COLUMN shoe_size TEXT", [()])
    )
    assert unmapped(columns_of(house.store)) == ["borrower.shoe_size"]


def test_the_map_names_no_column_that_is_not_there(store_url: str) -> None:
    store = new_store(store_url)
    store.migrate()
    there = columns_of(store)
    store.close()
    named = {column for held in MAP for column in held.columns if not column.startswith(("queue.", "file:", "beside:"))}
    assert named - there == set()


def test_the_policys_items_have_the_policys_names_in_the_policys_order() -> None:
    assert tuple(held.label for held in POLICY) == NAMES


def test_the_names_are_those_of_the_policy_itself(shared: Path) -> None:
    policy = next((shared / "seed").glob("*.txt")).read_text(encoding="utf-8")
    listed = [re.split(" [-–] ", line)[0].strip() for line in policy.splitlines() if re.search(" [-–] ", line)]
    assert tuple(name for name in listed if name in NAMES) == NAMES


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_everything_held_says_what_it_is_for_and_when_it_goes(language: str) -> None:
    texts.use(language)
    for held in MAP:
        assert held.label
        assert held.used_for
        assert held.deleted
    assert {held.goes for held in MAP} == set(Goes)


def test_each_column_belongs_to_one_kind_of_data() -> None:
    columns = [column for held in MAP for column in held.columns]
    assert len(columns) == len(set(columns))
    assert len(BY_KEY) == len(MAP)


def test_whatever_a_home_has_after_an_erasure_a_back_up_and_a_certificate_is_in_the_map(tmp_path: Path) -> None:
    home, media = a_home(tmp_path / "home"), tmp_path / "media"
    media.mkdir()
    erase(home, canary.sing(home).number)
    back_up(home, media)
    with open_installation(home) as installation:
        certificate = asyncio.run(installation.desk.ask(INSTALLATION, certificate_of, 1))
    write_certificate(certificate, home / "exports", on_server=False)
    patterns = [column for held in MAP for column in held.columns if column.startswith(("file:", "beside:"))]
    held = {f"file:{path.relative_to(home)}" for path in home.rglob("*") if path.is_file()}
    held |= {f"beside:{path.name}" for path in media.iterdir()}
    unknown = {name for name in held if not any(fnmatch(name, pattern) for pattern in patterns)}
    # The stores themselves, whose columns are in the map; settings, keys, locks, and what names no person.
    known = ("store.db", "queue", "desk.toml", "keys/", "backups.json", "access-log.newest")
    assert {
        name for name in unknown if not name.removeprefix("file:").startswith(known) and ".lock" not in name
    } == set()
