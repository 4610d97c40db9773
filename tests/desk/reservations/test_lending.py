"""What a loan does to reservations (P4, C5, C6)."""

from __future__ import annotations

from datetime import date

import pytest

from db.models import Item, Override
from desk.circulation.refusals import LiftedBy, OnLoanToAnother, ReservedForAnother
from desk.errors import Refused
from tests.builders import House, Person, Thing
from tests.reserving import Reserving


async def refused(house: House, thing: Thing, person: Person, **more: object) -> Refused:
    with pytest.raises(Refused) as raised:
        await house.lend(thing, person, **more)
    return raised.value


async def test_given_it_lies_ready_when_the_borrower_takes_it_then_the_reservation_is_gone(
    reserving: Reserving,
) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    loan = await house.lend(thing, person)
    assert loan.fulfilled
    assert reserving.reservations(person) == 0
    assert reserving.put_back() == []
    assert house.status(thing) == "on_loan"


async def test_any_copy_fulfils_a_reservation_and_the_one_set_aside_is_put_back(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    copy = reserving.copy_of(thing)
    assert (await house.lend(copy, person)).fulfilled
    assert reserving.reservations(person) == 0
    assert reserving.put_back() == [(thing.item_id, 1)]


async def test_a_copy_on_its_way_for_a_fulfilled_reservation_goes_home_on_arrival(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    copy = reserving.copy_of(thing)
    await reserving.reserve(thing, person, pickup_branch_id=house.other_branch)
    await house.take_back(thing)
    assert (await house.lend(copy, person)).fulfilled
    assert reserving.put_back() == []
    returned = await reserving.scan_elsewhere(thing)
    assert (returned.shelf, returned.goes_to, returned.is_reserved) == (None, "Struer", False)


async def test_whoever_waits_may_take_a_copy_from_its_shelf(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing)
    await reserving.reserve(thing, person)
    assert (await house.lend(thing, person)).fulfilled
    assert reserving.reservations(person) == 0


async def test_a_copy_that_is_not_set_aside_may_be_lent_though_others_wait(reserving: Reserving) -> None:
    house = reserving.house
    thing, waiting = house.item(), house.borrower()
    await reserving.reserve(thing, waiting)
    loan = await house.lend(thing, house.borrower())
    assert not loan.fulfilled
    assert reserving.state(waiting)[0] == "reserved"


async def test_what_lies_on_the_shelf_for_another_is_not_lent(reserving: Reserving) -> None:
    house = reserving.house
    thing = await reserving.ready(house.borrower())
    told = await refused(house, thing, house.borrower())
    assert told.reasons == (ReservedForAnother(1, date(2026, 3, 10)),)
    assert told.reasons[0].may_override is LiftedBy.SUPERVISOR


async def test_what_is_on_its_way_to_another_is_not_lent(reserving: Reserving) -> None:
    house = reserving.house
    thing = house.item()
    await reserving.reserve(thing, pickup_branch_id=house.other_branch)
    await house.take_back(thing)
    told = await refused(house, thing, house.borrower())
    assert told.reasons == (ReservedForAnother(None, None, "Thyholm"),)


async def test_when_a_supervisor_lets_it_out_the_reservation_waits_again_in_its_old_place(
    reserving: Reserving,
) -> None:
    house = reserving.house
    waiting, later, here = house.borrower(), house.borrower(), house.borrower()
    thing = await reserving.ready(waiting)
    house.clock.forward(hours=1)
    await reserving.reserve(thing, later)
    await house.set_aside(here, thing, "reserved_for_another")
    assert not (await house.lend(thing, here)).fulfilled
    assert reserving.state(waiting) == ("reserved", None, None)
    assert reserving.put_back() == []
    # What had not been sent is not true any more.
    assert reserving.messages(waiting) == []
    await house.take_back(thing)
    assert reserving.state(waiting)[0] == "readyForPickup"
    assert reserving.state(later)[0] == "reserved"
    # Told again: it lies there anew.
    assert len(reserving.messages(waiting)) == 1


async def test_an_override_is_for_the_item_in_hand_alone(reserving: Reserving) -> None:
    house = reserving.house
    here = house.borrower()
    thing, other = await reserving.ready(house.borrower()), await reserving.ready(house.borrower())
    await house.set_aside(here, thing, "reserved_for_another")
    assert house.value(Override.select(Override.item)) == thing.item_id
    assert await house.refusals(other, here) == ("reserved_for_another",)


async def test_what_another_brings_back_goes_to_the_queue_before_whoever_stands_there(reserving: Reserving) -> None:
    house = reserving.house
    thing, waiting, here = house.item(), house.borrower(), house.borrower()
    await house.lend(thing, house.borrower())
    await reserving.reserve(thing, waiting)
    told = await refused(house, thing, here)
    assert told.reasons == (OnLoanToAnother(), ReservedForAnother(is_trapped=False))
    assert await house.refusals(thing, here, return_first=True) == ("reserved_for_another",)
    await house.set_aside(here, thing, "reserved_for_another")
    assert (await house.lend(thing, here, return_first=True)).borrower_id == here.borrower_id
    assert reserving.state(waiting)[0] == "reserved"


async def test_the_first_in_the_queue_may_have_what_another_brings_back(reserving: Reserving) -> None:
    house = reserving.house
    thing, first = house.item(), house.borrower()
    await house.lend(thing, house.borrower())
    await reserving.reserve(thing, first)
    assert (await house.lend(thing, first, return_first=True)).fulfilled
    assert reserving.reservations(first) == 0


async def test_whoever_is_away_keeps_nobody_from_what_another_brings_back(reserving: Reserving) -> None:
    house = reserving.house
    thing, away = house.item(), house.borrower()
    await house.lend(thing, house.borrower())
    await reserving.reserve(thing, away)
    reserving.absent(away, date(2026, 3, 1), None)
    await house.lend(thing, house.borrower(), return_first=True)


async def test_a_refused_loan_fulfils_nothing(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    house.block(person, "U")
    assert await house.refusals(thing, person) == ("block_U",)
    assert reserving.state(person)[0] == "readyForPickup"


async def test_what_is_to_be_put_back_may_be_lent_and_is_no_work_any_more(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    await house.lend(reserving.copy_of(thing), person)
    assert reserving.put_back() == [(thing.item_id, 1)]
    await house.lend(thing, house.borrower())
    assert reserving.put_back() == []
    assert house.value(Item.select(Item.status).where(Item.id == thing.item_id)) == "on_loan"


# Renewal (FBS: deniedReserved)


async def denied(house: House, reserving: Reserving, person: Person, thing: Thing) -> tuple[str, ...]:
    loan = await house.lend(thing, person)
    house.clock.forward(days=10)
    await reserving.reserve(thing)
    try:
        await house.renew(loan, person)
    except Refused as told:
        return told.codes
    return ()


async def test_what_somebody_waits_for_is_not_renewed(house: House, reserving: Reserving) -> None:
    assert await denied(house, reserving, house.borrower(), house.item()) == ("deniedReserved",)


async def test_with_a_free_copy_for_those_who_wait_it_is_renewed(house: House, reserving: Reserving) -> None:
    thing = house.item()
    reserving.copy_of(thing)
    assert await denied(house, reserving, house.borrower(), thing) == ()


async def test_one_free_copy_serves_one_of_those_who_wait(house: House, reserving: Reserving) -> None:
    thing = house.item()
    reserving.copy_of(thing)
    await reserving.reserve(thing)
    assert await denied(house, reserving, house.borrower(), thing) == ("deniedReserved",)


async def test_a_copy_that_is_lost_serves_nobody(house: House, reserving: Reserving) -> None:
    thing = house.item()
    reserving.copy_of(thing, status="lost")
    assert await denied(house, reserving, house.borrower(), thing) == ("deniedReserved",)


async def test_whoever_is_away_stops_no_renewal(house: House, reserving: Reserving) -> None:
    thing, person, away = house.item(), house.borrower(), house.borrower()
    loan = await house.lend(thing, person)
    house.clock.forward(days=10)
    await reserving.reserve(thing, away)
    reserving.absent(away, None, date(2026, 3, 20))
    await house.renew(loan, person)
    house.clock.forward(days=5)
    with pytest.raises(Refused) as told:
        await house.renew(loan, person)
    assert told.value.codes == ("deniedReserved",)


async def test_every_reason_why_it_is_not_renewed_is_told(house: House, reserving: Reserving) -> None:
    house.rule("voksen", "standard", renewals=0)
    assert await denied(house, reserving, house.borrower(), house.item()) == (
        "deniedReserved",
        "deniedMaxRenewalsReached",
    )
