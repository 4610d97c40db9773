"""Curtain and lock (C12): what is scanned behind them waits, and nothing of it is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from desk.counter.records import Failed, Question
from desk.desk import Desk
from tests.builders import House, a_house, new_store
from tests.desk.counter.at_work import AtWork, at_work


async def test_behind_the_curtain_scans_wait(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card)
        await counter.settled()
        counter.work.hold(cards_pass=True)
        await counter.scan(thing)
        await nothing_happens(counter)
        assert counter.kinds == ["VisitOpened"]
        counter.work.release()
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "Lent"]


async def test_a_borrowers_card_first_behind_the_curtain_passes_and_what_follows_waits(
    house: House, tmp_path: Path
) -> None:
    first, second, thing = house.borrower(), house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(first.card)
        await counter.settled()
        counter.work.hold(cards_pass=True)
        await counter.scan(second.card, thing)
        await counter.until(lambda: len(counter.outcomes) == 2)
        await nothing_happens(counter)
        assert counter.kinds == ["VisitOpened", "VisitOpened"]
        counter.work.release()
        await counter.settled()
    assert house.open_loans() == {thing.item_id: second.borrower_id}


async def test_behind_the_lock_a_card_waits_too(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    async with at_work(house, tmp_path) as counter:
        counter.work.hold(cards_pass=False)
        await counter.scan(person.card)
        await nothing_happens(counter)
        assert counter.outcomes == []
        assert counter.work.waiting == 1
        counter.work.release()
        await counter.settled()
        assert counter.kinds == ["VisitOpened"]


async def test_what_was_scanned_before_the_curtain_is_still_done(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.scan(person.card, thing)
        counter.work.hold(cards_pass=False)
        await counter.scan(house.item())
        running = asyncio.create_task(counter.work.run())
        await counter.until(lambda: len(counter.outcomes) == 2)
        assert counter.kinds == ["VisitOpened", "Lent"]
        assert counter.work.waiting == 1
        running.cancel()


async def test_a_visit_dropped_behind_the_curtain_is_not_given_what_waited(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card)
        await counter.settled()
        counter.work.hold(cards_pass=True)
        await counter.scan(thing)
        await counter.work.drop_visit()
        counter.work.release()
        await counter.settled()
        assert counter.decision.question is Question.NO_BORROWER
    assert house.open_loans() == {}
    async with at_work(house, tmp_path) as counter:
        assert counter.work.place.visit is None


async def test_a_held_store_behind_the_curtain_does_not_end_the_work(tmp_path: Path) -> None:
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        person = house.borrower()
        gone = new_store(house.store.url.replace("store.db", "elsewhere.db"))
        async with at_work(house, tmp_path, desk=Desk(gone)) as counter:
            counter.work.hold(cards_pass=True)
            await counter.scan(person.card)
            await nothing_happens(counter)
            gone.migrate()
            counter.work.release()
            await counter.settled()
            assert counter.outcomes == [Failed("AccountClosed")]
        gone.close()


async def nothing_happens(counter: AtWork) -> None:
    """Give the work every chance to do what it must not do."""
    before = len(counter.told)
    for _ in range(20):
        await counter.queue.place()
        await asyncio.sleep(0)
    assert len(counter.told) == before


async def test_what_a_visit_dropped_behind_the_curtain_left_to_decide_waits(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item(parts=3)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await counter.settled()
        assert not counter.decision.waits
        counter.work.hold(cards_pass=True)
        await counter.work.drop_visit()
        assert counter.decision.waits
