"""Scenarios of reservations: who is next, who is passed over, where it lies and until when."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from db.models import Item, Reservation
from desk.reservations.lists import in_transit, pickup_shelf, pull_list, put_back_list
from desk.reservations.looking import SeeWhoWaits
from tests.builders import another_counter
from tests.desk.scenarios.telling import Story, kr


async def test_given_three_who_wait_when_the_book_comes_back_three_times_then_each_has_it_in_turn(
    story: Story,
) -> None:
    """R6, P4: one queue for a title; a reservation is gone with the loan, and nothing keeps it."""
    house, thing = story.house, story.house.item()
    await house.lend(thing, house.borrower())
    people = [house.borrower() for _number in range(3)]
    assert [(await story.reserving.reserve(thing, person)).place for person in people] == [1, 2, 3]
    for served, person in enumerate(people):
        house.clock.forward(days=1)
        assert (await house.take_back(thing)).shelf == 1
        assert (await house.lend(thing, person)).fulfilled
        assert len(house.ids(Reservation)) == 2 - served
    assert house.open_loans() == {thing.item_id: people[-1].borrower_id}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 1), date(2026, 3, 10)),
        (date(2026, 3, 10), date(2026, 3, 31)),
        (None, date(2026, 3, 10)),
        (date(2026, 3, 10), None),
    ],
)
async def test_given_the_first_in_the_queue_is_away_when_a_copy_comes_then_the_next_has_it_and_the_place_is_kept(
    story: Story, first: date | None, last: date | None
) -> None:
    """P10, R6: either end may be open, both are inclusive."""
    house, anna, ib, thing = story.house, story.house.borrower(), story.house.borrower(), story.house.item()
    for person in (anna, ib):
        await story.reserving.reserve(thing, person)
    await story.away(anna, first, last)
    await house.take_back(thing)
    assert [story.reserving.state(person)[0] for person in (anna, ib)] == ["reserved", "readyForPickup"]
    assert (await story.reservations(anna))[0].place == 1
    await house.lend(thing, ib)
    await story.away(anna, None, None)
    await house.take_back(thing)
    assert story.reserving.state(anna)[0] == "readyForPickup"


async def test_given_a_holiday_until_yesterday_when_the_book_comes_today_then_she_gets_it(story: Story) -> None:
    """P10, *Semantics*: the last day of an absence is the last, by the local date."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await story.reserving.reserve(thing, anna)
    await story.away(anna, date(2026, 3, 1), date(2026, 3, 10))
    story.at(2026, 3, 10, 23, 59)
    assert not (await house.take_back(thing)).is_reserved
    story.at(2026, 3, 11, 0, 1)
    assert (await house.take_back(thing)).shelf == 1


async def test_given_a_book_on_its_shelf_when_she_goes_away_then_it_stays_hers_until_the_deadline(
    story: Story,
) -> None:
    """P10, domain.md 4.4, R6: an absence does not touch what lies ready or is on its way."""
    house, anna = story.house, story.house.borrower()
    thing = await story.reserving.ready(anna)
    await story.away(anna, date(2026, 3, 10), None)
    assert (await house.take_back(thing)).shelf == 1
    assert story.reserving.state(anna) == ("readyForPickup", 1, date(2026, 3, 18))


