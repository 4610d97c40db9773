"""What lay in the drop-box counts from the last day the branch was open (C8), in the desk and at the counter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from db.models import CalendarDay, Loan, OpeningHours
from desk.circulation.records import ReturnRecord
from desk.counter.orders import DROP_BOX, DROP_BOX_ENDS, TO_CHECK_OUT, TO_RETURN
from desk.counter.records import Place, Returned
from tests.builders import House
from tests.desk.counter.at_work import AtWork, at_work


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


async def from_box(house: House, lent: datetime, emptied: datetime) -> ReturnRecord:
    """Lend something, and take it out of the box later; gives the record, which the loan agrees with."""
    house.clock.now = lent
    thing = house.item()
    loan = await house.lend(thing, house.borrower())
    house.clock.now = emptied
    record = await house.take_back(thing, from_drop_box=True)
    assert house.value(Loan.select(Loan.closed_on).where(Loan.id == loan.loan_id)) == record.closed_on
    return record


@pytest.mark.parametrize(
    ("lent", "emptied", "counts_as"),
    [
        # A Monday morning: Sunday was closed, Saturday was open.
        (at(2026, 3, 10, 10), at(2026, 4, 13, 7), date(2026, 4, 11)),
        # Half past midnight on a Monday in Copenhagen is Sunday in Greenwich, and the box is still Saturday's.
        (at(2026, 3, 10, 10), at(2026, 4, 12, 22, 30), date(2026, 4, 11)),
        # After Easter, and over both changes of summer time (29 March and 25 October 2026 are Sundays).
        (at(2026, 3, 10, 10), at(2026, 4, 7, 7), date(2026, 4, 4)),
        (at(2026, 3, 10, 10), at(2026, 3, 30, 7), date(2026, 3, 28)),
        (at(2026, 10, 1, 10), at(2026, 10, 26, 7), date(2026, 10, 24)),
        # 29 February 2028 is a Tuesday.
        (at(2028, 2, 1, 10), at(2028, 3, 1, 7), date(2028, 2, 29)),
    ],
)
async def test_it_counts_from_the_last_open_day(
    house: House, lent: datetime, emptied: datetime, counts_as: date
) -> None:
    assert (await from_box(house, lent, emptied)).closed_on == counts_as


async def test_a_day_of_its_own_that_was_closed_is_passed_over(house: House) -> None:
    house.put(CalendarDay.insert(branch=house.branch, day=date(2026, 4, 11), is_open=False, reason="flytning"))
    record = await from_box(house, at(2026, 3, 10, 10), at(2026, 4, 13, 7))
    assert record.closed_on == date(2026, 4, 10)


async def test_what_was_due_on_saturday_is_not_late_on_monday(house: House) -> None:
    # Lent on 12 March, due on Saturday 11 April.
    assert (await from_box(house, at(2026, 3, 12, 10), at(2026, 4, 13, 7))).days_overdue == 0
    late = await from_box(house, at(2026, 3, 11, 10), at(2026, 4, 13, 7))
    assert (late.days_overdue, late.charged.fee_ore) == (1, 2_000)


async def test_nothing_counts_from_before_it_was_lent(house: House) -> None:
    record = await from_box(house, at(2026, 4, 13, 9), at(2026, 4, 13, 12))
    assert record.closed_on == date(2026, 4, 13)


async def test_a_branch_that_was_never_open_counts_from_today(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    house.put(OpeningHours.delete().where(OpeningHours.branch == house.branch))
    house.clock.forward(days=3)
    assert (await house.take_back(thing, from_drop_box=True)).closed_on == date(2026, 3, 13)


async def test_without_the_box_it_counts_from_today(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    house.clock.now = at(2026, 4, 13, 7)
    record = await house.take_back(thing)
    assert (record.closed_on, record.from_drop_box) == (date(2026, 4, 13), False)


async def test_a_return_from_the_box_that_is_sent_twice_answers_the_same(house: House) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    house.clock.now = at(2026, 4, 13, 7)
    first = await house.take_back(thing, from_drop_box=True, command_id="box")
    again = await house.take_back(thing, from_drop_box=True, command_id="box")
    assert (again.closed_on, again.days_overdue) == (first.closed_on, first.days_overdue)


# At the counter.


async def booked(counter: AtWork, house: House) -> list[bool]:
    """Which of the returns so far came from the box."""
    return [outcome.returned.from_drop_box for outcome in await counter.settled() if isinstance(outcome, Returned)]


async def test_the_key_turns_it_on_and_off_behind_the_scans(house: House, tmp_path: Path) -> None:
    things = [house.item() for _number in range(4)]
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(things[0])
        await counter.order(DROP_BOX)
        await counter.scan(things[1], things[2])
        await counter.order(DROP_BOX)
        await counter.scan(things[3])
        assert await booked(counter, house) == [False, True, True, False]


@pytest.mark.parametrize("leaving", [[TO_CHECK_OUT, TO_RETURN], [DROP_BOX_ENDS]], ids=["leaving F3", "the lock"])
async def test_it_ends_with_leaving_f3_and_with_the_lock(house: House, tmp_path: Path, leaving: list[str]) -> None:
    thing = house.item()
    async with at_work(house, tmp_path) as counter:
        for order in (TO_RETURN, DROP_BOX, *leaving):
            await counter.order(order)
        await counter.scan(thing)
        assert await booked(counter, house) == [False]


async def test_a_card_that_opens_f2_ends_it(house: House, tmp_path: Path) -> None:
    thing, person = house.item(), house.borrower()
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.order(DROP_BOX)
        await counter.scan(person.card)
        await counter.order(TO_RETURN)
        await counter.scan(thing)
        assert await booked(counter, house) == [False]


async def test_in_f2_the_key_does_nothing(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await counter.order(DROP_BOX)
        await counter.settled()
        assert not counter.work.place.drop_box


async def test_scans_that_wait_when_the_program_dies_are_still_from_the_box(house: House, tmp_path: Path) -> None:
    thing = house.item()
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.order(DROP_BOX)
        await counter.settled()
    async with at_work(house, tmp_path, running=False) as counter:
        await counter.scan(thing)
    async with at_work(house, tmp_path) as counter:
        assert await booked(counter, house) == [True]


def test_a_place_written_by_the_version_before_has_no_box() -> None:
    old = Place(mode="return").to_json().replace(', "drop_box": false', "")
    assert "drop_box" not in old
    assert Place.from_json(old) == Place(mode="return")
    assert Place.from_json(Place(mode="return", drop_box=True).to_json()).drop_box
