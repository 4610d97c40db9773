"""Return (C8): one scan, one line, and no borrower in the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.models import Item, Loan
from desk.command import Who
from desk.errors import InvalidInput, NotFound
from tests.builders import House, Thing


async def test_a_loan_is_closed_and_the_item_is_home(house: House) -> None:
    thing = house.item()
    loan = await house.lend(thing, house.borrower())
    house.clock.forward(days=3)
    returned = await house.take_back(thing)
    assert (returned.loan_id, returned.closed_on) == (loan.loan_id, date(2026, 3, 13))
    assert (returned.days_overdue, returned.goes_to) == (0, None)
    assert house.open_loans() == {}
    assert house.status(thing) == "available"
    assert house.rows(Loan.select(Loan.returned_at, Loan.closed_on)) == [(house.clock(), date(2026, 3, 13))]


async def test_the_answer_names_no_borrower(house: House) -> None:
    thing = house.item()
    person = house.borrower(name="Karla Nørregaard")
    await house.lend(thing, person)
    returned = await house.take_back(thing)
    assert not any("borrower" in name for name in returned.__slots__)
    assert "Karla" not in repr(returned)


@pytest.mark.parametrize(("days", "overdue"), [(30, 0), (31, 1), (61, 31)])
async def test_days_overdue_begin_the_day_after_the_due_date(house: House, days: int, overdue: int) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    house.clock.forward(days=days)
    assert (await house.take_back(thing)).days_overdue == overdue


async def test_it_counts_as_returned_on_the_local_date(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    house.clock.now = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert (await house.take_back(thing)).closed_on == date(2026, 4, 1)


async def test_what_was_not_on_loan_is_taken_in_all_the_same(house: House) -> None:
    thing = house.item()
    returned = await house.take_back(thing)
    assert (returned.loan_id, returned.was_status) == (None, "available")
    assert house.status(thing) == "available"


async def test_what_belongs_elsewhere_goes_there(house: House) -> None:
    thing = house.item(branch=house.other_branch)
    await house.lend(thing, house.borrower())
    assert (await house.take_back(thing)).goes_to == "Thyholm"
    assert house.status(thing) == "in_transit"
    assert (await house.take_back(thing, who=house.who(counter=house.other_counter))).goes_to is None
    assert house.status(thing) == "available"


@pytest.mark.parametrize("status", ["lost", "missing", "claimed_returned", "in_transit"])
async def test_what_turns_up_is_available_again(house: House, status: str) -> None:
    thing = house.item(status=status)
    assert (await house.take_back(thing)).was_status == status
    assert house.status(thing) == "available"


@pytest.mark.parametrize("status", ["damaged", "discarded", "not_for_loan"])
async def test_what_somebody_has_decided_stays_as_it_is(house: House, status: str) -> None:
    thing = house.item(status=status)
    assert (await house.take_back(thing)).was_status == status
    assert house.status(thing) == status


async def test_a_block_never_stops_a_return(house: House) -> None:
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    house.block(person, "D")
    assert (await house.take_back(thing)).loan_id is not None


async def test_returned_twice_is_once_a_loan_and_once_nothing(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    assert (await house.take_back(thing)).loan_id is not None
    assert (await house.take_back(thing)).loan_id is None


async def test_the_same_return_again_gives_the_same_answer(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    house.clock.forward(days=33)
    returned = await house.take_back(thing, command_id="once")
    again = await house.take_back(thing, command_id="once")
    assert (again.loan_id, again.closed_on, again.days_overdue, again.was_status) == (
        returned.loan_id,
        returned.closed_on,
        3,
        "on_loan",
    )


async def test_the_same_return_again_does_not_take_back_a_later_loan(house: House) -> None:
    thing, second = house.item(), house.borrower()
    await house.lend(thing, house.borrower())
    await house.take_back(thing, command_id="once")
    await house.lend(thing, second)
    await house.take_back(thing, command_id="once")
    assert house.open_loans() == {thing.item_id: second.borrower_id}
    assert house.status(thing) == "on_loan"


async def test_an_item_that_is_gone_or_a_counter_that_is_none(house: House) -> None:
    thing = house.item()
    with pytest.raises(NotFound):
        await house.take_back(Thing(thing.item_id + 99, "-"))
    with pytest.raises(InvalidInput):
        await house.take_back(thing, who=Who(house.staff["staff"]))


async def test_an_item_marked_damaged_while_on_loan_stays_damaged_when_it_comes_back(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    house.put(Item.update(status="damaged").where(Item.id == thing.item_id))
    await house.take_back(thing)
    assert house.open_loans() == {}
    assert house.status(thing) == "damaged"
