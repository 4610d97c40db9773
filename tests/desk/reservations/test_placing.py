"""Reserving (R6): what is answered, with every reason at once (FBS, domain.md 4.4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from db.models import AccessLog, Borrower, Item, LendingRule, Reservation, Title
from desk.errors import NotFound, Refused
from desk.reservations.refusals import AlreadyReserved, ExceedsMaxReservations, PatronOwes
from tests.builders import House
from tests.reserving import Reserving


async def test_given_nobody_waits_when_a_title_is_reserved_then_the_place_is_the_first(reserving: Reserving) -> None:
    placed = await reserving.reserve(reserving.house.item())
    assert (placed.place, placed.pickup_branch) == (1, "Struer")


async def test_given_two_wait_when_a_third_reserves_then_the_place_is_the_third(reserving: Reserving) -> None:
    thing = reserving.house.item()
    assert [(await reserving.reserve(thing)).place for _ in range(3)] == [1, 2, 3]


async def test_a_reservation_lasts_the_librarys_interest_period(reserving: Reserving) -> None:
    reserving.rules(interest_days=10)
    await reserving.reserve(reserving.house.item())
    assert reserving.house.value(Reservation.select(Reservation.expires_on)) == date(2026, 3, 20)


async def test_without_a_pickup_branch_it_is_fetched_at_the_home_branch(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    house.put(Borrower.update(home_branch=house.other_branch))
    assert (await reserving.reserve(house.item(), person, pickup_branch_id=None)).pickup_branch == "Thyholm"


async def test_a_reservation_is_noted_in_the_log(reserving: Reserving) -> None:
    await reserving.reserve(reserving.house.item())
    rows = reserving.house.rows(AccessLog.select(AccessLog.action, AccessLog.revealed))
    assert rows == [("change", "reservations")]


async def test_the_same_command_twice_reserves_once(reserving: Reserving) -> None:
    thing, person = reserving.house.item(), reserving.house.borrower()
    first = await reserving.reserve(thing, person, command_id="once")
    assert await reserving.reserve(thing, person, command_id="once") == first
    assert reserving.reservations(person) == 1


async def test_a_title_is_reserved_once(reserving: Reserving) -> None:
    thing, person = reserving.house.item(), reserving.house.borrower()
    await reserving.reserve(thing)
    await reserving.reserve(thing, person)
    with pytest.raises(Refused) as refused:
        await reserving.reserve(thing, person)
    assert refused.value.reasons == (AlreadyReserved(2),)


async def test_what_the_borrower_has_at_home_is_not_reserved(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    other = reserving.copy_of(thing)
    await house.lend(thing, person)
    assert await reserving.refusals(other, person) == ("already_loaned",)


@pytest.mark.parametrize("kind", "OUFSWED")
async def test_every_kind_of_block_stops_a_reservation(reserving: Reserving, kind: str) -> None:
    person = reserving.house.borrower()
    reserving.house.block(person, kind)
    assert await reserving.refusals(reserving.house.item(), person) == ("patron_is_blocked",)


@pytest.mark.parametrize(("ore", "codes"), [(19_999, ()), (20_000, ("patron_is_blocked",))])
async def test_a_debt_stops_a_reservation_when_the_limit_is_reached(
    reserving: Reserving, ore: int, codes: tuple[str, ...]
) -> None:
    person = reserving.house.borrower()
    reserving.owes(person, ore)
    assert await reserving.refusals(reserving.house.item(), person) == codes


async def test_the_twentieth_reservation_is_the_last(reserving: Reserving) -> None:
    reserving.rules(reservation_limit=2)
    person = reserving.house.borrower()
    for _ in range(2):
        await reserving.reserve(reserving.house.item(), person)
    with pytest.raises(Refused) as refused:
        await reserving.reserve(reserving.house.item(), person)
    assert refused.value.reasons == (ExceedsMaxReservations(2, 2),)


async def test_all_reasons_are_told_at_once_the_worst_first(reserving: Reserving) -> None:
    house = reserving.house
    reserving.rules(reservation_limit=1)
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    house.block(person, "U")
    reserving.owes(person, 25_000)
    with pytest.raises(Refused) as refused:
        await reserving.reserve(thing, person)
    assert refused.value.codes == (
        "patron_is_blocked",
        "patron_is_blocked",
        "exceeds_max_reservations",
        "already_reserved",
    )
    assert PatronOwes(25_000, 20_000) in refused.value.reasons
    assert reserving.reservations(person) == 1


async def test_a_group_that_may_not_reserve_is_told_so(reserving: Reserving) -> None:
    house = reserving.house
    house.rule("voksen", "standard", reservable=False)
    thing, person = house.item(), house.borrower()
    assert await reserving.refusals(thing, person) == ("not_reservable",)
    assert await reserving.refusals(thing, person, item_id=thing.item_id) == ("material_not_reservable",)
    assert await reserving.refusals(thing, house.borrower(group="barn")) == ()


async def test_without_a_rule_nothing_is_reserved(reserving: Reserving) -> None:
    house = reserving.house
    house.put(LendingRule.delete())
    thing, person = house.item(), house.borrower()
    assert await reserving.refusals(thing, person) == ("loaning_profile_not_found",)
    assert await reserving.refusals(thing, person, item_id=thing.item_id) == ("loaning_profile_not_found",)


@pytest.mark.parametrize("status", ["missing", "lost", "claimed_returned", "damaged", "discarded", "not_for_loan"])
async def test_a_title_of_which_no_copy_goes_round_is_not_reserved(reserving: Reserving, status: str) -> None:
    thing, person = reserving.house.item(status=status), reserving.house.borrower()
    assert await reserving.refusals(thing, person) == ("no_reservable_materials",)
    reserving.copy_of(thing)
    assert await reserving.refusals(thing, person) == ()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("lost", "material_lost"),
        ("discarded", "material_Discarded"),
        ("not_for_loan", "material_not_loanable"),
        ("damaged", "material_not_loanable"),
        ("missing", "material_not_reservable"),
    ],
)
async def test_a_copy_that_cannot_be_had_is_not_reserved(reserving: Reserving, status: str, code: str) -> None:
    thing = reserving.house.item(status=status)
    reserving.copy_of(thing)
    assert await reserving.refusals(thing, reserving.house.borrower(), item_id=thing.item_id) == (code,)


async def test_what_is_gone_is_told_and_nothing_is_written(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    for gone, values in (
        ("title", {"title_id": 999}),
        ("item", {"item_id": house.item().item_id}),
        ("branch", {"pickup_branch_id": 999}),
        ("borrower", {"borrower_id": 999}),
    ):
        with pytest.raises(NotFound) as missing:
            await reserving.reserve(thing, person, **values)
        assert missing.value.what == gone
    assert house.ids(Reservation) == []


async def test_a_title_without_a_copy_is_not_reserved(house: House, reserving: Reserving) -> None:
    title_id = house.put(Title.insert(title="Uden eksemplar", source_key="none"))
    thing = house.item()
    assert await reserving.refusals(thing, house.borrower(), title_id=title_id) == ("no_reservable_materials",)
    assert house.value(Item.select(Item.id).where(Item.title == title_id)) is None


async def test_an_expired_reservation_takes_no_place(reserving: Reserving) -> None:
    thing = reserving.house.item()
    await reserving.reserve(thing)
    reserving.house.clock.now += timedelta(days=181)
    assert (await reserving.reserve(thing)).place == 1
