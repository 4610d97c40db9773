"""Scenarios of what being late costs, of what is claimed, and of owing too much."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk.circulation.refusals import DebtReached
from desk.errors import Refused
from desk.set_up.changes import TiersChange
from desk.set_up.records import Tier
from tests.desk.scenarios.telling import Story, kr


async def test_given_a_book_nine_days_late_when_it_comes_back_then_120_kr_and_nothing_for_the_tiers_below(
    story: Story,
) -> None:
    """R3: the highest tier counts alone, and the borrower can see what it is for."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item(title="Kongens Fald")
    story.late(await house.lend(thing, anna), 9)
    assert await story.owed(anna) == 0
    back = await house.take_back(thing)
    assert (back.days_overdue, back.charged.fee_ore) == (9, kr(120))
    (fee,) = (await story.owing.balance(anna)).fees
    assert (fee.left_ore, fee.reason, fee.titles) == (kr(120), "overdue", ("Kongens Fald",))
    assert (fee.charged_on, fee.settled_on) == (date(2026, 4, 18), None)


@pytest.mark.parametrize(
    ("days", "adult", "child"),
    [(0, 0, 0), (1, 20, 10), (7, 20, 10), (8, 120, 55), (30, 120, 55), (31, 230, 120), (300, 230, 120)],
)
async def test_given_an_adult_and_a_child_when_both_are_late_then_each_pays_the_tier_of_the_day(
    story: Story, days: int, adult: int, child: int
) -> None:
    """R3: 1–7, 8–30 and 31 days or more."""
    house = story.house
    anna, ole = house.borrower(), house.borrower(group="barn", born=date(2018, 6, 1))
    loans = [await house.lend(house.item(), person) for person in (anna, ole)]
    story.late(loans[0], days)
    for loan in loans:
        await house.take_back_item(loan)
    assert (await story.owed(anna), await story.owed(ole)) == (kr(adult), kr(child))


async def test_given_three_books_of_one_visit_when_two_come_on_monday_and_one_on_tuesday_then_two_fees(
    story: Story,
) -> None:
    """R3, *Semantics* (loan occasion): one fee for an occasion and a return date, not for an item."""
    house, anna = story.house, story.house.borrower()
    one, two, three = [await house.lend(house.item(), anna) for _number in range(3)]
    story.on(date(2026, 4, 13))
    assert [(await house.take_back_item(loan)).charged.is_shared for loan in (one, two)] == [False, True]
    story.on(date(2026, 4, 14))
    assert not (await house.take_back_item(three)).charged.is_shared
    assert story.owing.amounts(anna) == [kr(20), kr(20)]
    assert [len(fee.titles) for fee in (await story.owing.balance(anna)).fees] == [2, 1]


@pytest.mark.parametrize("differs", ["visit", "due date", "card"])
async def test_given_two_books_of_two_occasions_when_they_come_back_together_then_two_fees(
    story: Story, differs: str
) -> None:
    """R3, *Semantics* (loan occasion): borrower + card + visit + due date."""
    house, anna = story.house, story.house.borrower()
    other: dict[str, Any] = {}
    match differs:
        case "visit":
            other = {"visit": "after the coffee"}
        case "card":
            other = {"card_id": house.card(anna.borrower_id, "K9999999").card_id}
    one = await house.lend(house.item(), anna)
    two = await house.lend(house.item(group="14dag" if differs == "due date" else "standard"), anna, **other)
    story.late(one, 1)
    for loan in (one, two):
        await house.take_back_item(loan)
    assert len(story.owing.amounts(anna)) == 2


async def test_given_dearer_tiers_since_noon_when_the_second_book_of_a_visit_comes_then_the_fee_rises_to_them(
    story: Story,
) -> None:
    """R3, R8: within one occasion and return date the highest counts and replaces the lower, even one that is paid."""
    house, anna = story.house, story.house.borrower()
    one, two = [await house.lend(house.item(), anna) for _number in range(2)]
    story.late(one, 9)
    await house.take_back_item(one)
    await story.owing.paid(anna)
    now = (await story.supervisor.decided()).tiers
    await story.supervisor.change(TiersChange(now, (Tier(1, kr(150), kr(75)),)))
    assert (await house.take_back_item(two)).charged.fee_ore == kr(150)
    assert (story.owing.amounts(anna), await story.owed(anna)) == ([kr(150)], kr(30))


