"""What stands in the way of a proof: another program's reader, a full disk, and a second program at the same time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.models import Borrower, DeletionRequest
from desk.errors import NotErasable, StoreIsBusy, TombstonesError
from desk.privacy.erasure import carrying_out
from desk.privacy.erasure.carrying_out import only_one
from desk.privacy.erasure.pending import Pending, requests_pending, write_down
from desk.privacy.erasure.queries import erasures_without_proof
from desk.privacy.erasure.records import ErasureOutcome
from desk.privacy.erasure.resuming import resume
from desk.privacy.tombstones import list_file, own_list
from tests.builders import KEY, TUESDAY, VAULT
from tests.decrypted import found_in_database
from tests.desk.privacy.erasure.test_proof import SHARED, Library, library
from tests.erasing import LIES_IN_STORE, a_life, approved, erase

__all__ = ["library"]

ROOT = Path(__file__).parents[4]
READS = """
import sys
from db.engine import database_for
from tests.builders import KEY
database = database_for(sys.argv[1], KEY)
database.connect()
database.execute_sql("BEGIN")
database.execute_sql("SELECT COUNT(*) FROM borrower").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


@contextmanager
def a_reader(url: str) -> Iterator[None]:
    """Let another program read the store, and go on reading."""
    with subprocess.Popen(
        [sys.executable, "-c", READS, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        try:
            yield
        finally:
            reader.communicate()


async def taken_up(library: Library) -> list[ErasureOutcome]:
    """Take up what was left, as the next start does."""
    return await resume(
        library.installation,
        clock=library.house.clock,
        new_id=library.house.new_id,
        progress=lambda _stage, _done, _of: None,
    )


async def without_proof(library: Library) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Ask as the front screen does: missing, failed."""
    found = await library.house.desk.ask(library.house.who(), erasures_without_proof)
    return found.missing, found.failed


async def test_another_programs_reader_is_waited_for_and_then_told(library: Library) -> None:
    life = await a_life(library.house)
    with a_reader(library.house.store.url):
        outcome = await library.erase(life, wait_seconds=0.2)
        assert (outcome.state, outcome.why) == ("erased", "held")
        assert outcome.counts["borrower"] == 1
        assert library.proof() == {"why": "held"}
        assert await without_proof(library) == ((life.request_id,), ())
        assert requests_pending(library.home) == [life.request_id]
    assert [one.state for one in await taken_up(library)] == ["proven"]
    assert await without_proof(library) == ((), ())
    assert found_in_database(library.home / "store.db", KEY, LIES_IN_STORE) == SHARED


async def test_a_reader_that_goes_in_time_holds_nothing_up(library: Library) -> None:
    life = await a_life(library.house)
    with a_reader(library.house.store.url):
        pass
    assert (await library.erase(life, wait_seconds=5)).state == "proven"


async def test_a_full_disk_during_the_rewriting_is_told_and_taken_up_again(library: Library) -> None:
    life = await a_life(library.house)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.crash.erasing_program", str(library.home), str(life.request_id), "no room"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ended.stdout == "erased full\n", ended.stderr
    assert requests_pending(library.home) == [life.request_id]
    assert [one.state for one in await taken_up(library)] == ["proven"]
    assert found_in_database(library.home / "store.db", KEY, LIES_IN_STORE) == SHARED


async def test_what_is_refused_leaves_nothing_written_down(library: Library) -> None:
    life = await a_life(library.house)
    await library.house.lend(library.house.item(), life.person)
    with pytest.raises(NotErasable):
        await library.erase(life)
    assert requests_pending(library.home) == []
    assert own_list(library.home, VAULT, TUESDAY.date()).tombstones == frozenset()
    assert library.house.value(DeletionRequest.select(DeletionRequest.state)) in {"approved", "withdrawn"}


async def test_nobody_is_erased_whose_tombstone_cannot_be_laid(library: Library) -> None:
    life = await a_life(library.house)
    list_file(library.home).write_text("somebody was here")
    with pytest.raises(TombstonesError):
        await library.erase(life)
    assert life.person.borrower_id in library.house.ids(Borrower)
    assert requests_pending(library.home) == []


async def test_a_start_leaves_be_what_another_program_is_at(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    life = await a_life(library.house)
    pending = Pending(life.request_id, await carrying_out._identity(library.installation, life.request_id))
    write_down(library.home, library.installation.secrets, pending)
    async with only_one(library.home, 0):
        assert await taken_up(library) == []
        assert requests_pending(library.home) == [life.request_id]
        monkeypatch.setattr(carrying_out, "LOCK_SECONDS", 0.0)
        with pytest.raises(StoreIsBusy):
            await library.erase(life)
    await taken_up(library)
    assert requests_pending(library.home) == []


async def test_the_number_of_somebody_erased_is_never_anothers(library: Library) -> None:
    life = await a_life(library.house)
    await library.erase(life)
    highest = max(library.house.ids(Borrower))
    person = library.house.borrower()

    await erase(library.house, approved(library.house, person), person)
    assert max(library.house.ids(Borrower)) == highest
    assert library.house.borrower().borrower_id > person.borrower_id
