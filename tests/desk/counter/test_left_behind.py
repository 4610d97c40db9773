"""What an ended program left in its queue is finished by the next that starts: once, and by one only (C2)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db.models import Staff
from db.queue import Queue, claim_left_behind, claim_queue
from desk.counter.orders import SIGN_OFF, TO_RETURN
from desk.counter.records import Answer, Lent, Returned
from desk.counter.work import CounterWork
from desk.desk import Desk
from desk.errors import StoreIsBusy
from tests.builders import QUEUE_KEY, House, a_house, new_store
from tests.desk.counter.at_work import AtWork
from tests.holding import held


class Program(AtWork):
    """One program in a home, with a queue that it has claimed."""

    def __init__(self, house: House, home: Path, desk: Desk | None = None) -> None:
        super().__init__(house, home / "not-used.db", house.new_id, desk)
        self.queue.close()
        self.queue = claim_queue(home, QUEUE_KEY)
        self.work = CounterWork(
            desk or house.desk, self.queue, house.clock, house.new_id, 1.5, lambda: claim_left_behind(home, QUEUE_KEY)
        )
        self.work.tell = self._hear

    async def left(self, *states: str) -> list[tuple[int, str]]:
        """What lies in its queue in some states."""
        return [(entry.id, entry.kind) for entry in await self.queue.entries(*states)]


@asynccontextmanager
async def program(house: House, home: Path, desk: Desk | None = None) -> AsyncIterator[Program]:
    """Run a program; afterwards it has died: nothing more happens, and its claims are gone."""
    running = Program(house, home, desk)
    await running.work.open()
    try:
        yield running
    finally:
        running.work.close()


async def what_lies_in(path: Path, *states: str) -> list[str]:
    """The kinds of entries in a queue file, as another program sees them."""
    queue = Queue(path, QUEUE_KEY)
    try:
        return [entry.kind for entry in await queue.entries(*states)]
    finally:
        queue.close()


async def left_by_the_second(house: House, home: Path, scans: Callable[[Program], Awaitable[None]]) -> None:
    """Let two programs run, of which the second scans and dies, and then the first."""
    async with program(house, home), program(house, home) as second:
        assert second.queue.path.name == "queue-2.db"
        await scans(second)


async def test_what_waits_in_a_dead_programs_queue_is_done_once(house: House, tmp_path: Path) -> None:
    person, thing, other = house.borrower(), house.item(), house.item()
    await left_by_the_second(house, tmp_path, lambda p: p.scan(person.card, thing, other))
    for _start in range(2):
        async with program(house, tmp_path) as next_one:
            assert next_one.queue.path.name == "queue.db"
            assert await next_one.work.finish_left_behind() == 0
            assert next_one.told == [], "nothing is left for a human to do"
            assert next_one.work.place.visit is None
    assert house.open_loans() == dict.fromkeys((thing.item_id, other.item_id), person.borrower_id)
    assert [kind for kind, _refusals in house.records()] == ["OpenVisit", "CheckOut", "CheckOut"]
    assert await what_lies_in(tmp_path / "queue-2.db", "waiting", "deciding") == []


async def test_it_goes_on_from_where_the_dead_program_was_and_leaves_no_visit_open(
    house: House, tmp_path: Path
) -> None:
    things = [house.item(), house.item()]

    async def returns(second: Program) -> None:
        await second.order(TO_RETURN)
        await second.scan(*things)
        await second.order(SIGN_OFF)

    await left_by_the_second(house, tmp_path, returns)
    async with program(house, tmp_path) as next_one:
        await next_one.work.finish_left_behind()
    assert [kind for kind, _refusals in house.records()] == ["Return", "Return"]


async def test_a_visit_the_dead_program_had_open_has_ended(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    await left_by_the_second(house, tmp_path, lambda p: p.scan(person.card))
    async with program(house, tmp_path) as next_one:
        await next_one.work.finish_left_behind()
    async with program(house, tmp_path), program(house, tmp_path) as second:
        assert second.queue.path.name == "queue-2.db"
        assert second.work.place.visit is None


async def test_what_needs_a_human_waits_in_the_lane_and_the_answer_counts(house: House, tmp_path: Path) -> None:
    person, odd = house.borrower(), house.item(parts=2)
    await left_by_the_second(house, tmp_path, lambda p: p.scan(person.card, odd))
    for _start in range(2):
        async with program(house, tmp_path) as next_one:
            assert await next_one.work.finish_left_behind() == 1
            assert next_one.decision.waits
            assert next_one.decision.item is not None
            assert next_one.decision.item.item_id == odd.item_id
            async with program(house, tmp_path) as third:
                assert third.queue.path.name == "queue-3.db", "its file is held while it has a decision"
                assert await third.work.finish_left_behind() == 0
            await next_one.answer(Answer.WAIT)
    async with program(house, tmp_path) as next_one:
        await next_one.work.finish_left_behind()
        assert isinstance(await next_one.answer(Answer.ALL_PARTS), Lent)
        assert next_one.work.decisions == {}
        async with program(house, tmp_path) as second:
            assert second.queue.path.name == "queue-2.db", "nothing is left in it, so it is nobody's"
    async with program(house, tmp_path) as next_one:
        assert await next_one.work.finish_left_behind() == 0
    assert house.open_loans() == {odd.item_id: person.borrower_id}


async def test_an_own_decision_and_one_that_was_left_are_two(house: House, tmp_path: Path) -> None:
    first, second = house.item(), house.item()
    await left_by_the_second(house, tmp_path, lambda p: p.scan(first))
    async with program(house, tmp_path) as next_one:
        await next_one.scan(second)
        await next_one.work.drain()
        await next_one.work.finish_left_behind()
        own, left = sorted(next_one.work.decisions.values(), key=lambda decision: decision.waits)
        assert [d.item.item_id for d in (own, left) if d.item] == [second.item_id, first.item_id]
        await next_one.work.answer(left.entry_id, Answer.RETURN, next_one.who)
        assert isinstance(next_one.outcomes[-1], Returned)
        assert next_one.outcomes[-1].returned.item.item_id == first.item_id
        assert await next_one.left("deciding") == [(own.entry_id, "code")]


async def test_answered_as_a_card_it_opens_the_visit_where_it_was_answered(house: House, tmp_path: Path) -> None:
    person = house.borrower(card="5099999999")
    house.item(barcode=person.card)
    await left_by_the_second(house, tmp_path, lambda p: p.scan(person.card))
    async with program(house, tmp_path) as next_one:
        await next_one.work.finish_left_behind()
        await next_one.answer(Answer.AS_CARD)
        assert next_one.work.place.visit is not None
    async with program(house, tmp_path) as next_one:
        assert next_one.work.place.visit is not None, "the place was not kept"
    async with program(house, tmp_path), program(house, tmp_path) as second:
        assert second.work.place.visit is None


async def test_what_a_running_program_holds_is_left_alone(house: House, tmp_path: Path) -> None:
    async with program(house, tmp_path) as first:
        await first.scan(house.item())
        async with program(house, tmp_path) as second:
            assert await second.work.finish_left_behind() == 0
        assert await first.left("waiting") == [(1, "code")]


async def test_a_copy_that_somebody_made_of_a_queue_is_nobodys(house: House, tmp_path: Path) -> None:
    await left_by_the_second(house, tmp_path, lambda p: p.scan(house.item()))
    (tmp_path / "queue-2.db").rename(tmp_path / "queue-kopi.db")
    async with program(house, tmp_path) as next_one:
        assert await next_one.work.finish_left_behind() == 0
    assert await what_lies_in(tmp_path / "queue-kopi.db", "waiting") == ["code"]


async def test_a_damaged_one_keeps_nobody_from_the_others(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    person, thing = house.borrower(), house.item()
    async with program(house, tmp_path), program(house, tmp_path), program(house, tmp_path) as third:
        await third.scan(person.card, thing)
    (tmp_path / "queue-2.db").write_bytes(b"nonsense" * 1000)
    async with program(house, tmp_path) as next_one:
        assert await next_one.work.finish_left_behind() == 0
    assert list(house.open_loans()) == [thing.item_id]
    assert "cannot be read" in caplog.text
    assert (tmp_path / "queue-2.db").read_bytes() == b"nonsense" * 1000


async def test_a_store_that_does_not_answer_is_asked_again(tmp_path: Path) -> None:
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        person, thing = house.borrower(), house.item()
        impatient = Desk(new_store(house.store.url, busy_seconds=0.05))
        await left_by_the_second(house, tmp_path, lambda p: p.scan(person.card, thing))
        async with program(house, tmp_path, impatient) as next_one:
            with held(house.store.url), pytest.raises(StoreIsBusy):
                await next_one.work.finish_left_behind()
            assert await next_one.work.finish_left_behind() == 0
        impatient.close()
        assert list(house.open_loans()) == [thing.item_id]


async def test_a_decision_of_an_account_that_was_closed_waits_for_whoever_signs_in(
    house: House, tmp_path: Path
) -> None:
    person, odd = house.borrower(), house.item(parts=2)
    await left_by_the_second(house, tmp_path, lambda p: p.scan(person.card, odd))
    async with program(house, tmp_path) as next_one:
        assert await next_one.work.finish_left_behind() == 1
    house.put(Staff.update(active=False).where(Staff.id == house.staff["staff"]))
    async with program(house, tmp_path) as next_one:
        await next_one.work.finish_left_behind()
        assert next_one.work.decisions == {}
        next_one.who = house.who("supervisor")
        await next_one.work.restore_decisions(next_one.who)
        assert isinstance(await next_one.answer(Answer.ALL_PARTS), Lent)
