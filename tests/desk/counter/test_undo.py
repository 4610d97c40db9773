"""Ctrl+Z at the counter (C9): behind the scans, the last thing first, and nothing of an earlier borrower's visit."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.counter.orders import END, TO_RETURN, UNDO
from desk.counter.records import Failed, Lent, NothingToUndo, RenewedTogether, Returned, Undone, UndoRefused
from tests.builders import House
from tests.desk.counter.at_work import at_work
from tests.dump import dump


async def test_the_last_is_taken_back_first_then_the_one_before(house: House, tmp_path: Path) -> None:
    person, first, second = house.borrower(), house.item(), house.item()
    before = dump(house)
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, first, second)
        await counter.order(UNDO)
        await counter.order(UNDO)
        await counter.order(UNDO)
        *_others, one, two, none = await counter.settled()
        assert isinstance(one, Undone)
        assert one.item.barcode == second.barcode
        assert isinstance(two, Undone)
        assert two.item.barcode == first.barcode
        assert isinstance(none, NothingToUndo)
    assert dump(house) == before


async def test_it_waits_its_turn_behind_the_scans(house: House, tmp_path: Path) -> None:
    person, first, second = house.borrower(), house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, first)
        await counter.order(UNDO)
        await counter.scan(second)
        outcomes = await counter.settled()
        assert [type(outcome) for outcome in outcomes[1:]] == [Lent, Undone, Lent]
    assert house.open_loans() == {second.item_id: person.borrower_id}


async def test_what_was_taken_back_can_be_scanned_again_at_once(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await counter.order(UNDO)
        await counter.scan(thing, after=0.1)
        outcomes = await counter.settled()
        assert [type(outcome) for outcome in outcomes[1:]] == [Lent, Undone, Lent]


async def test_a_new_borrower_begins_with_nothing_to_take_back(house: House, tmp_path: Path) -> None:
    anna, ib, thing = house.borrower(), house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(anna.card, thing)
        await counter.scan(ib.card)
        await counter.order(UNDO)
        assert (await counter.settled())[-1] == NothingToUndo(was_of_another=True)
    assert house.open_loans() == {thing.item_id: anna.borrower_id}


async def test_a_wrong_return_is_taken_back_though_the_next_borrower_has_stepped_up(
    house: House, tmp_path: Path
) -> None:
    anna, ib, thing = house.borrower(), house.borrower(), house.item()
    await house.lend(thing, anna)
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(thing, ib.card)
        await counter.order(UNDO)
        assert isinstance((await counter.settled())[-1], Undone)
    assert house.open_loans() == {thing.item_id: anna.borrower_id}


async def test_a_return_before_an_earlier_borrowers_loan_is_not_taken_back_in_its_place(
    house: House, tmp_path: Path
) -> None:
    anna, ib, returned, lent = house.borrower(), house.borrower(), house.item(), house.item()
    await house.lend(returned, ib)
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(returned, anna.card, lent, ib.card)
        await counter.order(UNDO)
        assert (await counter.settled())[-1] == NothingToUndo(was_of_another=True)
    assert house.open_loans() == {lent.item_id: anna.borrower_id}


async def test_renewals_of_the_page_are_the_last_thing_done_and_one_key_takes_them_all_back(
    house: House, tmp_path: Path
) -> None:
    person, first, second = house.borrower(), house.item(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, first, second)
        loans = [outcome.loan for outcome in await counter.settled() if isinstance(outcome, Lent)]
        house.clock.forward(days=1)
        before = dump(house)
        renewed = [await house.renew(loan, person) for loan in loans]
        assert dump(house) != before
        counter.work.last_done.remember_renewals(renewed, house.clock())
        assert counter.work.last_done.is_of(person.borrower_id)
        await counter.order(UNDO)
        undone = (await counter.settled())[-1]
        assert isinstance(undone, Undone)
        assert undone.was == RenewedTogether(tuple(renewed))
    assert dump(house) == before


async def test_an_undo_that_fails_asks_for_no_decision(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await counter.settled()

        async def break_down(*_what: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr(counter.work.last_done, "undo", break_down)
        await counter.order(UNDO)
        assert (await counter.settled())[-1] == Failed("fault", of_undo=True)
        assert counter.work.decisions == {}


async def test_a_return_is_taken_back_in_f3_also_after_the_pile_has_ended(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    before = dump(house)
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(thing)
        await counter.order(END)
        await counter.order(UNDO)
        outcomes = await counter.settled()
        assert isinstance(outcomes[1], Returned)
        assert isinstance(outcomes[-1], Undone)
    assert dump(house) == before


async def test_what_another_counter_has_touched_stays_and_says_so(house: House, tmp_path: Path) -> None:
    person, thing = house.borrower(), house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.scan(person.card, thing)
        await counter.settled()
        await house.take_back(thing, who=house.who(counter=house.other_counter))
        await counter.order(UNDO)
        refused = (await counter.settled())[-1]
        assert isinstance(refused, UndoRefused)
        assert [reason.code for reason in refused.reasons] == ["changed_since"]
    assert house.open_loans() == {}
