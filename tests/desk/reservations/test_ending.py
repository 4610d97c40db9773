"""What ends a reservation other than a loan, and what becomes of the item on the shelf (R6, P4, M6)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.models import AccessLog, Reservation
from desk.command import INSTALLATION
from desk.errors import NotFound
from desk.reservations.expiring import ExpireReservations, ExpireShelf, reservations_to_expire, shelf_to_expire
from desk.reservations.looking import SeeWhoWaits
from desk.reservations.records import Expired
from tests.builders import House
from tests.reserving import Reserving


async def expire(house: House, kind: type[ExpireShelf | ExpireReservations], batch: int = 50) -> Expired:
    command = kind(command_id=house.new_id(), who=INSTALLATION, at=house.clock(), batch=batch)
    return await house.desk.do(command)


async def test_given_it_waits_when_it_is_cancelled_then_the_row_is_gone(reserving: Reserving) -> None:
    person = reserving.house.borrower()
    placed = await reserving.reserve(reserving.house.item(), person)
    await reserving.cancel(person, placed.reservation_id)
    assert reserving.house.ids(Reservation) == []
    assert reserving.put_back() == []


async def test_given_it_lies_ready_when_it_is_cancelled_then_the_item_is_to_be_put_back(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    await reserving.cancel(person, house.ids(Reservation)[0])
    assert reserving.put_back() == [(thing.item_id, 1)]
    assert house.status(thing) == "on_shelf"
    assert not (await house.take_back(thing)).is_reserved
    assert reserving.put_back() == []
    assert house.status(thing) == "available"


async def test_what_is_put_back_serves_the_next_in_the_queue(reserving: Reserving) -> None:
    house = reserving.house
    person, next_one = house.borrower(), house.borrower()
    thing = await reserving.ready(person)
    await reserving.reserve(thing, next_one)
    await reserving.cancel(person, house.ids(Reservation)[0])
    returned = await house.take_back(thing)
    assert (returned.shelf, reserving.put_back()) == (1, [])
    assert reserving.state(next_one)[0] == "readyForPickup"


async def test_what_is_on_its_way_when_it_is_cancelled_goes_home_from_where_it_is_scanned(
    reserving: Reserving,
) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    placed = await reserving.reserve(thing, person, pickup_branch_id=house.other_branch)
    await house.take_back(thing)
    await reserving.cancel(person, placed.reservation_id)
    assert reserving.put_back() == []
    assert (await reserving.scan_elsewhere(thing)).goes_to == "Struer"


async def test_nobody_cancels_anothers_reservation(reserving: Reserving) -> None:
    house = reserving.house
    placed = await reserving.reserve(house.item())
    with pytest.raises(NotFound) as gone:
        await reserving.cancel(house.borrower(), placed.reservation_id)
    assert gone.value.what == "reservation"
    assert len(house.ids(Reservation)) == 1


async def test_a_waiting_reservation_is_fetched_at_another_branch(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    placed = await reserving.reserve(thing, person)
    await reserving.fetch_at(person, placed.reservation_id, house.other_branch)
    assert (await house.take_back(thing)).goes_to == "Thyholm"


async def test_what_lies_ready_is_sent_to_the_other_branch_when_it_is_scanned(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    await reserving.fetch_at(person, house.ids(Reservation)[0], house.other_branch)
    assert reserving.state(person) == ("inTransit", None, None)
    assert reserving.put_back() == [(thing.item_id, 1)]
    returned = await house.take_back(thing)
    assert (returned.goes_to, returned.is_reserved) == ("Thyholm", True)
    assert reserving.put_back() == []
    assert (await reserving.scan_elsewhere(thing)).shelf == 1


async def test_whoever_changes_their_mind_at_once_fetches_it_from_the_shelf_all_the_same(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    await reserving.fetch_at(person, house.ids(Reservation)[0], house.other_branch)
    assert (await house.lend(thing, person)).fulfilled
    assert reserving.put_back() == []


async def test_a_branch_that_does_not_exist_changes_nothing(reserving: Reserving) -> None:
    person = reserving.house.borrower()
    await reserving.ready(person)
    with pytest.raises(NotFound) as gone:
        await reserving.fetch_at(person, reserving.house.ids(Reservation)[0], 999)
    assert gone.value.what == "branch"
    assert reserving.state(person)[0] == "readyForPickup"


# What time ends


async def test_the_deadline_is_the_last_day(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    # The evening of the deadline, 18 March; then half past midnight in Copenhagen.
    house.clock.now = datetime(2026, 3, 18, 22, 30, tzinfo=UTC)
    assert await expire(house, ExpireShelf) == Expired(0, False)
    house.clock.now = datetime(2026, 3, 18, 23, 30, tzinfo=UTC)
    assert await expire(house, ExpireShelf) == Expired(1, False)
    assert reserving.reservations(person) == 0
    assert reserving.put_back() == [(thing.item_id, 1)]


async def test_the_next_in_the_queue_is_served_when_the_item_is_scanned(reserving: Reserving) -> None:
    house = reserving.house
    next_one = house.borrower()
    thing = await reserving.ready(house.borrower())
    await reserving.reserve(thing, next_one)
    house.clock.forward(days=9)
    await expire(house, ExpireShelf)
    assert reserving.state(next_one)[0] == "reserved"
    await house.take_back(thing)
    assert reserving.state(next_one) == ("readyForPickup", 1, date(2026, 3, 27))


async def test_a_reservation_that_waited_too_long_ends(reserving: Reserving) -> None:
    house = reserving.house
    reserving.rules(interest_days=30)
    person = house.borrower()
    await reserving.reserve(house.item(), person)
    house.clock.forward(days=30)
    assert (await expire(house, ExpireReservations)).count == 0
    house.clock.forward(days=1)
    assert (await expire(house, ExpireReservations)).count == 1
    assert reserving.reservations(person) == 0


async def test_what_lies_ready_does_not_end_with_its_period(reserving: Reserving) -> None:
    house = reserving.house
    reserving.rules(interest_days=1)
    person = house.borrower()
    await reserving.ready(person)
    house.clock.forward(days=3)
    assert (await expire(house, ExpireReservations)).count == 0
    assert reserving.state(person)[0] == "readyForPickup"


async def test_a_batch_is_bounded_and_says_that_there_is_more(reserving: Reserving) -> None:
    house = reserving.house
    for _ in range(3):
        await reserving.ready(house.borrower())
    house.clock.forward(days=30)
    assert [await expire(house, ExpireShelf, batch=2) for _ in range(2)] == [Expired(2, True), Expired(1, False)]


async def test_a_dry_run_counts_what_a_run_would_end(reserving: Reserving) -> None:
    house = reserving.house
    reserving.rules(interest_days=5)
    await reserving.ready(house.borrower())
    await reserving.reserve(house.item())
    house.clock.forward(days=20)
    today = house.clock().date()
    assert await house.desk.ask(INSTALLATION, shelf_to_expire, today) == 1
    assert await house.desk.ask(INSTALLATION, reservations_to_expire, today) == 1
    await expire(house, ExpireShelf)
    await expire(house, ExpireReservations)
    assert await house.desk.ask(INSTALLATION, shelf_to_expire, today) == 0
    assert house.ids(Reservation) == []


# A look


async def test_for_whom_something_lies_there_is_told_and_noted(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower(name="Karla Nørregaard")
    await reserving.ready(person)
    command = SeeWhoWaits(
        command_id=house.new_id(), who=house.who(), at=house.clock(), reservation_id=house.ids(Reservation)[0]
    )
    who = await house.desk.do(command)
    assert (who.borrower_id, who.name) == (person.borrower_id, "Karla Nørregaard")
    assert "Karla" not in repr(who)
    newest = house.rows(AccessLog.select(AccessLog.action, AccessLog.revealed).order_by(AccessLog.number))[-1]
    assert newest == ("reveal", "name reservations")
