"""Q8 without a screen: scans go on at full speed while another process holds the store; and faults stop nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from db.engine import database_for
from db.queue import Entry
from desk.counter.handling import Handling
from desk.counter.happenings import Settled
from desk.counter.orders import CODE, TO_RETURN
from desk.counter.records import Answer, LeftAlone, Outcome, Place, Question, Returned, ToDecide
from tests.builders import QUEUE_KEY, a_house
from tests.desk.counter.at_work import at_work
from tests.holding import held

SCANS = 200
APART = 0.02
HELD_FOR = 2.0
SEEN_WITHIN = 0.1


async def test_two_hundred_scans_while_another_process_holds_the_store_for_two_seconds(tmp_path: Path) -> None:
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        things = [house.item() for _ in range(SCANS)]
        loop = asyncio.get_running_loop()
        outside = outside_view(tmp_path / "queue.db")
        async with at_work(house, tmp_path) as counter:
            await counter.order(TO_RETURN)
            await counter.settled()
            with held(house.store.url) as holder:
                let_go = loop.create_task(after(HELD_FOR, holder.let_go))
                latest, most_waiting = 0.0, 0
                for number, thing in enumerate(things, 1):
                    scanned = loop.time()
                    await counter.scan(thing)
                    assert await asyncio.to_thread(outside) == number + 1
                    latest = max(latest, loop.time() - scanned)
                    most_waiting = max(most_waiting, counter.work.waiting)
                    await asyncio.sleep(max(0.0, APART - (loop.time() - scanned)))
                await let_go
            await counter.settled()
            entries = [told.entry_id for told in counter.told if isinstance(told, Settled) and told.counts]
            returned = [o.returned.item.item_id for o in counter.outcomes if isinstance(o, Returned)]
    assert latest <= SEEN_WITHIN
    assert most_waiting >= HELD_FOR / APART / 2
    assert entries == counter.heard
    assert returned == [thing.item_id for thing in things]


def outside_view(queue_file: Path) -> Callable[[], int]:
    """Give what counts the entries in a queue's file, as another program sees them."""

    def count() -> int:
        database = database_for(f"sqlcipher://{queue_file}", QUEUE_KEY)
        database.connect()
        rows = database.execute_sql("SELECT COUNT(*) FROM entry").fetchone()
        database.close()
        return int(rows[0])

    return count


async def after(seconds: float, what: Callable[[], None]) -> None:
    """Do something later, beside the loop."""
    await asyncio.sleep(seconds)
    await asyncio.to_thread(what)


async def test_a_fault_in_one_scan_is_a_line_and_the_next_scan_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Handling.handle

    async def faulty(self: Handling, entry: Entry, place: Place) -> tuple[Outcome, Place]:
        if entry.code == "BOOM":
            raise RuntimeError("a bug")
        return await real(self, entry, place)

    monkeypatch.setattr(Handling, "handle", faulty)
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        thing = house.item()
        async with at_work(house, tmp_path) as counter:
            await counter.order(TO_RETURN)
            await counter.scan("BOOM", thing)
            _, fault, returned = await counter.settled()
            assert isinstance(fault, ToDecide)
            assert fault.decision.question is Question.FAULT
            assert isinstance(returned, Returned)
            assert isinstance(await counter.answer(Answer.NOTHING), LeftAlone)


async def test_what_is_taken_in_at_once_is_queued_in_that_order(tmp_path: Path) -> None:
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        things = [house.item() for _ in range(20)]
        async with at_work(house, tmp_path) as counter:
            listening = asyncio.create_task(counter.work.listen())
            counter.work.take(TO_RETURN, "", counter.who)
            for seconds, thing in enumerate(things):
                counter.work.take(CODE, thing.barcode, counter.who, seconds * 10.0)
            assert counter.work.is_busy
            await counter.until(lambda: len(counter.outcomes) == 21)
            returned = [o.returned.item.item_id for o in counter.outcomes if isinstance(o, Returned)]
            assert returned == [thing.item_id for thing in things]
            assert not counter.work.is_busy
            listening.cancel()
