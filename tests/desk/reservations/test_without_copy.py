"""A reservation that no copy can serve any more does not wait unseen: it is work for somebody (R6)."""

from __future__ import annotations

import pytest

from db.models import Item
from desk.reservations.lists import without_copy
from tests.builders import House, Thing
from tests.reserving import Reserving


async def listed(house: House, branch: int | None = None) -> list[tuple[str | None, str | None]]:
    lines = await house.desk.ask(house.who(), without_copy, branch or house.branch, house.clock().date())
    return [(line.barcode, line.status) for line in lines]


def becomes(house: House, thing: Thing, status: str) -> None:
    house.put(Item.update(status=status).where(Item.id == thing.item_id))


@pytest.mark.parametrize("status", ["discarded", "lost", "missing", "damaged", "not_for_loan"])
async def test_given_the_copy_waited_for_is_gone_then_it_is_listed_and_no_other_copy_is_given_for_it(
    reserving: Reserving, status: str
) -> None:
    house, person = reserving.house, reserving.house.borrower()
    thing = house.item()
    other = reserving.copy_of(thing)
    await reserving.reserve(thing, person, item_id=thing.item_id)
    assert await listed(house) == []
    becomes(house, thing, status)
    assert await listed(house) == [(thing.barcode, status)]
    assert await listed(house, house.other_branch) == []
    assert not (await house.take_back(other)).is_reserved
    assert reserving.state(person)[0] == "reserved"


async def test_a_title_without_a_copy_that_goes_round_is_listed_until_one_does(reserving: Reserving) -> None:
    house = reserving.house
    thing = house.item()
    other = reserving.copy_of(thing)
    await reserving.reserve(thing)
    becomes(house, thing, "discarded")
    assert await listed(house) == []
    becomes(house, other, "lost")
    assert await listed(house) == [(None, None)]
    becomes(house, other, "on_loan")
    assert await listed(house) == []


async def test_it_is_no_work_any_more_when_it_is_cancelled_or_over(reserving: Reserving) -> None:
    house, person = reserving.house, reserving.house.borrower()
    thing = house.item()
    placed = await reserving.reserve(thing, person, item_id=thing.item_id)
    becomes(house, thing, "discarded")
    await reserving.cancel(person, placed.reservation_id)
    assert await listed(house) == []
