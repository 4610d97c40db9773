"""Scenarios of days: closed ones, midnight at both changes of summer time, 29 February, and the 14th birthday."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from db.models import Loan
from tests.desk.scenarios.telling import Story, kr


async def test_given_christmas_when_a_book_is_due_on_the_24th_then_it_is_due_on_the_28th_and_says_from_when(
    story: Story,
) -> None:
    """C6, R2, *Semantics* (due date): «24.–27. dec lukket → 28. dec»."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    story.at(2026, 11, 24)
    lent = await house.lend(thing, anna)
    assert (lent.closed_from, lent.due_on) == (date(2026, 12, 24), date(2026, 12, 28))
    story.on(lent.due_on)
    assert (await house.take_back(thing)).days_overdue == 0


async def test_given_a_moved_due_date_when_it_is_returned_the_day_after_then_one_day_is_late_and_closed_days_count(
    story: Story,
) -> None:
    """R2, R3: days count from the due date that was told; closed days after it count too."""
    house, anna = story.house, story.house.borrower()
    story.at(2026, 3, 3)
    one, two = [await house.lend(house.item(), anna, visit=visit) for visit in ("first", "second")]
    assert one.due_on == date(2026, 4, 4)
    story.at(2026, 4, 5, 0, 10)
    assert (await house.take_back_item(one)).days_overdue == 1
    story.at(2026, 4, 7)
    assert (await house.take_back_item(two)).days_overdue == 3
    assert story.owing.amounts(anna) == [kr(20), kr(20)]


async def test_given_a_branch_closed_for_a_year_when_a_book_is_lent_then_it_says_so_and_what_comes_back_is_taken_in(
    story: Story,
) -> None:
    """R2, C8: the search for an open day is bounded and says so; no return is refused."""
    house, anna = story.house, story.house.borrower()
    lent = await house.lend(house.item(), anna)
    for first, last in ((date(2026, 4, 20), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 5, 31))):
        await story.supervisor.close(first, last)
    story.at(2026, 4, 1)
    assert await house.refusals(house.item(), anna) == ("no_open_day",)
    assert [reason.code for reason in (await story.loans(anna))[0].denied] == ["deniedOtherReason"]
    assert (await house.take_back_item(lent)).days_overdue == 0


async def test_given_loans_of_two_years_when_the_library_closes_that_day_then_none_is_due_on_it(story: Story) -> None:
    """R2, C6, C10: a due date never falls on a closed day, however far ahead."""
    house, anna = story.house, story.house.borrower()
    await story.supervisor.change(await story.supervisor.rule_change(loan_days=730))
    await story.supervisor.close(date(2028, 3, 9), date(2028, 3, 10))
    loan = await house.lend(house.item(), anna)
    assert (loan.closed_from, loan.due_on) == (date(2028, 3, 9), date(2028, 3, 11))
    house.clock.forward(days=4)
    await story.supervisor.close(date(2028, 3, 13), date(2028, 3, 14))
    assert (await story.loans(anna))[0].renewed_until == date(2028, 3, 15)
    assert (await house.renew(loan, anna)).due_on == date(2028, 3, 15)


# Midnight. In 2026 clocks go forward on Sunday 29 March and back on Sunday 25 October.


@pytest.mark.parametrize(
    ("lent", "due_on", "returned", "kroner"),
    [
        # Winter time when it was lent, summer time when it came back: what Greenwich calls the day before is late.
        ((2026, 2, 28), date(2026, 3, 30), (2026, 3, 30, 23, 45), 0),
        ((2026, 2, 28), date(2026, 3, 30), (2026, 3, 31, 0, 15), 20),
        # The night itself: two o'clock does not exist, and the day is an hour short.
        ((2026, 2, 26), date(2026, 3, 28), (2026, 3, 28, 23, 59), 0),
        ((2026, 2, 26), date(2026, 3, 28), (2026, 3, 29, 0, 1), 20),
        ((2026, 2, 21), date(2026, 3, 23), (2026, 3, 30, 23, 45), 20),
        ((2026, 2, 21), date(2026, 3, 23), (2026, 3, 31, 0, 15), 120),
        # Summer time when it was lent, winter time when it came back.
        ((2026, 9, 24), date(2026, 10, 24), (2026, 10, 24, 23, 59), 0),
        ((2026, 9, 24), date(2026, 10, 24), (2026, 10, 25, 0, 30), 20),
        ((2026, 9, 19), date(2026, 10, 19), (2026, 10, 26, 23, 30), 20),
        ((2026, 9, 19), date(2026, 10, 19), (2026, 10, 27, 0, 30), 120),
    ],
)
async def test_given_a_loan_across_a_change_of_summer_time_when_it_comes_back_near_midnight_then_local_days_count(
    story: Story, lent: tuple[int, int, int], due_on: date, returned: tuple[int, int, int, int, int], kroner: int
) -> None:
    """R3, *Semantics* (time): instants are UTC, days are Copenhagen's."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    story.at(*lent)
    loan = await house.lend(thing, anna)
    assert loan.due_on == due_on
    story.at(*returned)
    assert (await house.take_back(thing)).closed_on == date(*returned[:3])
    assert await story.owed(anna) == kr(kroner)


@pytest.mark.parametrize(
    ("lent", "due_on"),
    [
        ((2026, 3, 28, 23, 30), date(2026, 4, 27)),
        ((2026, 3, 29, 0, 30), date(2026, 4, 28)),
        ((2026, 10, 24, 23, 30), date(2026, 11, 23)),
        ((2026, 10, 25, 0, 30), date(2026, 11, 24)),
    ],
)
async def test_given_the_night_of_the_change_when_a_book_is_lent_near_midnight_then_its_days_begin_on_that_local_day(
    story: Story, lent: tuple[int, int, int, int, int], due_on: date
) -> None:
    """C6, *Semantics* (due date): local lending date + 30 days; no hour is lost or gained."""
    now = story.at(*lent)
    loan = await story.house.lend(story.house.item(), story.house.borrower())
    assert loan.due_on == due_on
    assert story.house.value(Loan.select(Loan.lent_at)) == now


async def test_given_the_hour_that_comes_twice_when_a_return_is_undone_then_five_minutes_are_five_minutes(
    story: Story,
) -> None:
    """C9, *Semantics* (time): 02.58 in summer and 02.01 in winter time are three minutes apart."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await house.lend(thing, anna)
    done_at = story.at(2026, 10, 25, 2, 58)
    back = await house.take_back(thing)
    house.clock.forward(minutes=3)
    await story.undo(back, done_at)
    assert house.open_loans() == {thing.item_id: anna.borrower_id}