async def test_given_somebody_who_owes_200_kr_when_it_is_their_turn_then_passed_over_until_it_is_paid(
    story: Story,
) -> None:
    """R4, R6: the debt is looked at when the copy comes, and the place is kept."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await story.reserving.reserve(thing, anna)
    await story.owing.owes(anna, kr(200))
    assert not (await house.take_back(thing)).is_reserved
    await story.owing.paid(anna, kr(1))
    assert (await house.take_back(thing)).is_reserved


async def test_given_an_exclusion_until_friday_when_copies_come_then_passed_over_through_friday(
    story: Story,
) -> None:
    """R5, R6, *Semantics*: the end of a block is inclusive; a stolen card alone passes nobody over."""
    house, anna, ib = story.house, story.house.borrower(), story.house.borrower()
    thing, other = house.item(), house.item()
    await story.reserving.reserve(thing, anna)
    await story.reserving.reserve(other, ib)
    await story.block(anna, "U", until=date(2026, 3, 13))
    await story.block(ib, "O", card_id=ib.card_id)
    assert (await house.take_back(other)).is_reserved
    story.at(2026, 3, 13, 23, 59)
    assert not (await house.take_back(thing)).is_reserved
    story.at(2026, 3, 14, 0, 1)
    assert (await house.take_back(thing)).is_reserved


async def test_given_a_reserved_book_nobody_fetches_when_the_deadline_has_passed_then_the_next_in_the_queue_has_it(
    story: Story,
) -> None:
    """R6, M6, *Semantics* (shelf day 1): ready before Easter, seven open days, then work for the counter."""
    house, anna, ib, thing = story.house, story.house.borrower(), story.house.borrower(), story.house.item()
    for person in (anna, ib):
        await story.reserving.reserve(thing, person)
    story.at(2026, 3, 28)
    await house.take_back(thing)
    # 30, 31 March, 1 April; Easter, but for Saturday the 4th; 7, 8 and 9 April.
    assert story.reserving.state(anna) == ("readyForPickup", 1, date(2026, 4, 9))
    story.at(2026, 4, 9, 23, 59)
    assert (await story.night("shelf"))["not_fetched"] == 0
    story.at(2026, 4, 10, 0, 1)
    assert (await story.night("shelf"))["not_fetched"] == 1
    assert (story.reserving.reservations(anna), story.reserving.put_back()) == (0, [(thing.item_id, 1)])
    assert (await house.take_back(thing)).shelf == 1
    assert story.reserving.state(ib)[0] == "readyForPickup"


async def test_given_a_reservation_ready_when_it_is_cancelled_then_the_book_is_work_until_somebody_scans_it(
    story: Story,
) -> None:
    """R6, P4: the place on the shelf stays taken, and the next to come gets another."""
    house, anna, ib = story.house, story.house.borrower(), story.house.borrower()
    thing = await story.reserving.ready(anna)
    await story.reserving.cancel(anna, (await story.reservations(anna))[0].reservation_id)
    assert story.reserving.reservations(anna) == 0
    (to_put_back,) = await house.desk.ask(house.who(), put_back_list, house.branch)
    assert (to_put_back.item_id, to_put_back.number) == (thing.item_id, 1)
    await story.reserving.ready(ib)
    assert story.reserving.state(ib)[1] == 2
    await house.take_back(thing)
    assert await house.desk.ask(house.who(), put_back_list, house.branch) == ()
    assert house.status(thing) == "available"


async def test_given_a_book_free_on_its_shelf_when_it_is_reserved_then_it_is_fetched_from_the_pull_list(
    story: Story,
) -> None:
    """R6: on the list until it is scanned, then on the pickup shelf; for whom, on a logged key."""
    house, anna, thing = story.house, story.house.borrower(name="Anna"), story.house.item()
    placed = await story.reserving.reserve(thing, anna)
    (line,) = await house.desk.ask(house.who(), pull_list, house.branch, story.today)
    assert (line.barcode, line.pickup_branch) == (thing.barcode, "Struer")
    await house.take_back(thing)
    assert await house.desk.ask(house.who(), pull_list, house.branch, story.today) == ()
    (ready,) = await house.desk.ask(house.who(), pickup_shelf, house.branch)
    assert (ready.number, ready.deadline) == (1, date(2026, 3, 18))
    look = SeeWhoWaits(
        command_id=house.new_id(), who=house.who(), at=house.clock(), reservation_id=placed.reservation_id
    )
    assert (await house.desk.do(look)).name == "Anna"


async def test_given_a_book_ready_in_struer_when_she_would_rather_fetch_it_in_thyholm_then_it_is_sent_there(
    story: Story,
) -> None:
    """R6, C8: her turn is kept on the way, and the days begin when it arrives."""
    house, anna = story.house, story.house.borrower()
    thing = await story.reserving.ready(anna)
    await story.reserving.fetch_at(anna, (await story.reservations(anna))[0].reservation_id, house.other_branch)
    assert (await house.take_back(thing)).goes_to == "Thyholm"
    (travelling,) = await house.desk.ask(house.who(), in_transit, house.other_branch)
    assert (travelling.to, travelling.is_coming_here, travelling.is_reserved) == ("Thyholm", True, True)
    story.on(date(2026, 3, 16))
    await story.reserving.scan_elsewhere(thing)
    assert story.reserving.state(anna) == ("readyForPickup", 1, date(2026, 3, 24))


async def test_given_a_book_on_the_shelf_for_anna_when_ib_takes_it_to_the_counter_then_only_a_supervisor_lets_him(
    story: Story,
) -> None:
    """C6, R6: reserved for another is said with its place; set aside, Anna waits again in her old place."""
    house, anna, ib = story.house, story.house.borrower(), story.house.borrower()
    thing = await story.reserving.ready(anna)
    await story.reserving.reserve(thing)
    assert await house.refusals(thing, ib) == ("reserved_for_another",)
    await house.set_aside(ib, thing, "reserved_for_another")
    assert not (await house.lend(thing, ib)).fulfilled
    assert (await story.reservations(anna))[0].place == 1
    await house.take_back(thing)
    assert story.reserving.state(anna)[0] == "readyForPickup"


async def test_given_two_copies_when_she_is_lent_the_other_one_then_hers_on_the_shelf_is_put_back(
    story: Story,
) -> None:
    """P4, R6: any copy fulfils it, in the same transaction."""
    house, anna = story.house, story.house.borrower()
    thing = await story.reserving.ready(anna)
    copy = story.reserving.copy_of(thing)
    assert (await house.lend(copy, anna)).fulfilled
    assert (story.reserving.reservations(anna), story.reserving.put_back()) == (0, [(thing.item_id, 1)])


async def test_given_twenty_reservations_when_one_more_is_asked_for_then_one_must_go_first(story: Story) -> None:
    """R6, *Semantics* (limits), R8: at most twenty each, or what the library decides."""
    house, anna, wanted = story.house, story.house.borrower(), story.house.item()
    placed = [await story.reserving.reserve(house.item(), anna) for _number in range(20)]
    assert await story.reserving.refusals(wanted, anna) == ("exceeds_max_reservations",)
    await story.reserving.cancel(anna, placed[0].reservation_id)
    assert await story.reserving.refusals(wanted, anna) == ()
    await story.supervisor.change(await story.supervisor.library_change(reservation_limit=21))
    assert await story.reserving.refusals(house.item(), anna) == ()


async def test_given_a_book_at_home_when_she_reserves_it_then_not_and_when_it_is_back_once_only(story: Story) -> None:
    """R6: already loaned, already reserved: FBS's words."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await house.lend(thing, anna)
    assert await story.reserving.refusals(thing, anna) == ("already_loaned",)
    await house.take_back(thing)
    assert [await story.reserving.refusals(thing, anna) for _time in range(2)] == [(), ("already_reserved",)]


