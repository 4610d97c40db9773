"""The durable scan queue (C2): order, settling, what lies in the file, and one file for each program."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from db.engine import database_for
from db.errors import StoreBusy, StoreFull, StoreUnreachable, StoreUnreadable
from db.queue import NewEntry, Queue, claim_queue, queue_files
from tests.builders import QUEUE_KEY, TUESDAY
from tests.desk.counter.at_work import make_full, make_room

ROOT = Path(__file__).resolve().parents[2]
CPR = "7101901234"
# How SQLCipher 4 lays a page out: an IV and an HMAC at its end, and in the first page a salt at its beginning.
PAGE, TAIL, SALT = 4096, 80, 16


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[Queue]:
    """An open, empty queue."""
    opened = Queue(tmp_path / "queue.db", QUEUE_KEY)
    await opened.open()
    yield opened
    opened.close()


def scan(number: int, code: str = CPR) -> NewEntry:
    """A scan."""
    return NewEntry(f"c{number}", "code", code, 1, 1, TUESDAY)


async def test_what_is_put_in_comes_out_in_order(queue: Queue) -> None:
    put = [await queue.append(scan(number)) for number in range(5)]
    assert await queue.entries("waiting") == put
    assert [entry.heard_at for entry in put] == [TUESDAY] * 5


async def test_many_put_in_at_once_lie_in_the_order_they_were_asked_for(queue: Queue) -> None:
    await asyncio.gather(*(queue.append(scan(number)) for number in range(50)))
    assert [entry.command_id for entry in await queue.entries("waiting")] == [f"c{number}" for number in range(50)]


async def test_it_is_there_after_the_program_ended(tmp_path: Path) -> None:
    for number in range(3):
        queue = Queue(tmp_path / "queue.db", QUEUE_KEY)
        await queue.append(scan(number))
        queue.close()
    queue = Queue(tmp_path / "queue.db", QUEUE_KEY)
    assert len(await queue.entries("waiting")) == 3
    queue.close()


async def test_a_settled_entry_has_lost_its_code_and_a_deferred_one_has_not(queue: Queue) -> None:
    settled, deferred = await queue.append(scan(1)), await queue.append(scan(2))
    await queue.settle(settled.id, "check_out", "{}")
    await queue.defer(deferred.id, '{"question": "refused"}', "{}")
    assert [entry.code for entry in await queue.entries("settled")] == [""]
    assert [(entry.code, entry.context) for entry in await queue.entries("deciding")] == [
        (CPR, '{"question": "refused"}')
    ]
    assert await queue.entries("waiting") == []


async def test_a_settled_code_stands_nowhere_in_the_pages(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue.db", QUEUE_KEY)
    for number in range(40):
        entry = await queue.append(scan(number, f"{CPR}{number:04}"))
        await queue.settle(entry.id, "return", "{}")
    queue.close()
    assert CPR.encode() not in plain_pages(tmp_path / "queue.db")
    assert b"CREATE TABLE entry" in plain_pages(tmp_path / "queue.db")


async def test_a_waiting_code_stands_in_the_pages_but_not_readably(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue.db", QUEUE_KEY)
    await queue.append(scan(1))
    queue.close()
    assert CPR.encode() in plain_pages(tmp_path / "queue.db")
    assert CPR.encode() not in (tmp_path / "queue.db").read_bytes()


def plain_pages(path: Path) -> bytes:
    """Decrypt every page as it lies, free pages and slack with it: AES-256 in CBC mode, the IV in the page's tail."""
    whole = path.read_bytes()
    plain = b""
    for start in range(0, len(whole), PAGE):
        page = whole[start : start + PAGE]
        vector = page[PAGE - TAIL : PAGE - TAIL + 16]
        decryptor = Cipher(algorithms.AES(QUEUE_KEY), modes.CBC(vector)).decryptor()
        plain += decryptor.update(page[0 if start else SALT : PAGE - TAIL])
    return plain


async def test_the_place_of_the_last_settled_entry_is_kept(queue: Queue) -> None:
    assert await queue.place() == ""
    entry = await queue.append(scan(1))
    await queue.settle(entry.id, "check_out", '{"mode": "return"}')
    assert await queue.place() == '{"mode": "return"}'
    await queue.keep_place('{"mode": "check_out"}')
    assert await queue.place() == '{"mode": "check_out"}'


async def test_clearing_a_pile_drops_its_settled_entries_and_no_others(queue: Queue) -> None:
    entries = [await queue.append(scan(number)) for number in range(4)]
    await queue.settle(entries[0].id, "check_out", "{}")
    await queue.settle(entries[1].id, "return", "{}")
    await queue.defer(entries[2].id, "check_out", "{}")
    await queue.clear_pile("check_out")
    left = await queue.entries("waiting", "settled", "deciding")
    assert [entry.id for entry in left] == [entry.id for entry in entries[1:]]


async def test_numbers_are_not_used_again(queue: Queue) -> None:
    first = await queue.append(scan(1))
    await queue.settle(first.id, "return", "{}")
    await queue.clear_pile("return")
    assert (await queue.append(scan(2))).id > first.id


async def test_a_naive_instant_is_refused(queue: Queue) -> None:
    naive = datetime(2026, 3, 10, 12, 0)  # noqa: DTZ001  (naive on purpose)
    with pytest.raises(ValueError, match="aware"):
        await queue.append(NewEntry("c1", "code", CPR, 1, 1, naive))
    assert await queue.entries("waiting") == []


