"""Scenarios of blocks: a stolen card, an exclusion, a death; several at once, each with its own way out."""

from __future__ import annotations

from datetime import date

import pytest

from desk.borrowers.commands import AddCard, StopCard
from desk.borrowers.signing_up import NewCard
from desk.circulation.refusals import LiftedBy
from desk.errors import InvalidInput, NotAllowed, Refused
from tests.desk.scenarios.telling import Story, kr


async def test_given_a_stolen_card_when_somebody_shows_it_then_nothing_is_lent_and_her_new_card_works(
    story: Story,
) -> None:
    """R5, C6: the card is stopped, not the person."""
    house, anna = story.house, story.house.borrower()
    await house.desk.do(StopCard(**story.about(anna), card_id=anna.card_id, state="stolen"))
    new = await house.desk.do(AddCard(**story.about(anna), card=NewCard("K7777777")))
    thing = house.item()
    assert await house.refusals(thing, anna) == ("card_stolen",)
    assert await house.refusals(thing, anna, card_id=new.row_id) == ()


@pytest.mark.parametrize(
    ("kind", "lifted_by"),
    [
        ("D", LiftedBy.NOBODY),
        ("F", LiftedBy.NOBODY),
        ("O", LiftedBy.NOBODY),
        ("U", LiftedBy.SUPERVISOR),
        ("E", LiftedBy.SUPERVISOR),
        ("S", LiftedBy.SUPERVISOR),
        ("W", LiftedBy.SUPERVISOR),
    ],
)
async def test_given_a_block_when_she_would_lend_renew_and_reserve_then_not_and_it_says_who_may_lift_it(
    story: Story, kind: str, lifted_by: LiftedBy
) -> None:
    """R5, C6, C10, R6: every kind stops all three."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    loan = await house.lend(house.item(), anna)
    house.clock.forward(days=10)
    block = await story.block(anna, kind)
    with pytest.raises(Refused) as refused:
        await house.lend(thing, anna)
    assert [(why.code, why.may_override) for why in refused.value.reasons] == [(f"block_{kind}", lifted_by)]
    assert [why.code for why in (await story.loans(anna))[0].denied] == ["deniedLoanerIsBlocked"]
    assert await story.reserving.refusals(thing, anna) == ("patron_is_blocked",)
    await story.lift(anna, block)
    assert await house.refusals(thing, anna) == ()
    assert (await house.renew(loan, anna)).renewals == 1


async def test_given_an_exclusion_until_friday_when_she_comes_then_friday_not_and_saturday_she_may(
    story: Story,
) -> None:
    """R5, *Semantics*: the last day is inclusive, by the local date."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await story.block(anna, "U", until=date(2026, 3, 27))
    story.at(2026, 3, 27, 23, 59)
    assert await house.refusals(thing, anna) == ("block_U",)
    story.at(2026, 3, 28, 0, 1)
    assert await house.refusals(thing, anna) == ()


async def test_given_everything_at_once_when_a_book_is_scanned_then_every_reason_is_told_the_worst_first(
    story: Story,
) -> None:
    """R5, R4, C6: all in one answer, so that nobody is sent away twice."""
    house, ole = story.house, story.house.borrower(group="barn", born=date(2014, 1, 1))
    house.limit(1, "barn")
    await house.lend(house.item(), ole)
    await story.owing.owes(ole, kr(200))
    await story.block(ole, "U")
    film = house.item(group="film15", parts=2)
    assert await house.refusals(film, ole) == ("block_U", "block_E", "age", "limit", "parts")
    await house.set_aside(ole, film, "block_U", "block_E", "age", "limit")
    assert await house.refusals(film, ole) == ("parts",)
    assert await house.refusals(film, ole, parts_counted=True) == ()


@pytest.mark.parametrize("code", ["block_D", "block_F", "card_stolen", "status_lost", "on_loan_to_another"])
async def test_given_what_nobody_may_override_when_a_supervisor_tries_then_nothing_is_set_aside(
    story: Story, code: str
) -> None:
    """R5, *Semantics* (roles): not even a supervisor; and staff override nothing."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    with pytest.raises(InvalidInput):
        await house.set_aside(anna, thing, code)
    with pytest.raises(NotAllowed):
        await house.set_aside(anna, thing, "limit", who=house.who())