@pytest.mark.parametrize("group", ["14dag", "standard"])
async def test_given_a_group_that_may_not_be_reserved_when_somebody_asks_then_not_and_the_others_may(
    story: Story, group: str
) -> None:
    """R1, R6, R8: borrower group × material group decides what is reservable."""
    house = story.house
    await story.supervisor.change(await story.supervisor.rule_change(materials=group, reservable=False))
    film, adult, child = house.item(group=group), house.borrower(), house.borrower(group="barn")
    assert await story.reserving.refusals(film, adult) == ("not_reservable",)
    assert await story.reserving.refusals(film, child) == ()


async def test_given_one_copy_and_three_who_wait_when_they_ask_how_long_then_a_month_for_each_before_them(
    story: Story,
) -> None:
    """R6: an estimate of the wait; a second copy halves it."""
    house, thing = story.house, story.house.item()
    await house.lend(thing, house.borrower())
    people = [house.borrower() for _number in range(3)]
    for person in people:
        await story.reserving.reserve(thing, person)
    assert [(await story.reservations(person))[0].estimate for person in people] == [30, 60, 90]
    await house.lend(story.reserving.copy_of(thing), house.borrower())
    assert [(await story.reservations(person))[0].estimate for person in people] == [15, 30, 45]


async def test_given_somebody_who_has_waited_half_a_year_when_no_copy_came_then_the_reservation_ends(
    story: Story,
) -> None:
    """R6, P4, M6: the interest period, 180 days unless the library says otherwise."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await house.lend(thing, house.borrower())
    await story.reserving.reserve(thing, anna)
    (waits,) = await story.reservations(anna)
    story.on(waits.expires_on)
    assert (await story.night("shelf"))["waited_too_long"] == 0
    house.clock.forward(days=1)
    assert (await story.night("shelf"))["waited_too_long"] == 1
    assert house.ids(Reservation) == []
    assert not (await house.take_back(thing)).is_reserved


async def test_given_the_last_copy_when_two_counters_reserve_it_at_once_then_one_is_first_and_one_is_second(
    story: Story,
) -> None:
    """R7, R6: two who ask at the same moment never have the same place."""
    house, thing = story.house, story.house.item()
    anna, ib = (story.reserving.reserve_command(thing, house.borrower()) for _number in range(2))
    with another_counter(house) as elsewhere:
        placed = await asyncio.gather(house.desk.do(anna), elsewhere.do(ib))
    assert sorted(one.place for one in placed) == [1, 2]


async def test_given_this_very_copy_reserved_when_another_copy_comes_back_then_it_is_not_taken(story: Story) -> None:
    """R6, C15: a reservation of one copy, the signed one for instance, waits for that copy."""
    house, anna, signed = story.house, story.house.borrower(), story.house.item()
    other = story.reserving.copy_of(signed)
    await story.reserving.reserve(signed, anna, item_id=signed.item_id)
    assert not (await house.take_back(other)).is_reserved
    assert (await house.take_back(signed)).is_reserved
    assert house.value(Reservation.select(Reservation.trapped_item)) == signed.item_id
    assert house.value(Item.select(Item.status).where(Item.id == other.item_id)) == "available"
    assert [kind for kind, _facts in story.reserving.messages(anna)] == ["reservation_ready"]
