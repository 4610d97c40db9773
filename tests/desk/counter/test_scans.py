"""From a scan to its line (C1, C2, C7, C9): heard, queued, handled strictly in order, settled."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.queue import Entry, Queue
from desk.counter.happenings import HeardAgain, NotReceived, QueueState, Settled, StoreState
from desk.counter.modes import CHECK_OUT, RETURN
from desk.counter.orders import END, LAST_BORROWER, TO_CHECK_OUT, TO_RETURN
from desk.counter.records import AlreadyOpen, Answer, Lent, Question, TurnedDown, VisitOpened
from desk.desk import Desk
from tests.builders import House, a_house, another_counter, new_store
from tests.desk.counter.at_work import at_work, make_full, make_room
from tests.holding import held


async def entries(queue: Queue) -> list[Entry]:
    """Give everything that lies in a queue."""
    return await queue.entries("waiting", "settled", "deciding")


async def test_a_card_then_books_are_lent_in_the_order_of_the_scans(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    things = [house.item(title=f"Bind {number}") for number in range(5)]
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, *things)
        opened, *lent = await counter.settled()
        assert isinstance(opened, VisitOpened)
        assert opened.borrower.number == "00000004"
        assert [outcome.loan.item.title for outcome in lent if isinstance(outcome, Lent)] == [
            f"Bind {number}" for number in range(5)
        ]
        assert [told.entry_id for told in counter.told if isinstance(told, Settled)] == counter.heard
    assert house.open_loans() == {thing.item_id: person.borrower_id for thing in things}


async def test_a_scan_is_acknowledged_only_when_it_lies_in_the_queue(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.scan("3000000001", "3000000002")
        assert counter.heard == [entry.id for entry in await entries(counter.queue)]
        assert counter.work.waiting == 2


async def test_the_raw_code_goes_when_the_scan_is_settled(house: House, tmp_path: Path) -> None:
    house.borrower(cpr="7101901234")
    async with at_work(house, tmp_path) as counter:
        await counter.scan("7101901234")
        assert [entry.code for entry in await entries(counter.queue)] == ["7101901234"]
        await counter.settled()
        assert not any(entry.code for entry in await entries(counter.queue))


# Double scans (C9)


async def test_the_same_code_within_a_second_and_a_half_is_one_scan_counted_twice(house: House, tmp_path: Path) -> None:
    thing = house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(thing)
        await counter.scan(thing, after=1.5)
        assert counter.told_kinds(HeardAgain) == [HeardAgain(counter.heard[0], 2)]
        await counter.settled()
        assert counter.kinds == ["ModeChanged", "Returned"]


async def test_the_same_code_later_is_another_scan(house: House, tmp_path: Path) -> None:
    thing = house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(thing)
        await counter.scan(thing, after=1.6)
        await counter.settled()
        assert counter.kinds == ["ModeChanged", "Returned", "Returned"]


async def test_a_book_lent_and_handed_back_at_once_is_two_scans(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await counter.order(END)
        await counter.order(TO_RETURN)
        await counter.scan(thing, after=0.1)
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "Lent", "VisitEnded", "ModeChanged", "Returned"]


async def test_a_double_scan_right_behind_the_card_is_still_one(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing, after=0.1)
        await counter.settled()
        await counter.scan(thing, after=0.1)
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "Lent"]


async def test_a_code_that_was_not_received_may_be_scanned_again_at_once(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await make_full(counter.queue)
        await counter.scan("3000000001", after=0.1)
        await make_room(counter.queue)
        await counter.scan("3000000001", after=0.1)
        assert len(counter.heard) == 1
        assert counter.told_kinds(HeardAgain) == []


# Switching (C7)


async def test_another_card_ends_the_visit_and_begins_the_next(house: House, tmp_path: Path) -> None:
    first, second = house.borrower(), house.borrower()
    one, two = house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(first.card, one, second.card, two)
        await counter.settled()
        assert counter.work.place.last is not None
        assert counter.work.place.last.borrower_id == first.borrower_id
    assert house.open_loans() == {one.item_id: first.borrower_id, two.item_id: second.borrower_id}


async def test_the_same_card_again_only_says_so(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, person.card)
        assert (await counter.settled())[1] == AlreadyOpen()


async def test_an_ending_waits_behind_the_scans(house: House, tmp_path: Path) -> None:
    person, thing, late = house.borrower(), house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await counter.order(END)
        await counter.scan(late)
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "Lent", "VisitEnded", "ToDecide"]
    assert house.open_loans() == {thing.item_id: person.borrower_id}


async def test_a_card_at_return_opens_check_out(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(person.card, thing)
        await counter.settled()
        assert counter.kinds == ["ModeChanged", "VisitOpened", "Lent"]
        assert counter.work.place.mode == CHECK_OUT


async def test_returns_between_two_loans_leave_the_visit_open(house: House, tmp_path: Path) -> None:
    person, thing, other = house.borrower(), house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card)
        await counter.order(TO_RETURN)
        await counter.scan(other)
        await counter.order(END)
        await counter.order(TO_CHECK_OUT)
        await counter.scan(thing)
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "ModeChanged", "Returned", "VisitEnded", "ModeChanged", "Lent"]


async def test_the_last_borrower_comes_back_within_two_minutes(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card)
        await counter.order(END)
        await counter.settled()
        house.clock.forward(minutes=2)
        await counter.order(LAST_BORROWER)
        await counter.settled()
        resumed = counter.outcomes[-1]
        assert isinstance(resumed, VisitOpened)
        assert resumed.resumed
        assert resumed.visit.borrower_id == person.borrower_id


async def test_after_two_minutes_the_last_borrower_has_gone(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    async with at_work(house, tmp_path) as counter:
        await counter.order(LAST_BORROWER)
        await counter.scan(person.card)
        await counter.order(END)
        await counter.settled()
        house.clock.forward(minutes=2, seconds=1)
        await counter.order(LAST_BORROWER)
        await counter.settled()
        assert counter.kinds == ["NothingToResume", "VisitOpened", "VisitEnded", "NothingToResume"]


@pytest.mark.parametrize("state", ["stolen", "stopped"])
async def test_a_card_that_is_no_good_opens_nothing(house: House, tmp_path: Path, state: str) -> None:
    person = house.borrower(card_state=state)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card)
        (outcome,) = await counter.settled()
        assert isinstance(outcome, TurnedDown)
        assert [reason.code for reason in outcome.reasons] == [f"card_{state}"]
        assert counter.work.place.visit is None


@pytest.mark.parametrize("state", ["stolen", "stopped"])
async def test_a_card_that_is_no_good_ends_the_visit_before_it_and_its_books_are_not_that_borrowers(
    house: House, tmp_path: Path, state: str
) -> None:
    person, other = house.borrower(), house.borrower(card_state=state)
    first, second = house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, first, other.card, second)
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "Lent", "TurnedDown", "ToDecide"]
        assert counter.decision.question is Question.NO_BORROWER
        assert Answer.LEND_TO_LAST not in counter.decision.answers
        await counter.order(LAST_BORROWER)
        await counter.settled()
        assert counter.kinds[-1] == "VisitOpened"


async def test_a_stolen_card_at_return_leaves_the_pile_alone(house: House, tmp_path: Path) -> None:
    person, other, thing = house.borrower(), house.borrower(card_state="stolen"), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await counter.order(TO_RETURN)
        await counter.scan(thing, other.card)
        outcome = (await counter.settled())[-1]
        assert isinstance(outcome, TurnedDown)
        assert not outcome.ended_visit


# The store is busy or down; the queue cannot be written


async def test_scans_are_kept_while_another_program_holds_the_store(house: House, tmp_path: Path) -> None:
    person = house.borrower()
    things = [house.item() for _ in range(10)]
    async with at_work(house, tmp_path) as counter:
        with held(house.store.url) as holder:
            await counter.scan(person.card, *things)
            assert len(counter.heard) == 11
            assert len(await counter.queue.entries("waiting")) >= 10
            holder.let_go()
        await counter.settled()
        assert counter.kinds == ["VisitOpened"] + ["Lent"] * 10
        lent = [outcome.loan.item.item_id for outcome in counter.outcomes if isinstance(outcome, Lent)]
        assert lent == [thing.item_id for thing in things]


async def test_a_busy_store_is_told_and_told_again_when_it_answers(tmp_path: Path) -> None:
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        impatient = new_store(house.store.url, busy_seconds=0.01)
        thing = house.item()
        async with at_work(house, tmp_path, desk=Desk(impatient)) as counter:
            with held(house.store.url) as holder:
                await counter.order(TO_RETURN)
                await counter.scan(thing)
                await counter.until(lambda: StoreState("busy") in counter.told)
                holder.let_go()
            await counter.settled()
            assert counter.told_kinds(StoreState)[-1] == StoreState("ok")
            assert counter.kinds == ["ModeChanged", "Returned"]
        impatient.close()


async def test_a_store_without_room_is_told_as_such_and_the_scan_is_kept_until_there_is(tmp_path: Path) -> None:
    with a_house(f"sqlcipher://{tmp_path}/store.db") as house:
        thing = house.item()
        async with at_work(house, tmp_path) as counter:
            await counter.order(TO_RETURN)
            await counter.settled()
            await house.store.read(lambda _: house.store._database.execute_sql("PRAGMA query_only = 1"))
            await counter.scan(thing)
            await counter.until(lambda: StoreState("full") in counter.told)
            assert counter.kinds == ["ModeChanged"]
            await house.store.read(lambda _: house.store._database.execute_sql("PRAGMA query_only = 0"))
            await counter.settled()
            assert counter.told_kinds(StoreState)[-1] == StoreState("ok")
            assert counter.kinds == ["ModeChanged", "Returned"]


async def test_a_scan_that_cannot_be_queued_is_never_acknowledged(house: House, tmp_path: Path) -> None:
    thing, next_thing = house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.settled()
        await make_full(counter.queue)
        await counter.scan(thing)
        assert counter.told[-2:] == [QueueState(ok=False), NotReceived()]
        assert counter.heard == []
        await make_room(counter.queue)
        await counter.scan(next_thing)
        await counter.settled()
        assert counter.told_kinds(QueueState)[-1] == QueueState(ok=True)
        assert counter.kinds == ["ModeChanged", "Returned"]
    assert house.records() == [("Return", "")]


async def test_a_queue_that_has_room_again_says_so_without_a_scan(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await make_full(counter.queue)
        await counter.scan(house.item())
        await counter.work.ask_queue_again()
        assert counter.told_kinds(QueueState)[-1] == QueueState(ok=False)
        await make_room(counter.queue)
        await counter.work.ask_queue_again()
        assert counter.told_kinds(QueueState)[-1] == QueueState(ok=True)
        assert await counter.queue.entries("waiting", "settled", "deciding") == []


async def test_what_is_handled_while_the_queue_is_full_is_done_once_all_the_same(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.scan(person.card, thing)
        await make_full(counter.queue)
        await counter.work.drain()
        assert counter.kinds == ["VisitOpened", "Lent"]
    async with at_work(house, tmp_path) as counter:
        await counter.settled()
        assert counter.kinds == ["VisitOpened", "Lent"]
        assert [kind for kind, _codes in house.records()] == ["OpenVisit", "CheckOut"]


# A restart


async def test_after_a_crash_what_was_heard_is_done_once(house: House, tmp_path: Path) -> None:
    person, thing, other = house.borrower(), house.item(), house.item()
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.scan(person.card, thing, other)
    async with at_work(house, tmp_path, running=False) as counter:
        assert counter.work.waiting == 3
        await counter.work.drain()
        assert counter.kinds == ["VisitOpened", "Lent", "Lent"]
    assert house.open_loans() == dict.fromkeys((thing.item_id, other.item_id), person.borrower_id)


async def test_a_restart_goes_on_in_the_visit_that_was_open(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card)
        await counter.settled()
        visit = counter.work.place.visit
    async with at_work(house, tmp_path, ids=house.new_id) as counter:
        assert counter.work.place.visit == visit
        await counter.scan(thing)
        await counter.settled()
        assert counter.kinds == ["Lent"]


async def test_a_restart_goes_on_in_return(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.settled()
    async with at_work(house, tmp_path) as counter:
        assert counter.work.place.mode == RETURN


async def test_what_waited_counts_from_when_it_was_scanned(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.scan(person.card, thing)
    house.clock.forward(days=3)
    async with at_work(house, tmp_path) as counter:
        lent = (await counter.settled())[1]
        assert isinstance(lent, Lent)
        assert lent.loan.due_on == date(2026, 4, 9)


async def test_recovery_goes_on_past_a_scan_that_cannot_be_done_any_more(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.order(TO_RETURN)
        counter.who = house.who("it")
        await counter.scan(person.card)
        counter.who = house.who()
        await counter.scan(thing)
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.work.drain()
        assert counter.kinds == ["ModeChanged", "Failed", "Returned"]


async def test_two_counters_lend_from_one_store(house: House, tmp_path: Path) -> None:
    first, second = house.borrower(), house.borrower()
    things = [house.item() for _ in range(10)]
    (tmp_path / "other").mkdir()
    with another_counter(house) as elsewhere:
        async with (
            at_work(house, tmp_path) as counter,
            at_work(house, tmp_path / "other", ids=house.new_id, desk=elsewhere) as other,
        ):
            await counter.scan(first.card)
            await other.scan(second.card)
            for thing in things:
                await counter.scan(thing)
                await other.scan(thing)
            await counter.settled()
            await other.settled()
            kinds = counter.kinds + other.kinds
            assert kinds.count("Lent") == 10
            assert kinds.count("ToDecide") == 10
    assert set(house.open_loans()) == {thing.item_id for thing in things}
