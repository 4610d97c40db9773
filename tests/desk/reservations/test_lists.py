"""A borrower's reservations, the titles that can be found, and the lists of a branch (F5), which name nobody."""

from __future__ import annotations

from datetime import date

import pytest

from db.models import Item, Title
from desk.borrowers.queries import borrower_at_counter
from desk.catalogue.title_words import write_title_words
from desk.reservations import lists
from desk.reservations.queries import reservations_of, titles_to_reserve
from desk.reservations.records import FoundTitle, ReservationRecord
from tests.builders import House, Person, Thing
from tests.reserving import Reserving

TODAY = date(2026, 3, 10)


async def reservations(house: House, person: Person) -> tuple[ReservationRecord, ...]:
    return await house.desk.ask(house.who(), reservations_of, person.borrower_id, house.clock().date())


async def found(house: House, text: str) -> tuple[FoundTitle, ...]:
    return await house.desk.ask(house.who(), titles_to_reserve, text)


async def to_fetch(house: House, branch: int | None = None) -> list[str]:
    lines = await house.desk.ask(house.who(), lists.pull_list, branch or house.branch, house.clock().date())
    return [line.barcode for line in lines]


async def test_what_waits_says_its_place_and_how_long_it_takes(house: House, reserving: Reserving) -> None:
    thing, person = house.item(), house.borrower()
    await house.lend(thing, house.borrower())
    await reserving.reserve(thing)
    await reserving.reserve(thing, person)
    (one,) = await reservations(house, person)
    assert (one.state, one.place, one.waiting, one.estimate) == ("reserved", 2, 2, 60)
    assert (one.shelf, one.deadline, one.pickup_branch) == (None, None, "Struer")
    assert "Pelle" not in repr(one)


async def test_what_is_ready_comes_first_and_says_where(house: House, reserving: Reserving) -> None:
    person = house.borrower()
    await reserving.reserve(house.item(), person)
    away = house.item()
    await reserving.reserve(away, person, pickup_branch_id=house.other_branch)
    await house.take_back(away)
    await reserving.ready(person)
    records = await reservations(house, person)
    assert [record.state for record in records] == ["readyForPickup", "inTransit", "reserved"]
    assert (records[0].shelf, records[0].deadline, records[0].place) == (1, date(2026, 3, 18), None)
    assert records[0].estimate is None


async def test_without_a_copy_that_goes_round_nothing_is_said_about_the_wait(
    house: House, reserving: Reserving
) -> None:
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    house.put(Item.update(status="lost").where(Item.id == thing.item_id))
    assert (await reservations(house, person))[0].estimate is None


async def test_a_reservation_of_one_copy_counts_that_copy_alone(house: House, reserving: Reserving) -> None:
    thing, person = house.item(), house.borrower()
    for _ in range(3):
        reserving.copy_of(thing)
    await house.lend(thing, house.borrower())
    await reserving.reserve(thing, person, item_id=thing.item_id)
    (one,) = await reservations(house, person)
    assert (one.barcode, one.estimate) == (thing.barcode, 30)


async def test_the_counter_sees_what_lies_ready_for_whoever_stands_there(house: House, reserving: Reserving) -> None:
    person = house.borrower()
    await reserving.ready(house.borrower())
    await reserving.ready(person)
    seen = await house.desk.ask(house.who(), borrower_at_counter, person.borrower_id, None, TODAY)
    assert seen is not None
    assert seen.ready == (("Struer", 2),)


# Titles


async def test_a_title_is_found_by_barcode_number_and_words(house: House, reserving: Reserving) -> None:
    thing = house.item(title="Kongens Fald", barcode="5237124059")
    house.item(title="Kongens vej")
    reserving.copy_of(thing)
    await reserving.reserve(thing)
    title_id, number = reserving.title_of(thing), "28847238"
    house.put(Title.update(source_key=f"id:870970:{number}").where(Title.id == title_id))
    house.store.write_here(lambda transaction: write_title_words(transaction, [title_id]))
    (by_barcode,) = await found(house, " 5237124059 ")
    assert (by_barcode.title, by_barcode.item_id) == ("Kongens Fald", thing.item_id)
    assert (by_barcode.copies, by_barcode.waiting) == (2, 1)
    assert [one.item_id for one in await found(house, number)] == [None]
    assert {one.title for one in await found(house, "kongens")} == {"Kongens Fald", "Kongens vej"}
    assert [one.title for one in await found(house, "fald nexø")] == ["Kongens Fald"]


