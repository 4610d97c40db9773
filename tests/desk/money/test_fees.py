"""Overdue fees (R3): one for one loan occasion and return date, at return, renewal or claim, and never before."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from db.models import AccessLog, Fee, FeeTier
from desk.errors import Refused
from tests.builders import another_counter
from tests.owing import DUE, Owing, at_noon


@pytest.mark.parametrize(
    ("days", "adult", "child"),
    [
        (0, [], []),
        (1, [2_000], [1_000]),
        (7, [2_000], [1_000]),
        (8, [12_000], [5_500]),
        (30, [12_000], [5_500]),
        (31, [23_000], [12_000]),
        (400, [23_000], [12_000]),
    ],
)
async def test_a_late_return_costs_what_its_tier_says(
    owing: Owing, days: int, adult: list[int], child: list[int]
) -> None:
    for born, expected in ((date(1980, 5, 17), adult), (date(2015, 1, 1), child)):
        person = owing.house.borrower(born=born)
        thing, _loan = owing.lent(person)
        returned = await owing.returned(thing, days)
        assert owing.amounts(person) == expected
        assert (returned.days_overdue, returned.charged.fee_ore) == (days, sum(expected))


async def test_a_loan_that_is_late_costs_nothing_before_it_is_returned(owing: Owing) -> None:
    person = owing.house.borrower()
    owing.lent(person)
    owing.house.clock.now = at_noon(DUE + timedelta(days=20))
    assert (await owing.balance(person)).owed_ore == 0


@pytest.mark.parametrize(
    ("due_on", "late", "early"),
    [
        # A day of 23 hours and one of 25: days are counted in the calendar, not in hours.
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 3, 28, 22, 30, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 24, 21, 30, tzinfo=UTC)),
    ],
)
async def test_midnight_in_the_library_is_when_a_loan_becomes_late_at_both_changes_of_the_clock(
    owing: Owing, due_on: date, late: datetime, early: datetime
) -> None:
    house = owing.house
    in_time, too_late = house.borrower(), house.borrower()
    thing, other = owing.lent(in_time, due_on=due_on)[0], owing.lent(too_late, due_on=due_on)[0]
    house.clock.now = early
    await house.take_back(thing)
    house.clock.now = late
    await house.take_back(other)
    assert (owing.amounts(in_time), owing.amounts(too_late)) == ([], [2_000])


@pytest.mark.parametrize(("change", "days"), [(date(2026, 3, 29), 8), (date(2026, 10, 25), 8)])
async def test_eight_days_across_a_change_of_the_clock_are_eight_days(owing: Owing, change: date, days: int) -> None:
    due_on = change - timedelta(days=4)
    person = owing.house.borrower()
    thing, _loan = owing.lent(person, due_on=due_on)
    # Half past midnight on the eighth day, local time.
    owing.house.clock.now = at_noon(due_on + timedelta(days=days)) - timedelta(hours=11, minutes=30)
    await owing.house.take_back(thing)
    assert owing.amounts(person) == [12_000]


async def test_what_was_lent_together_and_comes_back_together_costs_one_fee(owing: Owing) -> None:
    person = owing.house.borrower()
    occasion = owing.occasion(person)
    things = [owing.lent(person, occasion=occasion)[0] for _ in range(3)]
    told = [await owing.returned(thing, 9) for thing in things]
    assert owing.amounts(person) == [12_000]
    assert [answer.charged.is_shared for answer in told] == [False, True, True]
    assert len((await owing.balance(person)).fees[0].titles) == 3


async def test_what_comes_back_on_different_days_costs_a_fee_each(owing: Owing) -> None:
    person = owing.house.borrower()
    occasion = owing.occasion(person)
    first, second = (owing.lent(person, occasion=occasion)[0] for _ in range(2))
    await owing.returned(first, 3)
    await owing.returned(second, 9)
    assert owing.amounts(person) == [2_000, 12_000]


async def test_what_was_lent_on_two_occasions_costs_two_fees_though_it_comes_back_together(owing: Owing) -> None:
    person = owing.house.borrower()
    for _ in range(2):
        await owing.returned(owing.lent(person)[0], 3)
    assert owing.amounts(person) == [2_000, 2_000]


async def test_the_highest_tier_of_a_day_replaces_the_lower_one(owing: Owing) -> None:
    person = owing.house.borrower()
    occasion = owing.occasion(person)
    first, second = (owing.lent(person, occasion=occasion)[0] for _ in range(2))
    await owing.returned(first, 3)
    paid = await owing.paid(person)
    # The library raises its tariff in the middle of the day.
    owing.house.put(FeeTier.update(adult_ore=3_000).where(FeeTier.from_day == 1))
    await owing.returned(second, 3)
    assert (paid.owed_ore, owing.fees(person)) == (0, [("overdue", 3_000, None)])
    assert (await owing.balance(person)).owed_ore == 1_000


async def test_a_fee_that_was_waived_stays_waived_when_more_comes_back_the_same_day(owing: Owing) -> None:
    person = owing.house.borrower()
    occasion = owing.occasion(person)
    first, second = (owing.lent(person, occasion=occasion)[0] for _ in range(2))
    await owing.returned(first, 3)
    fee_id = (await owing.balance(person)).fees[0].fee_id
    await owing.waived(person, fee_id)
    await owing.returned(second, 3)
    assert owing.fees(person) == [("overdue", 2_000, "waived")]


async def test_two_counters_that_take_back_one_occasion_at_once_write_one_fee(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    occasion = owing.occasion(person)
    things = [owing.lent(person, occasion=occasion)[0] for _ in range(2)]
    house.clock.now = at_noon(DUE + timedelta(days=2))
    with another_counter(house) as elsewhere:
        here = house.take_back(things[0])
        there = elsewhere.do(house.return_command(things[1]))
        await asyncio.gather(here, there)
    assert owing.amounts(person) == [2_000]
    assert len((await owing.balance(person)).fees[0].titles) == 2


# Age


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (DUE.replace(year=2012), 2_000),
        (date(2012, 3, 3), 1_000),
        # 29 February counts on 1 March in common years.
        (date(2012, 2, 29), 2_000),
        (None, 2_000),
    ],
)
async def test_who_is_fourteen_on_the_due_date_pays_as_an_adult(owing: Owing, born: date | None, expected: int) -> None:
    person = owing.house.borrower(born=born)
    await owing.returned(owing.lent(person)[0], 1)
    assert owing.amounts(person) == [expected]


@pytest.mark.parametrize(("due_on", "expected"), [(date(2026, 2, 28), 1_000), (date(2026, 3, 1), 2_000)])
async def test_born_on_29_february_one_turns_fourteen_on_1_march(owing: Owing, due_on: date, expected: int) -> None:
    person = owing.house.borrower(born=date(2012, 2, 29))
    await owing.returned(owing.lent(person, due_on=due_on)[0], 1, due_on=due_on)
    assert owing.amounts(person) == [expected]


async def test_the_age_on_the_due_date_counts_and_not_that_of_the_return(owing: Owing) -> None:
    person = owing.house.borrower(born=date(2012, 3, 4))
    await owing.returned(owing.lent(person)[0], 5)
    assert owing.amounts(person) == [1_000]


async def test_an_institution_never_pays(owing: Owing) -> None:
    person = owing.house.borrower(group="institution")
    await owing.returned(owing.lent(person)[0], 60)
    assert owing.fees(person) == []


# Renewal, and returning here to lend here


async def test_renewing_what_is_late_charges_what_has_accrued(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    loan = await house.lend(house.item(), person)
    house.clock.now = at_noon(loan.due_on + timedelta(days=8))
    renewal = await house.renew(loan, person)
    assert renewal.charged.fee_ore == 12_000
    assert owing.fees(person) == [("overdue", 12_000, None)]
    # The new occasion begins in time.
    house.clock.now = at_noon(renewal.due_on)
    assert not (await house.take_back_item(loan)).charged
    assert owing.amounts(person) == [12_000]


async def test_a_renewal_in_time_is_free(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    loan = await house.lend(house.item(), person)
    house.clock.now = at_noon(loan.due_on)
    assert not (await house.renew(loan, person)).charged
    assert owing.fees(person) == []


async def test_a_renewal_given_again_after_a_crash_tells_the_same_fee(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    loan = await house.lend(house.item(), person)
    house.clock.now = at_noon(loan.due_on + timedelta(days=8))
    first = await house.renew(loan, person, command_id="renewed")
    again = await house.renew(loan, person, command_id="renewed")
    assert first.charged.fee_ore == again.charged.fee_ore == 12_000
    assert owing.amounts(person) == [12_000]


async def test_lent_on_to_another_at_the_counter_the_first_borrowers_fee_is_kept_right(owing: Owing) -> None:
    house, first, second = owing.house, owing.house.borrower(), owing.house.borrower()
    thing, _loan = owing.lent(first)
    house.clock.now = at_noon(DUE + timedelta(days=8))
    await house.lend(thing, second, return_first=True)
    assert (owing.amounts(first), owing.amounts(second)) == ([12_000], [])


async def test_a_return_given_again_after_a_crash_tells_the_same_fee_and_charges_nothing_more(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    thing, _loan = owing.lent(person)
    house.clock.now = at_noon(DUE + timedelta(days=8))
    command = house.return_command(thing)
    first, again = await house.desk.do(command), await house.desk.do(command)
    assert (first.charged.fee_ore, again.charged.fee_ore) == (12_000, 12_000)
    assert owing.amounts(person) == [12_000]


# The debt block (R4)


@pytest.mark.parametrize(("owed", "refused"), [(19_999, ()), (20_000, ("block_E",))])
async def test_two_hundred_kroner_block_and_a_little_less_does_not(
    owing: Owing, owed: int, refused: tuple[str, ...]
) -> None:
    house, person = owing.house, owing.house.borrower()
    loan = await house.lend(house.item(), person)
    await owing.owes(person, owed)
    assert await house.refusals(house.item(), person) == refused
    house.clock.forward(days=20)
    if refused:
        with pytest.raises(Refused) as denied:
            await house.renew(loan, person)
        assert denied.value.codes == ("deniedLoanerIsBlocked",)
    else:
        await house.renew(loan, person)


async def test_paid_below_the_limit_one_may_borrow_again(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    await owing.owes(person, 25_000)
    assert await house.refusals(house.item(), person) == ("block_E",)
    await owing.paid(person, 5_001)
    assert await house.refusals(house.item(), person) == ()


async def test_days_that_are_still_accruing_do_not_block(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    owing.lent(person)
    house.clock.now = at_noon(DUE + timedelta(days=90))
    assert await house.refusals(house.item(), person) == ()


async def test_a_supervisor_may_override_the_debt_for_the_visit(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    loan = await house.lend(house.item(), person)
    await owing.owes(person, 25_000)
    thing = house.item()
    await house.set_aside(person, thing, "block_E")
    assert await house.refusals(thing, person) == ()
    house.clock.forward(days=20)
    assert (await house.renew(loan, person)).renewals == 1
    assert await house.refusals(house.item(), person, visit="another") == ("block_E",)


async def test_the_borrower_is_told_once_when_a_charge_reaches_the_limit(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 10_000)
    assert owing.told("block") == []
    reached = await owing.owes(person, 10_000)
    await owing.owes(person, 10_000)
    assert owing.told("block") == [f"block:{reached}:2026-03-10"]


async def test_a_fee_at_return_tells_too_when_it_reaches_the_limit(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.returned(owing.lent(person)[0], 31)
    fee_id = owing.house.value(Fee.select(Fee.id))
    assert owing.told("block") == [f"block:{fee_id}:2026-04-02"]


async def test_a_charge_at_return_stands_in_the_access_log_and_a_return_in_time_does_not(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.returned(owing.lent(person)[0], 0)
    await owing.returned(owing.lent(person)[0], 1)
    rows = owing.house.rows(AccessLog.select(AccessLog.action, AccessLog.revealed))
    assert rows == [("charge", "balance")]
