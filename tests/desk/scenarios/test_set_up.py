"""Scenarios of F7: a supervisor decides, sees what it would do, and the counter goes by it from the next scan on."""

from __future__ import annotations

from datetime import date

import pytest

from desk.errors import NotAllowed, Refused
from desk.set_up.changes import BorrowerGroupChange, BranchChange, MaterialGroupChange, TiersChange
from desk.set_up.changing import ChangedMeanwhile
from desk.set_up.records import BorrowerGroupValues, BranchValues, Effect, MaterialGroupValues, Tier
from tests.desk.scenarios.telling import Story, kr
from tests.setting_up import due


async def test_given_thirty_days_when_a_supervisor_makes_it_fourteen_then_new_loans_and_renewals_get_them(
    story: Story,
) -> None:
    """R8, R1: «30 dage → 14 dage gælder nye lån»; what is out keeps its date, and staff decide nothing."""
    house, anna = story.house, story.house.borrower()
    old = await house.lend(house.item(), anna)
    change = await story.supervisor.rule_change(loan_days=14)
    with pytest.raises(NotAllowed):
        await story.supervisor.change(change, who=house.who())
    assert await story.supervisor.effect(change) == Effect(keep_date=1)
    await story.supervisor.change(change)
    assert (await house.lend(house.item(), anna)).due_on == date(2026, 3, 24)
    assert due(house, old) == date(2026, 4, 9)
    story.late(old, -1)
    assert (await house.renew(old, anna)).due_on == date(2026, 4, 22)


async def test_given_books_due_and_reserved_on_a_day_when_it_is_closed_then_the_dates_move_and_nobody_pays(
    story: Story,
) -> None:
    """R2, R8, R6: a day of its own; due dates and the shelf's deadlines go to the next open day."""
    house, anna, ib = story.house, story.house.borrower(), story.house.borrower()
    loan = await house.lend(house.item(), anna)
    story.on(date(2026, 3, 27))
    await story.reserving.ready(ib)
    assert story.reserving.state(ib)[2] == date(2026, 4, 8)
    change = await story.supervisor.days(date(2026, 4, 8), date(2026, 4, 9))
    effect = await story.supervisor.effect(change)
    assert (effect.due, effect.due_first, effect.pickups) == (1, date(2026, 4, 10), 1)
    assert (await story.supervisor.change(change)).moved == 1
    assert (due(house, loan), story.reserving.state(ib)[2]) == (date(2026, 4, 10), date(2026, 4, 10))
    story.on(date(2026, 4, 10))
    assert (await house.take_back_item(loan)).days_overdue == 0


async def test_given_a_limit_on_films_when_it_is_reached_then_books_may_still_be_lent(story: Story) -> None:
    """R1, R8, *Semantics* (limits): a limit of a material group beside the group's own."""
    house, anna = story.house, story.house.borrower()
    await story.supervisor.change(await story.supervisor.rule_change(materials="14dag", loan_limit=2))
    for _number in range(2):
        await house.lend(house.item(group="14dag"), anna)
    with pytest.raises(Refused) as refused:
        await house.lend(house.item(group="14dag"), anna)
    assert refused.value.codes == ("limit",)
    assert (await house.lend(house.item(), anna)).open_loans == 3


async def test_given_a_reading_group_when_it_is_made_like_an_institution_then_it_lends_like_one(story: Story) -> None:
    """R8, R1: a new group gets rules of its own, and may be given others."""
    house, groups = story.house, (await story.supervisor.decided()).borrower_groups
    like = next(one for one in groups if one.code == "institution")
    values = BorrowerGroupValues("læseklub", 30, fees="none", notices="reminders")
    await story.supervisor.change(BorrowerGroupChange(None, None, values, like=like.group_id))
    club = house.borrower(group="laeseklub", born=None)
    loan = await house.lend(house.item(), club)
    assert (loan.due_on, loan.limit) == (date(2026, 5, 9), 30)
    story.late(loan, 40)
    assert (await house.take_back_item(loan)).charged.fee_ore == 0
    await story.supervisor.change(await story.supervisor.rule_change("laeseklub", loan_days=90))
    assert (await house.lend(house.item(), club)).due_on == date(2026, 9, 16)