# 29 February.


@pytest.mark.parametrize(
    ("lent", "due_on", "day_after"),
    [
        (datetime(2028, 2, 15), date(2028, 2, 29), date(2028, 3, 1)),  # noqa: DTZ001  (a day)
        (datetime(2027, 2, 15), date(2027, 3, 1), date(2027, 3, 2)),  # noqa: DTZ001
    ],
)
async def test_given_fourteen_days_from_15_february_when_the_year_is_long_then_it_is_due_on_the_29th(
    story: Story, lent: datetime, due_on: date, day_after: date
) -> None:
    """R1, R3, *Semantics* (due date): 29 February is a day like any other."""
    house, anna = story.house, story.house.borrower()
    story.on(lent.date())
    one, two = [await house.lend(house.item(group="14dag"), anna) for _number in range(2)]
    assert one.due_on == due_on
    story.on(due_on)
    await house.take_back_item(one)
    story.on(day_after)
    await house.take_back_item(two)
    assert story.owing.amounts(anna) == [kr(20)]


@pytest.mark.parametrize(
    ("days_before", "due_on", "kroner"),
    [(30, date(2026, 2, 28), 10), (29, date(2026, 3, 1), 20), (28, date(2026, 3, 2), 20)],
)
async def test_given_a_child_born_on_29_february_when_a_book_is_due_in_a_common_year_then_1_march_is_the_birthday(
    story: Story, days_before: int, due_on: date, kroner: int
) -> None:
    """R3, *Semantics* (age): fourteen on 1 March 2026, not on the 28th; here the library is open that Sunday."""
    house, child = story.house, story.house.borrower(group="barn", born=date(2012, 2, 29))
    story.on(date(2026, 2, 28) - timedelta(days=days_before))
    await story.supervisor.change(await story.supervisor.days(date(2026, 3, 1), is_open=True, reason="åbent hus"))
    loan = await house.lend(house.item(), child)
    assert loan.due_on == due_on
    story.late(loan, 1)
    await house.take_back_item(loan)
    assert await story.owed(child) == kr(kroner)


# The 14th birthday.


@pytest.mark.parametrize(("days_late", "adult", "child"), [(1, 20, 10), (9, 120, 55), (31, 230, 120)])
async def test_given_the_14th_birthday_on_the_due_date_when_it_is_late_then_adult_and_the_day_after_then_child(
    story: Story, days_late: int, adult: int, child: int
) -> None:
    """R3, *Semantics* (age): the age at the due date decides, whenever it comes back."""
    house = story.house
    turns_that_day = house.borrower(group="barn", born=date(2012, 4, 9))
    turns_the_day_after = house.borrower(group="barn", born=date(2012, 4, 10))
    loans = [await house.lend(house.item(), person) for person in (turns_that_day, turns_the_day_after)]
    assert {loan.due_on for loan in loans} == {date(2026, 4, 9)}
    story.late(loans[0], days_late)
    for loan in loans:
        await house.take_back_item(loan)
    assert await story.owed(turns_that_day) == kr(adult)
    assert await story.owed(turns_the_day_after) == kr(child)


async def test_given_the_14th_birthday_on_the_due_date_when_the_loan_is_renewed_late_then_each_due_date_has_its_age(
    story: Story,
) -> None:
    """R3, C10: what had accrued is a child's, what comes after the birthday an adult's."""
    house, child = story.house, story.house.borrower(group="barn", born=date(2012, 4, 10))
    loan = await house.lend(house.item(), child)
    story.late(loan, 1)
    renewed = await house.renew(loan, child)
    story.late(renewed, 1)
    await house.take_back_item(loan)
    assert story.owing.amounts(child) == [kr(10), kr(20)]
