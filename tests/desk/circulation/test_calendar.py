"""Due dates and the calendar (R2, *Semantics*)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.models import CalendarDay, OpeningHours
from desk.calendar import Calendar, closing_days, local_date, start_of_local_day
from desk.circulation.check_out import SetDueDate
from desk.circulation.records import LoanRecord
from desk.circulation.refusals import NoOpenDay
from desk.circulation.rules import DueDate, age_on, days_overdue, renewed_due_date
from desk.errors import InvalidInput, NotFound, Refused
from tests.builders import House, Person

LIBRARY_WEEK = Calendar(frozenset(range(6)), {})


def noon(day: date) -> datetime:
    """An hour on a day at which it is that day in Copenhagen and in Greenwich."""
    return datetime(day.year, day.month, day.day, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lent_on", "due_on", "closed_from"),
    [
        (date(2026, 11, 24), date(2026, 12, 28), date(2026, 12, 24)),  # Christmas, then a Sunday
        (date(2026, 5, 6), date(2026, 6, 6), date(2026, 6, 5)),  # Constitution Day
        (date(2026, 12, 1), date(2027, 1, 2), date(2026, 12, 31)),  # New Year
        (date(2026, 3, 6), date(2026, 4, 7), date(2026, 4, 5)),  # Easter Sunday and Monday
        (date(2026, 3, 20), date(2026, 4, 20), date(2026, 4, 19)),  # a Sunday
        (date(2026, 4, 1), date(2026, 5, 1), None),  # libraries are open on 1 May
    ],
)
async def test_a_due_date_is_never_a_closed_day(
    house: House, lent_on: date, due_on: date, closed_from: date | None
) -> None:
    house.clock.now = noon(lent_on)
    loan = await house.lend(house.item(), house.borrower())
    assert (loan.due_on, loan.closed_from) == (due_on, closed_from)


async def test_a_branch_has_days_of_its_own(house: House) -> None:
    thursday, friday = date(2026, 4, 9), date(2026, 4, 10)
    house.put(CalendarDay.insert(branch=house.branch, day=thursday, is_open=False, reason="flytning"))
    here = await house.lend(house.item(), house.borrower())
    there = await house.lend(house.item(), house.borrower(), who=house.who(counter=house.other_counter))
    assert (here.due_on, there.due_on) == (friday, thursday)


async def test_a_branch_may_open_on_a_holiday_and_on_a_sunday(house: House) -> None:
    for day in (date(2026, 12, 24), date(2026, 4, 19)):
        house.put(CalendarDay.insert(branch=house.branch, day=day, is_open=True, reason="åbent hus"))
    house.clock.now = noon(date(2026, 11, 24))
    assert (await house.lend(house.item(), house.borrower())).due_on == date(2026, 12, 24)
    house.clock.now = noon(date(2026, 3, 20))
    assert (await house.lend(house.item(), house.borrower())).due_on == date(2026, 4, 19)


async def test_a_branch_that_never_opens_says_so(house: House) -> None:
    house.put(OpeningHours.delete().where(OpeningHours.branch == house.branch))
    with pytest.raises(Refused) as caught:
        await house.lend(house.item(), house.borrower())
    assert caught.value.reasons == (NoOpenDay(date(2027, 4, 10)),)


async def test_one_open_day_far_ahead_is_found(house: House) -> None:
    house.put(OpeningHours.delete().where(OpeningHours.branch == house.branch))
    house.put(CalendarDay.insert(branch=house.branch, day=date(2027, 2, 1), is_open=True))
    assert (await house.lend(house.item(), house.borrower())).due_on == date(2027, 2, 1)


def test_the_search_for_an_open_day_ends_within_a_year() -> None:
    assert Calendar(frozenset(), {}).next_open(date(2026, 1, 1)) is None
    assert Calendar(frozenset(), {date(2026, 12, 31): True}).next_open(date(2026, 1, 1)) == date(2026, 12, 31)


def test_danish_closing_days_are_named() -> None:
    assert {date(2026, 6, 5), date(2026, 12, 24), date(2026, 12, 31), date(2026, 4, 3)} <= closing_days(2026)
    assert date(2026, 5, 1) not in closing_days(2026)
    assert not LIBRARY_WEEK.is_open(date(2026, 6, 5))


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),  # winter: an hour ahead
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),  # summer time began that morning
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),  # a day of 25 hours
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
async def test_the_date_people_see_follows_summer_time(house: House, instant: datetime, day: date) -> None:
    assert local_date(instant) == day
    house.clock.now = instant
    house.rule("voksen", "standard", loan_days=1)
    house.put(OpeningHours.delete())
    for ahead in (1, 2):
        is_day = date.fromordinal(day.toordinal() + ahead)
        house.put(CalendarDay.insert(branch=house.branch, day=is_day, is_open=True))
    assert (await house.lend(house.item(), house.borrower())).due_on == date.fromordinal(day.toordinal() + 1)


def test_a_local_day_begins_at_local_midnight() -> None:
    assert start_of_local_day(date(2026, 3, 29)) == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert start_of_local_day(date(2026, 3, 30)) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def test_a_naive_instant_has_no_date() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2026, 3, 10, 12, 0))  # noqa: DTZ001  (naive on purpose)


def test_days_overdue_are_calendar_days_and_never_negative() -> None:
    assert days_overdue(date(2026, 3, 10), date(2026, 3, 10)) == 0
    assert days_overdue(date(2026, 3, 10), date(2026, 3, 11)) == 1
    assert days_overdue(date(2026, 3, 28), date(2026, 3, 30)) == 2
    assert days_overdue(date(2026, 3, 10), date(2026, 3, 1)) == 0


def test_a_renewal_never_gives_an_earlier_date() -> None:
    today, later = date(2026, 3, 10), date(2026, 6, 1)
    assert renewed_due_date(later, today, 30, LIBRARY_WEEK) == DueDate(later, None)
    assert renewed_due_date(today, today, 30, LIBRARY_WEEK) == DueDate(date(2026, 4, 9), None)


def test_ages_are_whole_years() -> None:
    assert age_on(date(2012, 2, 29), date(2013, 2, 28)) == 0
    assert age_on(date(2012, 2, 29), date(2013, 3, 1)) == 1
    assert age_on(date(2012, 2, 29), date(2016, 2, 29)) == 4
    assert age_on(date(2000, 12, 31), date(2026, 1, 1)) == 25


# A due date by hand (C6)


async def set_due(house: House, loan: LoanRecord, day: date, reason: str = "ferie") -> LoanRecord:
    """Set a due date by hand."""
    return await house.desk.do(
        SetDueDate(
            command_id=house.new_id(),
            who=house.who(),
            at=house.clock(),
            loan_id=loan.loan_id,
            due_on=day,
            reason=reason,
        )
    )


async def lent(house: House) -> tuple[LoanRecord, Person]:
    """Somebody who has something on loan."""
    person = house.borrower()
    return await house.lend(house.item(), person), person


async def test_a_due_date_set_by_hand_keeps_its_reason(house: House) -> None:
    changed = await set_due(house, (await lent(house))[0], date(2026, 5, 8))
    assert (changed.due_on, changed.due_reason) == (date(2026, 5, 8), "ferie")


async def test_a_due_date_set_by_hand_moves_off_a_closed_day_too(house: House) -> None:
    assert (await set_due(house, (await lent(house))[0], date(2026, 6, 5))).due_on == date(2026, 6, 6)


async def test_today_may_be_set_and_yesterday_may_not(house: House) -> None:
    loan, _ = await lent(house)
    assert (await set_due(house, loan, date(2026, 3, 10))).due_on == date(2026, 3, 10)
    with pytest.raises(InvalidInput):
        await set_due(house, loan, date(2026, 3, 9))


async def test_a_due_date_by_hand_needs_a_reason_and_some_sense(house: House) -> None:
    loan, _ = await lent(house)
    with pytest.raises(InvalidInput):
        await set_due(house, loan, date(2026, 5, 8), " ")
    with pytest.raises(InvalidInput):
        await set_due(house, loan, date(2036, 5, 8))


async def test_a_returned_loan_has_no_due_date_to_set(house: House) -> None:
    person, thing = house.borrower(), house.item()
    loan = await house.lend(thing, person)
    await house.take_back(thing)
    with pytest.raises(NotFound):
        await set_due(house, loan, date(2026, 5, 8))


async def test_a_due_date_by_hand_without_an_open_day_after_it_is_refused(house: House) -> None:
    loan, _ = await lent(house)
    house.put(OpeningHours.delete())
    with pytest.raises(Refused) as caught:
        await set_due(house, loan, date(2026, 5, 8))
    assert caught.value.codes == ("no_open_day",)
