"""A day that is closed takes the due dates on it along to the next open day, and never back (R2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from db.models import CalendarDay, Loan, Reservation, Title
from desk.calendar import local_date
from desk.circulation.check_out import SetDueDate
from desk.circulation.records import LoanRecord
from desk.errors import InvalidInput
from desk.set_up import due_dates
from desk.set_up.changes import CalendarChange, HoursChange
from desk.set_up.changing import ChangedMeanwhile, MoveDueDates
from desk.set_up.queries import calendar_days
from desk.set_up.records import Effect, Hours, OwnDay
from tests.builders import House, Person
from tests.setting_up import SettingUp, due, occasion

THURSDAY, FRIDAY, SATURDAY, MONDAY = date(2026, 4, 9), date(2026, 4, 10), date(2026, 4, 11), date(2026, 4, 13)


@pytest.fixture
def lone(house: House) -> SettingUp:
    """The supervisor."""
    return SettingUp(house)


async def lend(house: House, person: Person | None = None, **more: Any) -> LoanRecord:
    """Lend something: due on Thursday 9 April."""
    return await house.lend(house.item(), person or house.borrower(), **more)


async def set_by_hand(house: House, loan: LoanRecord, day: date) -> None:
    """Set a due date by hand."""
    command = SetDueDate(
        command_id=house.new_id(),
        who=house.who(),
        at=house.clock(),
        loan_id=loan.loan_id,
        due_on=day,
        reason="ferie",
    )
    await house.desk.do(command)


async def why_not(lone: SettingUp, change: CalendarChange | HoursChange) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        await lone.change(change)
    assert await lone.past() == ()
    return caught.value.field, caught.value.why


async def test_closing_a_day_moves_the_loans_due_on_it_to_the_next_open_day(house: House, lone: SettingUp) -> None:
    loans = [await lend(house) for _number in range(3)]
    change = await lone.days(THURSDAY)
    assert await lone.effect(change) == Effect(due=3, due_first=FRIDAY, due_last=FRIDAY)
    done = await lone.change(change)
    assert (done.moved, done.left) == (3, 0)
    assert [due(house, loan) for loan in loans] == [FRIDAY] * 3
    assert (await lone.past())[0].moved == 3
    assert (await lend(house)).due_on == FRIDAY


async def test_a_summer_closing_moves_each_loan_past_all_of_it(house: House, lone: SettingUp) -> None:
    thursday, friday = await lend(house), await lend(house)
    await set_by_hand(house, friday, FRIDAY)
    done = await lone.close(THURSDAY, date(2026, 4, 24))
    # 25 April is a Saturday, and open.
    assert done.moved == 2
    assert {due(house, loan) for loan in (thursday, friday)} == {date(2026, 4, 25)}
    reason = house.value(Loan.select(Loan.due_reason).where(Loan.id == friday.loan_id))
    assert reason == "ferie"


async def test_what_was_lent_together_stays_together(house: House, lone: SettingUp) -> None:
    person = house.borrower()
    one, other = await lend(house, person), await lend(house, person)
    by_hand = await lend(house, person)
    await set_by_hand(house, by_hand, FRIDAY)
    assert len({occasion(house, loan) for loan in (one, other, by_hand)}) == 2
    await lone.close(THURSDAY)
    assert len({occasion(house, loan) for loan in (one, other, by_hand)}) == 1
    assert {due(house, loan) for loan in (one, other, by_hand)} == {FRIDAY}


async def test_two_borrowers_loans_never_come_together(house: House, lone: SettingUp) -> None:
    one, other = await lend(house), await lend(house)
    await set_by_hand(house, other, FRIDAY)
    await lone.close(THURSDAY)
    assert occasion(house, one) != occasion(house, other)


async def test_a_day_that_opens_again_brings_no_date_back(house: House, lone: SettingUp) -> None:
    loan = await lend(house)
    await lone.close(THURSDAY)
    await lone.change(await lone.days(THURSDAY, is_open=None, reason=""))
    assert due(house, loan) == FRIDAY
    assert (await lend(house)).due_on == THURSDAY


async def test_another_branchs_loans_stay_where_they_are(house: House, lone: SettingUp) -> None:
    # An item of this branch that was lent at the other one follows that one's calendar.
    there = await lend(house, who=house.who(counter=house.other_counter))
    done = await lone.close(THURSDAY)
    assert (done.moved, due(house, there)) == (0, THURSDAY)


async def test_a_loan_that_does_not_know_where_it_was_made_goes_by_its_item(house: House, lone: SettingUp) -> None:
    loan = await lend(house)
    house.put(Loan.update(branch=None))
    assert (await lone.close(THURSDAY)).moved == 1
    assert due(house, loan) == FRIDAY


async def test_what_is_returned_or_overdue_is_left_alone(house: House, lone: SettingUp) -> None:
    returned, late = await lend(house), await lend(house)
    await house.take_back_item(returned)
    house.clock.now = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
    assert await why_not(lone, await lone.days(THURSDAY)) == ("first", "passed")
    await lone.close(FRIDAY)
    assert due(house, late) == THURSDAY
    assert house.value(Loan.select(Loan.due_on).where(Loan.id == returned.loan_id)) == THURSDAY


async def test_today_can_be_closed(house: House, lone: SettingUp) -> None:
    loan = await lend(house)
    # Half past midnight in Copenhagen is still yesterday in Greenwich.
    house.clock.now = datetime(2026, 4, 8, 22, 30, tzinfo=UTC)
    assert local_date(house.clock()) == THURSDAY
    await lone.close(THURSDAY)
    assert due(house, loan) == FRIDAY


async def test_a_pickup_deadline_on_the_closed_day_goes_along(house: House, lone: SettingUp) -> None:
    thing = house.item()
    house.put(
        Reservation.insert(
            borrower=house.borrower().borrower_id,
            title=house.value(Title.select(Title.id).limit(1)),
            pickup_branch=house.branch,
            reserved_at=house.clock(),
            expires_on=date(2026, 9, 1),
            state="readyForPickup",
            trapped_item=thing.item_id,
            pickup_number=1,
            ready_at=house.clock(),
            pickup_deadline=THURSDAY,
        )
    )
    assert (await lone.effect(await lone.days(THURSDAY))).pickups == 1
    await lone.close(THURSDAY)
    assert house.value(Reservation.select(Reservation.pickup_deadline)) == FRIDAY


async def test_a_holiday_can_be_opened_and_a_sunday_too(house: House, lone: SettingUp) -> None:
    christmas, sunday = date(2026, 12, 24), date(2026, 4, 12)
    await lone.change(await lone.days(christmas, is_open=True, reason=""))
    await lone.change(await lone.days(sunday, is_open=True, reason="bogens dag"))
    read = await house.desk.ask(lone.who, calendar_days, house.branch, date(2026, 4, 1), date(2026, 12, 31))
    assert read.own == (OwnDay(sunday, True, "bogens dag"), OwnDay(christmas, True, ""))
    assert read.calendar.is_open(christmas)
    house.clock.now = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    assert (await lend(house)).due_on == christmas


async def test_closing_a_weekday_moves_the_loans_of_every_such_day(house: House, lone: SettingUp) -> None:
    loan = await lend(house)
    week = next(one for one in (await lone.decided()).branches if one.branch_id == house.branch).hours
    change = HoursChange(house.branch, week, tuple(one for one in week if one.weekday not in {3, 4}))
    assert await lone.effect(change) == Effect(due=1, due_first=SATURDAY, due_last=SATURDAY)
    await lone.change(change)
    assert due(house, loan) == SATURDAY


@pytest.mark.parametrize(
    "hours", [Hours(0, 600, 600), Hours(0, 700, 600), Hours(0, -1, 600), Hours(0, 0, 1441), Hours(7, 600, 700)]
)
async def test_hours_that_end_before_they_begin_are_refused(house: House, lone: SettingUp, hours: Hours) -> None:
    week = (await lone.decided()).branches[0].hours
    assert await why_not(lone, HoursChange(house.branch, week, (hours, *week[1:]))) == ("hours", "order")


async def test_a_branch_that_would_never_open_is_refused(house: House, lone: SettingUp) -> None:
    week = (await lone.decided()).branches[0].hours
    assert await why_not(lone, HoursChange(house.branch, week, ())) == ("calendar", "no_open_day")
    span = await lone.days(date(2026, 3, 10), date(2027, 3, 10))
    assert await why_not(lone, span) == ("calendar", "no_open_day")


async def test_one_open_day_in_the_year_is_not_enough_when_loans_are_due_after_it(
    house: House, lone: SettingUp
) -> None:
    loan = await lend(house)
    await lone.change(await lone.days(date(2026, 3, 11), date(2026, 3, 11), is_open=True, reason=""))
    week = (await lone.decided()).branches[0].hours
    with pytest.raises(InvalidInput) as caught:
        await lone.change(HoursChange(house.branch, week, ()))
    assert (caught.value.field, caught.value.why) == ("calendar", "no_open_day")
    assert due(house, loan) == THURSDAY


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (date(2026, 3, 9), date(2026, 3, 12), ("first", "passed")),
        (date(2026, 4, 2), date(2026, 4, 1), ("last", "before_first")),
        (date(2026, 4, 1), date(2027, 4, 2), ("last", "too_long")),
    ],
)
async def test_days_that_cannot_be_meant_are_refused(
    house: House, lone: SettingUp, first: date, last: date, refused: tuple[str, str]
) -> None:
    assert await why_not(lone, CalendarChange(house.branch, first, last, (), False, "ferie")) == refused


async def test_nobody_closes_a_day_without_a_reason(lone: SettingUp) -> None:
    assert await why_not(lone, await lone.days(THURSDAY, reason=" ")) == ("reason", "missing")


async def test_of_two_who_close_the_same_days_the_later_is_told(house: House, lone: SettingUp) -> None:
    later = await lone.days(THURSDAY, FRIDAY)
    await lone.close(FRIDAY, MONDAY)
    with pytest.raises(ChangedMeanwhile) as caught:
        await lone.change(later)
    assert caught.value.by
    assert caught.value.at == house.clock()
    assert house.value(CalendarDay.select(CalendarDay.id).where(CalendarDay.day == THURSDAY)) is None


@pytest.mark.parametrize(
    ("now", "closed", "open_again"),
    [
        # The clocks go forward on 29 March and back on 25 October 2026, both Sundays; 29 February 2028 is a Tuesday.
        (datetime(2026, 2, 27, 11, tzinfo=UTC), date(2026, 3, 28), date(2026, 3, 30)),
        (datetime(2026, 9, 24, 11, tzinfo=UTC), date(2026, 10, 24), date(2026, 10, 26)),
        (datetime(2028, 1, 30, 11, tzinfo=UTC), date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
async def test_closed_days_about_the_changes_of_time_and_the_leap_day(
    house: House, lone: SettingUp, now: datetime, closed: date, open_again: date
) -> None:
    house.clock.now = now
    loan = await lend(house)
    await set_by_hand(house, loan, closed)
    assert due(house, loan) == closed
    await lone.close(closed)
    assert due(house, loan) == open_again


async def test_more_loans_than_one_command_takes_are_moved_by_the_next(
    house: House, lone: SettingUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_dates, "MOST_AT_ONCE", 2)
    loans = [await lend(house) for _number in range(5)]
    done = await lone.close(THURSDAY)
    assert (done.moved, done.left) == (2, 3)
    left = []
    while done.left:
        command = MoveDueDates(command_id=house.new_id(), who=lone.who, at=house.clock(), branch_id=house.branch)
        done = await house.desk.do(command)
        left.append((done.moved, done.left))
    assert left == [(2, 1), (1, 0)]
    assert {due(house, loan) for loan in loans} == {FRIDAY}


async def test_many_loans_are_moved_by_few_statements(
    house: House, lone: SettingUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = house.borrower(group="institution")
    for number in range(60):
        await house.lend(house.item(), person, visit=f"besøg {number}")
    statements: list[str] = []
    execute: Callable[..., Any] = house.store._database.execute_sql

    def counted(sql: str, *arguments: Any, **named: Any) -> Any:
        statements.append(sql)
        return execute(sql, *arguments, **named)

    day = date(2026, 5, 9)
    change = await lone.days(day)
    monkeypatch.setattr(house.store._database, "execute_sql", counted)
    done = await lone.change(change)
    assert done.moved == 60
    assert len(statements) < 40
    monkeypatch.undo()
    again = replace(change, before=(OwnDay(day, False, "flytning"),), reason="ombygning")
    assert (await lone.change(again)).moved == 0
