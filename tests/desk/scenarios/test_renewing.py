"""Scenarios of renewal: one, several or all; each with its own answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desk.circulation.refusals import DeniedMaxRenewalsReached, DeniedNoLaterDate
from desk.errors import Refused
from desk.set_up.changes import BorrowerGroupChange
from tests.desk.scenarios.telling import Story, kr


async def test_given_a_book_renewed_twice_when_it_is_renewed_again_then_not_and_lent_anew_it_may_be(
    story: Story,
) -> None:
    """C10, R1: two renewals, then it has to come back."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    loan = await house.lend(thing, anna)
    for _time in range(2):
        house.clock.forward(days=20)
        renewed = await house.renew(loan, anna)
    assert (renewed.renewals, renewed.due_on) == (2, date(2026, 5, 19))
    house.clock.forward(days=20)
    with pytest.raises(Refused) as refused:
        await house.renew(loan, anna)
    assert refused.value.reasons == (DeniedMaxRenewalsReached(2, 2),)
    assert (await story.loans(anna))[0].due_on == date(2026, 5, 19)
    await house.take_back(thing)
    assert (await house.lend(thing, anna)).renewals == 0


async def test_given_four_loans_when_all_are_renewed_then_each_says_why_or_until_when(story: Story) -> None:
    """C10: one answer a line, with FBS's reasons; what was refused keeps its date."""
    house, anna = story.house, story.house.borrower()
    usual, short, wanted, gone = house.item(), house.item(group="14dag"), house.item(), house.item()
    lent = [await house.lend(thing, anna) for thing in (usual, short, wanted, gone)]
    await story.reserving.reserve(wanted)
    await story.shelves.set_status(gone, "lost", "tabt i fjorden")
    house.clock.forward(days=10)
    answers = {one.item.item_id: one for one in await story.loans(anna)}
    codes = [[why.code for why in answers[thing.item_id].denied] for thing in (usual, short, wanted, gone)]
    assert codes == [[], ["deniedMaterialIsNotLoanable"], ["deniedReserved"], ["deniedMaterialIsNotLoanable"]]
    assert (await house.renew(lent[0], anna)).due_on == answers[usual.item_id].renewed_until == date(2026, 4, 20)
    for loan, why in zip(lent[1:], codes[1:], strict=True):
        with pytest.raises(Refused) as refused:
            await house.renew(loan, anna)
        assert refused.value.codes == tuple(why)
    assert [one.due_on for one in await story.loans(anna)] == [
        date(2026, 3, 24),
        *[date(2026, 4, 9)] * 2,
        date(2026, 4, 20),
    ]


async def test_given_a_book_lent_today_when_it_is_renewed_then_it_says_from_when_and_that_day_it_is(
    story: Story,
) -> None:
    """C10, *Semantics* (due date): the date it becomes possible is told, and is right."""
    house, anna = story.house, story.house.borrower()
    loan = await house.lend(house.item(), anna)
    with pytest.raises(Refused) as refused:
        await house.renew(loan, anna)
    (reason,) = refused.value.reasons
    assert reason == DeniedNoLaterDate(date(2026, 3, 11))
    story.on(date(2026, 3, 11))
    assert (await house.renew(loan, anna)).due_on == date(2026, 4, 10)


async def test_given_a_book_nine_days_late_when_it_is_renewed_then_120_kr_and_a_new_occasion_begins(
    story: Story,
) -> None:
    """C10, R3, *Semantics* (loan occasion): what has accrued is charged; in time afterwards costs nothing more."""
    house, anna = story.house, story.house.borrower()
    one, two = [await house.lend(house.item(), anna) for _number in range(2)]
    story.late(one, 9)
    renewed = [await house.renew(loan, anna) for loan in (one, two)]
    assert [one.charged.fee_ore for one in renewed] == [kr(120), kr(120)]
    assert (story.owing.amounts(anna), renewed[1].charged.is_shared) == ([kr(120)], True)
    story.late(renewed[0], 0)
    await house.take_back_item(one)
    story.late(renewed[0], 1)
    await house.take_back_item(two)
    assert story.owing.amounts(anna) == [kr(120), kr(20)]


async def test_given_a_due_date_far_ahead_when_it_is_renewed_then_nobody_loses_days(story: Story) -> None:
    """C10, *Semantics*: max(old due date, today + days); a date that would not move is refused, not shortened."""
    house, anna = story.house, story.house.borrower()
    await story.supervisor.change(await story.supervisor.rule_change(loan_days=60))
    loan = await house.lend(house.item(), anna)
    await story.supervisor.change(await story.supervisor.rule_change(loan_days=14))
    house.clock.forward(days=10)
    assert [why.code for why in (await story.loans(anna))[0].denied] == ["deniedOtherReason"]
    story.late(loan, -13)
    assert (await story.loans(anna))[0].renewed_until == date(2026, 5, 11)


async def test_given_somebody_who_owes_200_kr_and_is_excluded_when_they_renew_then_both_are_said_at_once(
    story: Story,
) -> None:
    """C10, R4, R5: all reasons, and when they are gone it is renewed."""
    house, anna = story.house, story.house.borrower()
    loan = await house.lend(house.item(), anna)
    await story.owing.owes(anna, kr(200))
    block = await story.block(anna, "U")
    house.clock.forward(days=10)
    with pytest.raises(Refused) as refused:
        await house.renew(loan, anna)
    assert refused.value.codes == ("deniedLoanerIsBlocked", "deniedLoanerIsBlocked")
    await story.owing.paid(anna, kr(1))
    await story.lift(anna, block)
    assert (await house.renew(loan, anna)).renewals == 1


async def test_given_a_claimed_book_when_it_is_renewed_then_not_and_returned_and_lent_again_it_goes_on(
    story: Story,
) -> None:
    """C10, R3: what has been claimed is returned or paid, not renewed."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    loan = await house.lend(thing, anna)
    story.late(loan, 31)
    await story.night("claims")
    await story.owing.paid(anna, kr(400))
    with pytest.raises(Refused) as refused:
        await house.renew(loan, anna)
    assert refused.value.codes == ("deniedOtherReason",)
    await house.take_back(thing)
    assert (await house.lend(thing, anna)).renewals == 0


async def test_given_another_copy_on_the_shelf_when_somebody_waits_then_the_loan_may_be_renewed(
    story: Story,
) -> None:
    """C10, R6: a free copy serves whoever waits; when that one is lent too, the answer is no."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    loan, copy = await house.lend(thing, anna), story.reserving.copy_of(thing)
    await story.reserving.reserve(thing)
    house.clock.forward(days=10)
    assert (await story.loans(anna))[0].denied == ()
    await house.lend(copy, house.borrower())
    with pytest.raises(Refused) as refused:
        await house.renew(loan, anna)
    assert refused.value.codes == ("deniedReserved",)


async def test_given_a_school_when_it_is_late_and_renews_then_sixty_days_and_no_fee(story: Story) -> None:
    """C10, R1: the group of institutions: 60 days, no fees; a supervisor may decide otherwise."""
    house, school = story.house, story.house.borrower(group="institution", born=None)
    loan = await house.lend(house.item(), school)
    assert loan.due_on == date(2026, 5, 9)
    story.late(loan, 40)
    renewed = await house.renew(loan, school)
    group = next(one for one in (await story.supervisor.decided()).borrower_groups if one.code == "institution")
    with_fees = BorrowerGroupChange(group.group_id, group.values, replace(group.values, fees="normal"))
    await story.supervisor.change(with_fees)
    story.late(renewed, 1)
    await house.take_back_item(loan)
    assert story.owing.amounts(school) == [kr(20)]