@pytest.mark.parametrize("text", ["", "   ", "findes ikke", "%", "_____________________", "'; DROP TABLE title; --"])
async def test_nothing_is_found_by_what_is_no_title(house: House, text: str) -> None:
    house.item()
    assert await found(house, text) == ()


# Lists of the branch


async def test_the_pull_list_has_one_copy_for_each_who_waits_the_oldest_first(
    house: House, reserving: Reserving
) -> None:
    late, early = house.item(), house.item()
    reserving.copy_of(early)
    await reserving.reserve(early)
    house.clock.forward(minutes=1)
    await reserving.reserve(late)
    assert await to_fetch(house) == [early.barcode, late.barcode]
    await reserving.reserve(early)
    assert len(await to_fetch(house)) == 3


async def test_what_has_been_fetched_is_off_the_pull_list(house: House, reserving: Reserving) -> None:
    thing = house.item()
    await reserving.reserve(thing)
    assert await to_fetch(house) == [thing.barcode]
    await house.take_back(thing)
    assert await to_fetch(house) == []


async def test_the_pull_list_is_of_one_branch(house: House, reserving: Reserving) -> None:
    thing = house.item(branch=house.other_branch)
    await reserving.reserve(thing)
    assert await to_fetch(house) == []
    assert await to_fetch(house, house.other_branch) == [thing.barcode]


async def test_nothing_is_fetched_for_whoever_may_not_have_it_today(house: House, reserving: Reserving) -> None:
    for stop in (
        lambda person: reserving.absent(person, TODAY, TODAY),
        lambda person: house.block(person, "U"),
        lambda person: reserving.owes(person, 20_000),
    ):
        person = house.borrower()
        await reserving.reserve(house.item(), person)
        stop(person)
    thing = house.item()
    other = reserving.copy_of(thing)
    await reserving.reserve(thing, item_id=other.item_id)
    assert await to_fetch(house) == [other.barcode]


async def test_the_shelf_lists_its_places_and_what_is_to_be_put_back(house: House, reserving: Reserving) -> None:
    people = [house.borrower() for _ in range(2)]
    things: list[Thing] = [await reserving.ready(person) for person in people]
    await reserving.cancel(people[0], 1)
    shelf = await house.desk.ask(house.who(), lists.pickup_shelf, house.branch)
    assert [(line.number, line.barcode, line.deadline) for line in shelf] == [(2, things[1].barcode, date(2026, 3, 18))]
    put_back = await house.desk.ask(house.who(), lists.put_back_list, house.branch)
    assert [(line.number, line.barcode) for line in put_back] == [(1, things[0].barcode)]
    assert await house.desk.ask(house.who(), lists.pickup_shelf, house.other_branch) == ()


async def test_what_is_on_its_way_says_where_and_what_comes_here_stands_first(
    house: House, reserving: Reserving
) -> None:
    reserved, home = house.item(), house.item()
    await reserving.reserve(reserved, pickup_branch_id=house.other_branch)
    await house.take_back(reserved)
    house.clock.forward(minutes=1)
    await reserving.scan_elsewhere(home)
    lines = await house.desk.ask(house.who(), lists.in_transit, house.branch)
    assert [(line.barcode, line.to, line.is_coming_here, line.is_reserved) for line in lines] == [
        (home.barcode, "Struer", True, False),
        (reserved.barcode, "Thyholm", False, True),
    ]


async def test_no_list_of_the_branch_has_a_borrower(house: House, reserving: Reserving) -> None:
    person = house.borrower(name="Karla Nørregaard")
    await reserving.ready(person)
    await reserving.reserve(house.item(), person)
    fetched = await house.desk.ask(house.who(), lists.pull_list, house.branch, TODAY)
    on_shelf = await house.desk.ask(house.who(), lists.pickup_shelf, house.branch)
    assert fetched
    assert on_shelf
    names = {*fetched[0].__slots__, *on_shelf[0].__slots__}
    assert not any("borrower" in name or name == "name" for name in names)