async def test_an_instant_of_another_zone_comes_back_as_the_same_instant(queue: Queue) -> None:
    summer = datetime.fromisoformat("2026-10-25T02:30:00+02:00")
    await queue.append(NewEntry("c1", "code", CPR, 1, 1, summer))
    (entry,) = await queue.entries("waiting")
    assert entry.heard_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


async def test_an_entry_prints_no_code(queue: Queue) -> None:
    assert CPR not in repr(scan(1)) + repr(await queue.append(scan(1)))


async def test_only_its_owner_may_read_the_file_or_what_lies_beside_it(queue: Queue) -> None:
    await queue.append(scan(1))
    files = list(queue.path.parent.glob(f"{queue.path.name}*"))
    assert {path.suffix for path in files} >= {".db", ".db-wal", ".db-shm"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


# What goes wrong


async def test_a_wrong_key_opens_no_queue(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue.db", QUEUE_KEY)
    await queue.append(scan(1))
    queue.close()
    before = queue.path.read_bytes()
    wrong = Queue(tmp_path / "queue.db", b"x" * 32)
    with pytest.raises(StoreUnreadable) as caught:
        await wrong.open()
    wrong.close()
    assert caught.value.where == str(queue.path)
    assert queue.path.read_bytes() == before


async def test_a_queue_that_cannot_be_written_says_so_and_goes_on_when_it_can(queue: Queue) -> None:
    entry = await queue.append(scan(1))
    await make_full(queue)
    for attempt in (queue.append(scan(2)), queue.settle(entry.id, "return", "{}"), queue.clear_pile("return")):
        with pytest.raises(StoreFull):
            await attempt
    await make_room(queue)
    assert await queue.append(scan(3))
    await queue.settle(entry.id, "return", "{}")
    assert [entry.command_id for entry in await queue.entries("waiting")] == ["c3"]


async def test_a_settle_that_failed_leaves_no_transaction_for_the_next_scan_to_fall_into(
    queue: Queue, tmp_path: Path
) -> None:
    entry = await queue.append(scan(1))
    await queue._on_thread(
        lambda connection: connection.executescript(
            # Fails at COMMIT, as a disk that is full then does.
            "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
            "CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);"
            "CREATE TRIGGER trap AFTER UPDATE ON entry BEGIN INSERT INTO child VALUES (1); END;"
        )
    )
    with pytest.raises(Exception, match="FOREIGN KEY"):
        await queue.settle(entry.id, "return", "{}")
    await queue.append(scan(2))
    other = Queue(tmp_path / "queue.db", QUEUE_KEY)
    assert [entry.command_id for entry in await other.entries("waiting")] == ["c1", "c2"]
    other.close()


async def test_a_queue_that_could_not_be_made_is_made_when_there_is_room(tmp_path: Path) -> None:
    folder = tmp_path / "not-yet"
    queue = Queue(folder / "queue.db", QUEUE_KEY)
    with pytest.raises(StoreUnreachable, match="No such file"):
        await queue.append(scan(1))
    folder.mkdir()
    assert await queue.append(scan(2))
    queue.close()


async def test_a_queue_whose_tables_could_not_be_made_gets_them_later(tmp_path: Path) -> None:
    holder = database_for(f"sqlcipher://{tmp_path}/queue.db", QUEUE_KEY)
    holder.connect()
    holder.execute_sql("BEGIN EXCLUSIVE")
    queue = Queue(tmp_path / "queue.db", QUEUE_KEY)
    queue._database = database_for(f"sqlcipher://{tmp_path}/queue.db", QUEUE_KEY, busy_seconds=0.02)
    with pytest.raises(StoreBusy):
        await queue.append(scan(1))
    holder.execute_sql("ROLLBACK")
    holder.close()
    assert await queue.append(scan(2))
    queue.close()


async def test_a_queue_that_another_program_holds_is_busy(queue: Queue, tmp_path: Path) -> None:
    await queue._on_thread(lambda connection: connection.execute("PRAGMA busy_timeout = 20"))
    other = Queue(tmp_path / "queue.db", QUEUE_KEY)
    await other._on_thread(lambda connection: connection.execute("BEGIN EXCLUSIVE"))
    with pytest.raises(StoreBusy):
        await queue.append(scan(1))
    await other._on_thread(lambda connection: connection.execute("ROLLBACK"))
    other.close()
    assert await queue.append(scan(1))


# One file for each program


def test_two_programs_in_one_home_have_a_queue_each(tmp_path: Path) -> None:
    first, second = claim_queue(tmp_path, QUEUE_KEY), claim_queue(tmp_path, QUEUE_KEY)
    assert (first.path.name, second.path.name) == ("queue.db", "queue-2.db")
    first.close()
    third = claim_queue(tmp_path, QUEUE_KEY)
    assert third.path.name == "queue.db"
    for claimed in (second, third):
        claimed.close()


def test_a_program_that_was_killed_holds_its_queue_no_longer(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from db.queue import claim_queue\n"
        "claimed = claim_queue(Path(sys.argv[1]), bytes(32)); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=False)
    claimed = claim_queue(tmp_path, QUEUE_KEY)
    assert claimed.path.name == "queue.db"
    claimed.close()


async def test_the_queue_files_of_a_home_are_listed(tmp_path: Path) -> None:
    claimed = [claim_queue(tmp_path, QUEUE_KEY) for _ in range(2)]
    for queue in claimed:
        await queue.open()
    assert [path.name for path in queue_files(tmp_path)] == ["queue-2.db", "queue.db"]
    for queue in claimed:
        queue.close()


async def test_a_whole_queue_has_no_damage(queue: Queue) -> None:
    await queue.append(scan(1))
    assert await queue.damage() == []