async def test_given_a_school_that_is_forty_days_late_when_the_night_has_been_then_no_fee_and_no_claim(
    story: Story,
) -> None:
    """R1, R3, M1: institutions have reminders only."""
    house, school = story.house, story.office.borrower(email="skole@example.dk", group="institution", born=None)
    thing = house.item()
    loan = await house.lend(thing, school)
    for day in (-3, 1, 8, 40):
        story.late(loan, day)
        await story.night("claims", "recalls")
    assert (await house.take_back(thing)).charged.fee_ore == 0
    assert story.told(school) == [("reminder", "email", "waiting")]


@pytest.mark.parametrize(("price", "claimed"), [(None, 325), (199, 274)])
async def test_given_a_book_31_days_late_when_the_night_has_been_then_it_is_claimed_and_returned_only_the_fee_is_left(
    story: Story, price: int | None, claimed: int
) -> None:
    """R3, M1, M6: its price, 250 kr. if it is not known, and 75 kr. for handling; returning it cancels the claim."""
    house, anna = story.house, story.office.borrower(email="anna@example.dk")
    (thing,) = story.shelves.title("Kongens Fald", price_ore=None if price is None else kr(price))
    loan = await house.lend(thing, anna)
    story.late(loan, 30)
    assert (await story.night("claims"))["claimed"] == 0
    story.late(loan, 31)
    assert (await story.night("claims"))["claimed"] == 1
    assert (await story.owed(anna), story.owing.amounts(anna)) == (kr(230 + claimed), [kr(230), kr(claimed)])
    assert ("bill", "email", "waiting") in story.told(anna)
    story.late(loan, 45)
    back = await house.take_back(thing)
    assert (back.charged.claim_dropped, await story.owed(anna)) == (True, kr(230))


async def test_given_a_claimed_book_when_it_is_paid_whole_then_the_loan_is_closed_that_day_and_the_book_is_lost(
    story: Story,
) -> None:
    """R3, *Semantics* (closed_on): of settlement, when the item never came back."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    loan = await house.lend(thing, anna)
    story.late(loan, 31)
    await story.night("claims")
    story.late(loan, 40)
    assert (await story.owing.paid(anna, kr(230))).closed_loans == 0
    paid = await story.owing.paid(anna)
    assert (paid.closed_loans, paid.owed_ore) == (1, 0)
    assert story.owing.loan(loan.loan_id) == (date(2026, 5, 19), "lost")
    assert await house.refusals(thing, anna) == ("status_lost",)


async def test_given_199_kr_owed_when_one_krone_more_is_charged_then_nothing_is_lent_until_one_krone_is_paid(
    story: Story,
) -> None:
    """R4, *Semantics* (limits): money blocks when 200 kr. are reached; computed at that moment."""
    house, anna = story.house, story.house.borrower()
    await story.owing.owes(anna, kr(199))
    await house.lend(house.item(), anna)
    await story.owing.owes(anna, kr(1))
    wanted = house.item()
    with pytest.raises(Refused) as refused:
        await house.lend(wanted, anna)
    assert refused.value.reasons == (DebtReached(kr(200), kr(200)),)
    assert await story.reserving.refusals(house.item(), anna) == ("patron_is_blocked",)
    await story.owing.paid(anna, kr(1))
    assert await house.refusals(wanted, anna) == ()
    assert await story.reserving.refusals(house.item(), anna) == ()


async def test_given_a_book_a_year_late_when_she_borrows_more_then_she_may_until_the_fee_comes_into_being(
    story: Story,
) -> None:
    """R4, *Semantics*: fees count, days still accruing do not."""
    house, anna, late = story.house, story.house.borrower(), story.house.item()
    story.late(await house.lend(late, anna), 300)
    assert await house.refusals(house.item(), anna) == ()
    await house.take_back(late)
    wanted = house.item()
    assert await house.refusals(wanted, anna) == ("block_E",)
    assert await story.owed(anna) == kr(230)


async def test_given_a_debt_when_a_supervisor_sets_it_aside_then_for_this_visit_and_the_debt_stays(
    story: Story,
) -> None:
    """R4, C6: overridden, not paid."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await story.owing.owes(anna, kr(500))
    await house.set_aside(anna, thing, "block_E")
    await house.lend(thing, anna)
    assert await house.refusals(house.item(), anna, visit="tomorrow") == ("block_E",)
    assert await story.owed(anna) == kr(500)