async def test_given_games_from_twelve_when_the_group_is_made_then_an_eleven_year_old_waits_a_year(
    story: Story,
) -> None:
    """R8, R1, C6."""
    house, groups = story.house, (await story.supervisor.decided()).material_groups
    like = next(one for one in groups if one.code == "14dag")
    await story.supervisor.change(MaterialGroupChange(None, None, MaterialGroupValues("spil", 12), like=like.group_id))
    ole, game = house.borrower(group="barn", born=date(2014, 3, 11)), house.item(group="spil")
    assert await house.refusals(game, ole) == ("age",)
    house.clock.forward(days=1)
    assert (await house.lend(game, ole)).due_on == date(2026, 3, 25)


async def test_given_fees_and_amounts_when_they_are_changed_then_the_next_return_and_claim_go_by_them(
    story: Story,
) -> None:
    """R8, R3, R4: tiers, price, handling, the day of the claim, the limit; what has been charged stays."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    first, second = await house.lend(thing, anna), await house.lend(house.item(), anna, visit="later")
    story.late(first, 1)
    await house.take_back(thing)
    now = (await story.supervisor.decided()).tiers
    await story.supervisor.change(TiersChange(now, (Tier(3, kr(5), kr(2)),)))
    await story.supervisor.change(
        await story.supervisor.library_change(
            claim_from_day=10, unknown_price_ore=kr(100), handling_ore=0, debt_limit_ore=kr(126)
        )
    )
    story.late(second, 10)
    await story.night("claims")
    assert story.owing.amounts(anna) == [kr(20), kr(5), kr(100)]
    await house.lend(house.item(), anna)
    await story.owing.owes(anna, kr(1))
    assert await house.refusals(house.item(), anna) == ("block_E",)


async def test_given_children_until_sixteen_when_a_fifteen_year_old_is_late_then_a_childs_fee(story: Story) -> None:
    """R8, R3, *Semantics* (age)."""
    house, ole = story.house, story.house.borrower(group="barn", born=date(2010, 6, 1))
    one, two = [await house.lend(house.item(), ole, visit=visit) for visit in ("first", "second")]
    story.late(one, 1)
    await house.take_back_item(one)
    await story.supervisor.change(await story.supervisor.library_change(child_until_age=16))
    await house.take_back_item(two)
    assert story.owing.amounts(ole) == [kr(20), kr(10)]


async def test_given_a_shorter_shelf_period_when_a_book_comes_then_it_lies_there_three_open_days(
    story: Story,
) -> None:
    """R8, R6: what lies there already keeps its deadline."""
    anna, ib = story.house.borrower(), story.house.borrower()
    await story.reserving.ready(anna)
    await story.supervisor.change(await story.supervisor.library_change(shelf_days=3))
    await story.reserving.ready(ib)
    assert (story.reserving.state(anna)[2], story.reserving.state(ib)[2]) == (date(2026, 3, 18), date(2026, 3, 13))


async def test_given_two_supervisors_when_both_change_the_same_rule_then_the_second_is_told_who_was_first(
    story: Story,
) -> None:
    """R8: nothing is overwritten unseen, and it is written down who decided."""
    one, two = [await story.supervisor.rule_change(loan_days=days) for days in (14, 21)]
    await story.supervisor.change(one)
    with pytest.raises(ChangedMeanwhile):
        await story.supervisor.change(two)
    (past,) = await story.supervisor.past()
    assert (past.what, past.moved) == ("rule", 0)
    assert (await story.house.lend(story.house.item(), story.house.borrower())).due_on == date(2026, 3, 24)


async def test_given_a_new_branch_when_a_reservation_is_fetched_there_then_the_book_travels_to_it(
    story: Story,
) -> None:
    """R8, R6, C8."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await story.supervisor.change(BranchChange(None, None, BranchValues("Hvidbjerg", "767102")))
    made = (await story.supervisor.decided()).branches[-1]
    await story.reserving.reserve(thing, anna, pickup_branch_id=made.branch_id)
    assert (await house.take_back(thing)).goes_to == "Hvidbjerg"
    arrived = await house.take_back(thing, who=house.who(counter=made.counters[0].counter_id))
    assert arrived.shelf == 1
