"""What a return catches (R6, C8): for whom, where it goes, and that nothing names a borrower."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from db.models import Item, Reservation, Telephone
from desk.circulation.records import ReturnRecord
from tests.builders import House
from tests.reserving import Reserving

TODAY = date(2026, 3, 10)


def going(returned: ReturnRecord) -> tuple[int | None, str | None, bool]:
    """Where it goes: shelf number, branch, whether it is reserved."""
    return returned.shelf, returned.goes_to, returned.is_reserved


async def test_given_somebody_waits_when_it_comes_back_then_it_lies_on_the_shelf(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await house.lend(thing, house.borrower())
    await reserving.reserve(thing, person)
    returned = await house.take_back(thing)
    assert going(returned) == (1, None, True)
    assert returned.loan_id is not None
    assert house.status(thing) == "on_shelf"
    assert reserving.state(person) == ("readyForPickup", 1, date(2026, 3, 18))
    assert not any("borrower" in name for name in returned.__slots__)


async def test_whoever_waits_is_told_where_and_until_when(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    house.put(Telephone.insert(borrower=person.borrower_id, number="20112233", takes_sms=True))
    await reserving.ready(person)
    ((kind, facts),) = reserving.messages(person)
    assert kind == "reservation_ready"
    assert json.loads(facts) == {"shelf": 1, "deadline": "2026-03-18", "branch": "Struer"}


async def test_a_library_that_sends_no_such_message_sets_it_aside_all_the_same(reserving: Reserving) -> None:
    house = reserving.house
    house.store.write_here(
        lambda transaction: transaction.run_many(
            "INSERT INTO message_choice (kind, sms, email) VALUES (?, ?, ?)", [("reservation_ready", False, False)]
        )
    )
    person = house.borrower()
    await reserving.ready(person)
    assert reserving.state(person)[0] == "readyForPickup"
    assert reserving.messages(person) == []


async def test_scanned_once_more_it_says_the_same_and_tells_nobody_again(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    house.clock.forward(days=2)
    assert going(await house.take_back(thing)) == (1, None, True)
    assert reserving.state(person) == ("readyForPickup", 1, date(2026, 3, 18))
    assert len(reserving.messages(person)) == 1


async def test_the_answer_is_given_again_after_a_crash(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    first = await house.take_back(thing, command_id="once")
    assert going(await house.take_back(thing, command_id="once")) == going(first) == (1, None, True)
    assert len(reserving.messages(person)) == 1


async def test_what_is_awaited_at_another_branch_goes_there_and_is_told_on_arrival(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person, pickup_branch_id=house.other_branch)
    assert going(await house.take_back(thing)) == (None, "Thyholm", True)
    assert house.status(thing) == "in_transit"
    assert reserving.state(person) == ("inTransit", None, None)
    assert reserving.messages(person) == []
    house.clock.forward(days=1)
    assert going(await reserving.scan_elsewhere(thing)) == (1, None, True)
    assert house.status(thing) == "on_shelf"
    assert reserving.state(person) == ("readyForPickup", 1, date(2026, 3, 19))
    assert len(reserving.messages(person)) == 1


async def test_what_went_to_the_wrong_branch_is_sent_on(reserving: Reserving) -> None:
    house = reserving.house
    person = house.borrower()
    thing = await reserving.ready(person)
    assert going(await reserving.scan_elsewhere(thing)) == (None, "Struer", True)
    assert reserving.state(person) == ("inTransit", None, None)
    assert going(await house.take_back(thing)) == (1, None, True)


async def test_the_first_in_the_queue_gets_the_first_copy(reserving: Reserving) -> None:
    house = reserving.house
    thing = house.item()
    copy = reserving.copy_of(thing)
    first, second = house.borrower(), house.borrower()
    await reserving.reserve(thing, first)
    house.clock.forward(minutes=1)
    await reserving.reserve(thing, second)
    await house.take_back(copy)
    await house.take_back(thing)
    assert (reserving.state(first)[1], reserving.state(second)[1]) == (1, 2)


async def test_what_nobody_waits_for_goes_home(reserving: Reserving) -> None:
    house = reserving.house
    await reserving.reserve(house.item())
    assert going(await house.take_back(house.item())) == (None, None, False)


async def test_what_was_not_on_loan_still_catches_a_reservation(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    returned = await house.take_back(thing)
    assert (returned.loan_id, returned.shelf) == (None, 1)


@pytest.mark.parametrize("status", ["missing", "lost", "claimed_returned", "in_transit"])
async def test_what_turns_up_again_catches_a_reservation(reserving: Reserving, status: str) -> None:
    house = reserving.house
    thing = house.item(status=status)
    reserving.copy_of(thing)
    await reserving.reserve(thing)
    assert (await house.take_back(thing)).shelf == 1
    assert house.status(thing) == "on_shelf"


@pytest.mark.parametrize("status", ["damaged", "discarded", "not_for_loan"])
async def test_what_is_out_of_use_serves_nobody(reserving: Reserving, status: str) -> None:
    house = reserving.house
    thing, person = house.item(status=status), house.borrower()
    reserving.copy_of(thing)
    await reserving.reserve(thing, person)
    assert not (await house.take_back(thing)).is_reserved
    assert house.status(thing) == status
    assert reserving.state(person)[0] == "reserved"


async def test_what_was_found_damaged_on_the_shelf_gives_the_place_in_the_queue_back(reserving: Reserving) -> None:
    house = reserving.house
    first, second = house.borrower(), house.borrower()
    thing = await reserving.ready(first)
    house.clock.forward(hours=1)
    await reserving.reserve(thing, second)
    house.put(Item.update(status="damaged").where(Item.id == thing.item_id))
    assert not (await house.take_back(thing)).is_reserved
    assert reserving.state(first) == ("reserved", None, None)
    await house.take_back(reserving.copy_of(thing))
    assert reserving.state(first)[0] == "readyForPickup"
    assert reserving.state(second)[0] == "reserved"


async def test_a_reservation_of_one_copy_waits_for_that_copy(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    copy = reserving.copy_of(thing)
    await reserving.reserve(thing, person, item_id=copy.item_id)
    assert not (await house.take_back(thing)).is_reserved
    assert (await house.take_back(copy)).shelf == 1


# Who is passed over, and keeps the place


@pytest.mark.parametrize(
    ("absent_from", "until", "is_away"),
    [
        (None, None, False),
        (TODAY, TODAY, True),
        (date(2026, 3, 1), TODAY, True),
        (TODAY, date(2026, 4, 1), True),
        (TODAY, None, True),
        (None, TODAY, True),
        (None, date(2026, 3, 9), False),
        (date(2026, 3, 11), None, False),
        (date(2026, 3, 11), date(2026, 4, 1), False),
        (date(2026, 1, 1), date(2026, 3, 9), False),
    ],
)
async def test_whoever_is_away_is_passed_over(
    reserving: Reserving, absent_from: date | None, until: date | None, is_away: bool
) -> None:
    house = reserving.house
    thing = house.item()
    away, next_one = house.borrower(), house.borrower()
    await reserving.reserve(thing, away)
    await reserving.reserve(thing, next_one)
    reserving.absent(away, absent_from, until)
    await house.take_back(thing)
    served = next_one if is_away else away
    assert reserving.state(served)[0] == "readyForPickup"
    assert reserving.state(away if is_away else next_one)[0] == "reserved"


async def test_given_the_absence_is_over_when_a_copy_comes_then_the_place_was_kept(reserving: Reserving) -> None:
    house = reserving.house
    thing = house.item()
    away, later = house.borrower(), house.borrower()
    await reserving.reserve(thing, away)
    house.clock.forward(minutes=1)
    await reserving.reserve(thing, later)
    reserving.absent(away, TODAY, TODAY + timedelta(days=1))
    # Half past midnight in Copenhagen on the day after the last.
    house.clock.now = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)
    await house.take_back(thing)
    assert reserving.state(away)[0] == "readyForPickup"


async def test_an_absence_does_not_stop_what_is_on_its_way(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person, pickup_branch_id=house.other_branch)
    await house.take_back(thing)
    reserving.absent(person, TODAY, None)
    assert (await reserving.scan_elsewhere(thing)).shelf == 1


@pytest.mark.parametrize("kind", "OUFSWED")
async def test_whoever_is_blocked_is_passed_over_until_the_block_is_lifted(reserving: Reserving, kind: str) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    house.block(person, kind, until=TODAY)
    assert not (await house.take_back(thing)).is_reserved
    house.clock.forward(days=1)
    assert (await house.take_back(thing)).is_reserved


async def test_a_block_of_one_card_does_not_pass_the_person_over(reserving: Reserving) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    house.block(person, "O", of_card=True)
    assert (await house.take_back(thing)).is_reserved


@pytest.mark.parametrize(("ore", "is_served"), [(19_999, True), (20_000, False)])
async def test_whoever_owes_the_limit_is_passed_over(reserving: Reserving, ore: int, is_served: bool) -> None:
    house = reserving.house
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    reserving.owes(person, ore)
    assert (await house.take_back(thing)).is_reserved is is_served
    assert reserving.reservations(person) == 1


async def test_an_expired_reservation_is_passed_over_though_the_night_has_not_come(reserving: Reserving) -> None:
    house = reserving.house
    reserving.rules(interest_days=5)
    thing, person = house.item(), house.borrower()
    await reserving.reserve(thing, person)
    house.clock.forward(days=6)
    assert not (await house.take_back(thing)).is_reserved
    # The last day itself is inclusive.
    house.clock.forward(days=-1)
    assert (await house.take_back(thing)).is_reserved


async def test_a_group_that_may_not_reserve_such_material_is_passed_over(reserving: Reserving) -> None:
    house = reserving.house
    thing, child, adult = house.item(), house.borrower(group="barn"), house.borrower()
    await reserving.reserve(thing, child)
    await reserving.reserve(thing, adult)
    house.rule("barn", "standard", reservable=False)
    await house.take_back(thing)
    assert reserving.state(adult)[0] == "readyForPickup"
    assert reserving.state(child)[0] == "reserved"


# The shelf


async def test_the_lowest_free_place_of_the_branch_is_given(reserving: Reserving) -> None:
    house = reserving.house
    people = [house.borrower() for _ in range(3)]
    things = [await reserving.ready(person) for person in people]
    assert [reserving.state(person)[1] for person in people] == [1, 2, 3]
    await house.lend(things[1], people[1])
    next_one = house.borrower()
    await reserving.ready(next_one)
    assert reserving.state(next_one)[1] == 2


async def test_each_branch_has_a_shelf_of_its_own(reserving: Reserving) -> None:
    house = reserving.house
    await reserving.ready(house.borrower())
    thing = house.item(branch=house.other_branch)
    await reserving.reserve(thing, pickup_branch_id=house.other_branch)
    assert (await reserving.scan_elsewhere(thing)).shelf == 1


async def test_a_place_is_taken_until_its_item_has_been_put_back(reserving: Reserving) -> None:
    house = reserving.house
    person, next_one = house.borrower(), house.borrower()
    thing = await reserving.ready(person)
    await reserving.cancel(person, house.ids(Reservation)[0])
    await reserving.ready(next_one)
    assert reserving.state(next_one)[1] == 2
    await house.take_back(thing)
    third = house.borrower()
    await reserving.ready(third)
    assert reserving.state(third)[1] == 1


async def test_a_return_that_nobody_waits_for_asks_nothing_about_reservations_by_itself(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = house.item()
    await house.lend(thing, house.borrower())
    seen: list[str] = []
    database: Any = type(house.store._database)
    execute = database.execute_sql

    def noted(self: Any, sql: str, *more: Any, **named: Any) -> Any:
        seen.append(sql)
        return execute(self, sql, *more, **named)

    monkeypatch.setattr(database, "execute_sql", noted)
    await house.take_back(thing)
    assert len([sql for sql in seen if "reservation" in sql]) == 1
