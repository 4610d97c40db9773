"""The store on both engines: what it refuses, what it survives, and how it says so (T1, Bad input)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from playhouse.schema_diff import diff_models

from db.engine import PRAGMAS, database_for
from db.errors import StorageError, StoreBusy, StoreFull, StoreOutdated, StoreUnreachable, StoreUnreadable
from db.models import TABLES, Branch, Item, Library, LoanOccasion, Staff, Title
from db.store import Store, Transaction, storage_error
from desk.circulation.renewal import open_loans_of
from tests.builders import KEY, VAULT, House, a_house, new_store
from tests.engines import Server
from tests.holding import held

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program of the tests."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    """A closed store with some pages in it."""
    path = tmp_path / "store.db"
    with a_house(f"sqlcipher://{path}") as house:
        for _ in range(30):
            house.item(title="Klods-Hans " * 30)
    return path


ATTEMPTS: dict[str, Callable[[Store], object]] = {
    "a look at the version": lambda store: store.check_current(),
    "a look": lambda store: store.read_here(lambda transaction: transaction.all(Title.select(Title.title))),
    "a change": lambda store: store.write_here(lambda transaction: transaction.run(Title.delete())),
    "a search for damage": lambda store: store.damage(),
}


def attempt(path: Path, what: str, key: bytes = KEY) -> StorageError:
    """Attempt something that must fail and leave the file as it was; gives the failure."""
    before = path.read_bytes()
    store = Store(f"sqlcipher://{path}", key, VAULT)
    with pytest.raises(StorageError) as caught:
        ATTEMPTS[what](store)
    store.close()
    assert path.read_bytes() == before
    assert sorted(found.name for found in path.parent.iterdir()) == [path.name]
    assert caught.value.where == str(path)
    return caught.value


@pytest.mark.parametrize("what", ATTEMPTS)
def test_a_wrong_key_opens_nothing_and_writes_nothing(store_file: Path, what: str) -> None:
    assert isinstance(attempt(store_file, what, b"x" * 32), StoreUnreadable)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "no header": lambda whole: bytes(100) + whole[100:],
    "every page but two": lambda whole: whole[:8192] + bytes(len(whole) - 8192),
    "cut in half": lambda whole: whole[: len(whole) // 2],
    "cut in the middle of a page": lambda whole: whole[: len(whole) // 2 + 100],
    "a hundred bytes": lambda whole: whole[:100],
    "nothing at all": lambda _whole: b"",
    "a letter": lambda _whole: b"Dear library,\n" * 1000,
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("what", ATTEMPTS)
def test_a_damaged_file_is_named_and_left_alone(store_file: Path, damage: str, what: str) -> None:
    store_file.write_bytes(DAMAGE[damage](store_file.read_bytes()))
    assert isinstance(attempt(store_file, what), StoreUnreadable)


def test_one_bad_page_is_found_by_a_search_for_damage(store_file: Path) -> None:
    whole = bytearray(store_file.read_bytes())
    page = len(whole) // 4096 // 2 * 4096
    whole[page + 200] ^= 1
    store_file.write_bytes(whole)
    store = new_store(f"sqlcipher://{store_file}")
    try:
        found = store.damage()
    except StoreUnreadable as error:
        found = [str(error)]
    store.close()
    assert found != []


def test_a_whole_store_has_no_damage(store_file: Path) -> None:
    store = new_store(f"sqlcipher://{store_file}")
    assert store.damage() == []
    store.close()


def test_a_broken_reference_is_damage(store_file: Path) -> None:
    store = new_store(f"sqlcipher://{store_file}")
    database = database_for(f"sqlcipher://{store_file}", KEY)
    database.connect()
    database.execute_sql("PRAGMA foreign_keys = 0")
    database.execute_sql("DELETE FROM branch")
    database.close()
    assert any("broken reference" in found for found in store.damage())
    store.close()


def test_damage_says_nothing_on_the_terminal(store_file: Path) -> None:
    program = "import sys; from tests.builders import *; from tests.builders import KEY\ns = new_store(sys.argv[1])\n"
    program += "try: s.check_current()\nexcept Exception as e: sys.exit(type(e).__name__)\n"
    store_file.write_bytes(bytes(100) + store_file.read_bytes()[100:])
    said = run("-c", program, f"sqlcipher://{store_file}")
    assert (said.stdout, said.stderr) == ("", "StoreUnreadable\n")


def test_a_store_that_has_gone_is_not_made_anew(tmp_path: Path) -> None:
    store = new_store(f"sqlcipher://{tmp_path}/store.db")
    with pytest.raises(StoreUnreachable):
        store.check_current()
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_every_pragma_is_what_it_was_set_to(store_file: Path) -> None:
    database = database_for(f"sqlcipher://{store_file}", KEY)
    database.connect()
    read = {name: database.execute_sql(f"PRAGMA {name}").fetchone() for name, _ in PRAGMAS if "cipher" not in name}
    database.close()
    assert read == {
        "journal_mode": ("wal",),
        "synchronous": (2,),
        "foreign_keys": (1,),
        "secure_delete": (1,),
        "cell_size_check": (1,),
        "temp_store": (2,),
        "cache_size": (-24_000,),
    }


def test_the_file_shows_nothing_of_what_is_in_it(store_file: Path) -> None:
    assert b"Klods-Hans" not in store_file.read_bytes()
    assert not store_file.read_bytes().startswith(b"SQLite format 3")


# Tables


def test_the_migrations_make_the_tables_of_the_models(store_url: str) -> None:
    store = new_store(store_url)
    store.migrate()
    with store._database.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        difference = diff_models(store._database, TABLES)
    store.close()
    assert not difference, str(difference)


def test_migrating_twice_changes_nothing(store_url: str) -> None:
    store = new_store(store_url)
    with pytest.raises((StoreOutdated, StoreUnreachable)):
        store.check_current()
    assert store.migrate() == [
        "0001_first_schema",
        "0002_access_log_and_search",
        "0003_listings",
        "0004_reservations_money_messages",
        "0005_deletion_retention_statistics",
        "0006_newsletter",
        "0007_forms",
    ]
    assert store.migrate() == []
    store.check_current()
    store.close()


def test_a_store_of_a_newer_program_is_left_alone(store_url: str) -> None:
    store = new_store(store_url)
    store.migrate()
    store._database.execute_sql("UPDATE schema_migration SET name = '9999_later' WHERE name = '0001_first_schema'")
    for look in (store.check_current, store.migrate):
        with pytest.raises(StoreOutdated, match="9999_later"):
            look()
    store.close()


def test_a_missing_table_is_an_outdated_store(house: House) -> None:
    house.store.write_here(lambda transaction: transaction.run_many("DROP TABLE library", [()]))
    with pytest.raises(StoreOutdated):
        house.rows(Library.select(Library.name))


# Looks


def test_a_look_sees_one_moment_whatever_is_written_meanwhile(house: House) -> None:
    elsewhere = new_store(house.store.url)

    def look(transaction: Transaction) -> tuple[int, int]:
        before = len(transaction.all(Branch.select(Branch.id)))
        elsewhere.write_here(lambda other: other.run(Branch.insert(name="Ny", isil="1")))
        return before, len(transaction.all(Branch.select(Branch.id)))

    assert house.store.read_here(look) == (2, 2)
    elsewhere.close()
    assert len(house.ids(Branch)) == 3


async def test_a_look_at_a_borrower_does_not_wait_for_another_counter(house: House) -> None:
    person = house.borrower()
    await house.lend(house.item(), person)
    with held(house.store.url):
        async with asyncio.timeout(10):
            loans = await house.desk.ask(
                house.who(), open_loans_of, person.borrower_id, house.branch, date(2026, 3, 10)
            )
    assert len(loans) == 1


# Values


def test_instants_come_back_aware_and_naive_ones_are_refused(house: House) -> None:
    at = datetime(2026, 10, 25, 0, 30, 15, 123456, tzinfo=UTC)
    house.put(Staff.update(locked_at=at))
    assert house.value(Staff.select(Staff.locked_at).limit(1)) == at
    house.put(Staff.update(locked_at=datetime.fromisoformat("2026-10-25T02:30:00+02:00")))
    assert house.value(Staff.select(Staff.locked_at).limit(1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        house.put(Staff.update(locked_at=at.replace(tzinfo=None)))


def test_a_local_date_is_no_instant(house: House) -> None:
    with pytest.raises(TypeError):
        house.put(LoanOccasion.insert(borrower=1, visit="v", due_on=datetime(2026, 3, 10, tzinfo=UTC)))


def test_a_sealed_cpr_number_opens_only_unchanged() -> None:
    sealed = VAULT.seal("7101901234")
    assert b"7101901234" not in sealed
    assert VAULT.open(sealed) == "7101901234"
    with pytest.raises(InvalidTag):
        VAULT.open(bytes([sealed[0] ^ 1]) + sealed[1:])


# Busy, full, read-only, gone


async def test_a_store_that_another_program_holds_is_busy(store_file: Path) -> None:
    store = new_store(f"sqlcipher://{store_file}", busy_seconds=0.05)
    with held(store.url) as holder:
        with pytest.raises(StoreBusy):
            await store.write(lambda transaction: transaction.run(Branch.insert(name="Ny", isil="1")))
        assert len(await store.read(lambda transaction: transaction.all(Branch.select(Branch.id)))) == 2
        holder.let_go()
    await store.write(lambda transaction: transaction.run(Branch.insert(name="Ny", isil="1")))
    store.close()


async def test_the_loop_goes_on_while_the_store_waits(store_file: Path) -> None:
    store = new_store(f"sqlcipher://{store_file}")
    with held(store.url) as holder:
        writing = asyncio.create_task(
            store.write(lambda transaction: transaction.run(Branch.insert(name="Ny", isil="1")))
        )
        for _ in range(100):
            await asyncio.sleep(0)
        assert not writing.done()
        holder.let_go()
    await writing
    store.close()


def test_a_full_disk_is_told_and_nothing_is_written(store_file: Path) -> None:
    store = new_store(f"sqlcipher://{store_file}")
    pages = store.read_here(lambda _transaction: store._database.execute_sql("PRAGMA page_count").fetchone()[0])
    store._database.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull):
        store.write_here(
            lambda transaction: [
                transaction.run(Title.insert(title="x" * 9000, source_key=f"full-{number}")) for number in range(20)
            ]
        )
    assert store.damage() == []
    assert len(store.read_here(lambda transaction: transaction.all(Title.select(Title.id)))) == 30
    store.close()


def test_where_files_can_grow_no_more_store_and_queue_say_so_and_keep_what_they_had(store_file: Path) -> None:
    said = run("-m", "tests.db.no_room", str(store_file.parent))
    assert said.stdout.split() == ["store:StoreFull", "queue:StoreFull", "kept:True"], said.stderr
    store = new_store(f"sqlcipher://{store_file}")
    assert store.damage() == []
    store.close()


def test_a_file_that_may_only_be_read_is_told(store_file: Path) -> None:
    store = new_store(f"sqlcipher://{store_file}")
    store.check_current()
    store._database.execute_sql("PRAGMA query_only = 1")
    with pytest.raises(StoreFull):
        store.write_here(lambda transaction: transaction.run(Title.delete()))
    store.close()


def test_the_server_went_away_and_came_back(postgres_server: Server, postgres_url: str) -> None:
    with a_house(postgres_url) as house:
        house.item()
        drop_connections(postgres_server)
        with pytest.raises(StoreUnreachable) as caught:
            house.ids(Item)
        assert postgres_server._password not in str(caught.value)
        assert len(house.ids(Item)) == 1
        house.item()


def drop_connections(server: Server) -> None:
    """End every connection to the server but this one, as a restart would."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 't%' AND datname <> 'template1'"
        )


def test_a_server_that_does_not_answer_is_unreachable_and_its_password_not_told() -> None:
    store = new_store("postgresql://postgres:hemmelig@127.0.0.1:1/ingen")
    with pytest.raises(StoreUnreachable) as caught:
        store.check_current()
    store.close()
    assert "hemmelig" not in str(caught.value)
    assert "127.0.0.1" in caught.value.where


def test_an_unknown_kind_of_store_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        database_for("mysql://host/name", KEY)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("database is locked", StoreBusy),
        ("deadlock detected", StoreBusy),
        ("database or disk is full", StoreFull),
        ("attempt to write a readonly database", StoreFull),
        ("disk I/O error", StoreFull),
        ("file is not a database", StoreUnreadable),
        ("database disk image is malformed", StoreUnreadable),
        ("no such table: loan", StoreOutdated),
        ("server closed the connection unexpectedly", StoreUnreachable),
    ],
)
def test_an_engines_words_are_told_in_ours(words: str, kind: type[StorageError]) -> None:
    assert type(storage_error("here", RuntimeError(words))) is kind
    assert os.linesep not in str(storage_error("here", RuntimeError(f"{words}\nDETAIL: a row")))
