"""Several counters at the same moment: one reservation is served once, and every place in a queue is given once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from db.models import Reservation
from db.statements import Statement
from db.store import Transaction
from desk.circulation.queries import BORROWER_ROW
from desk.circulation.records import ReturnRecord
from desk.circulation.returning import Return
from desk.desk import Desk
from desk.errors import Refused
from desk.reservations.commands import PlaceReservation
from desk.reservations.holding import TITLE_ROW
from tests.builders import House, Person, Thing, a_house, another_counter
from tests.reserving import Reserving

ATTEMPTS = 20


@contextmanager
def counters(house: House, count: int) -> Iterator[list[Desk]]:
    """Open several programs, each with a connection of its own."""
    with ExitStack() as opened:
        yield [opened.enter_context(another_counter(house)) for _ in range(count)]


async def returned_at_once(house: House, things: list[Thing]) -> list[ReturnRecord]:
    """Return each thing at a counter of its own, at the same moment."""
    with counters(house, len(things)) as desks:
        return await asyncio.gather(
            *(
                desk.do(Return(command_id=house.new_id(), who=house.who(), at=house.clock(), item_id=thing.item_id))
                for desk, thing in zip(desks, things, strict=True)
            )
        )


async def reserved_at_once(house: House, things: list[Thing], people: list[Person]) -> list[int | str]:
    """Reserve at as many counters at the same moment; gives each one's place, or the reasons why not."""
    reserving = Reserving(house)

    async def reserve(desk: Desk, thing: Thing, person: Person) -> int | str:
        command = PlaceReservation(
            command_id=house.new_id(),
            who=house.who(),
            at=house.clock(),
            borrower_id=person.borrower_id,
            title_id=reserving.title_of(thing),
        )
        try:
            return (await desk.do(command)).place
        except Refused as refused:
            return " ".join(refused.codes)

    with counters(house, len(people)) as desks:
        work = [reserve(*one) for one in zip(desks, things, people, strict=True)]
        return await asyncio.gather(*work)


def without(statement: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a lock out."""
    lock = Transaction.lock

    def all_but_one(transaction: Transaction, locked: Statement, **values: object) -> None:
        if locked is not statement:
            lock(transaction, locked, **values)

    monkeypatch.setattr(Transaction, "lock", all_but_one)


async def one_reservation_and_copies_at_once(house: House, copies: int) -> int:
    """Return copies of a title at once for which one person waits; gives how many were set aside."""
    reserving = Reserving(house)
    first = house.item()
    things = [first, *(reserving.copy_of(first) for _ in range(copies - 1))]
    await reserving.reserve(first)
    records = await returned_at_once(house, things)
    return sum(record.is_reserved for record in records)


async def test_two_copies_returned_at_once_serve_one_reservation_once(house: House) -> None:
    assert await one_reservation_and_copies_at_once(house, 2) == 1
    trapped = house.rows(Reservation.select(Reservation.trapped_item, Reservation.pickup_number))
    assert len(trapped) == 1
    assert trapped[0][1] == 1


async def test_without_the_queues_lock_one_reservation_is_served_twice(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(TITLE_ROW, monkeypatch)
    with a_house(postgres_url) as house:
        for _attempt in range(ATTEMPTS):
            if await one_reservation_and_copies_at_once(house, 6) > 1:
                return
    pytest.fail("one reservation was served once without the lock, so the test of it proves nothing")


async def last_copy_at_two_counters(house: House, people: int = 2) -> list[int | str]:
    """Reserve the last copy for as many at once; gives the places they were told."""
    thing = house.item()
    return await reserved_at_once(house, [thing] * people, [house.borrower() for _ in range(people)])


async def test_the_last_copy_reserved_at_two_counters_at_once_gives_two_places(house: House) -> None:
    assert sorted(await last_copy_at_two_counters(house), key=str) == [1, 2]


async def test_the_last_copy_reserved_at_two_counters_at_once_goes_to_one(house: House) -> None:
    thing, people = house.item(), [house.borrower(), house.borrower()]
    await reserved_at_once(house, [thing] * 2, people)
    await house.take_back(thing)
    states = [Reserving(house).state(person)[0] for person in people]
    assert sorted(states) == ["readyForPickup", "reserved"]


async def test_without_the_queues_lock_two_are_told_the_same_place(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(TITLE_ROW, monkeypatch)
    with a_house(postgres_url) as house:
        for _attempt in range(ATTEMPTS):
            places = await last_copy_at_two_counters(house, 6)
            if len(set(places)) < len(places):
                return
    pytest.fail("the places differed without the lock, so the test of them proves nothing")


async def test_one_borrower_at_two_counters_at_once_reserves_a_title_once(house: House) -> None:
    thing, person = house.item(), house.borrower()
    assert sorted(await reserved_at_once(house, [thing] * 2, [person] * 2), key=str) == [1, "already_reserved"]


async def test_many_counters_at_once_do_not_pass_the_limit_of_reservations(house: House) -> None:
    Reserving(house).rules(reservation_limit=3)
    person = house.borrower()
    outcomes = await reserved_at_once(house, [house.item() for _ in range(8)], [person] * 8)
    assert outcomes.count(1) == 3
    assert outcomes.count("exceeds_max_reservations") == 5


async def test_many_returns_at_once_get_a_place_of_the_shelf_each(house: House) -> None:
    reserving = Reserving(house)
    things = [house.item() for _ in range(8)]
    for thing in things:
        await reserving.reserve(thing)
    records = await returned_at_once(house, things)
    assert sorted(record.shelf or 0 for record in records) == list(range(1, 9))


async def test_a_return_that_catches_for_somebody_does_not_wait_for_their_own_loan(postgres_url: str) -> None:
    """The message to the borrower refers to a row that another counter's check-out holds."""
    with a_house(postgres_url) as house:
        reserving = Reserving(house)
        thing, person = house.item(), house.borrower()
        await reserving.reserve(thing, person)
        held, go_on = threading.Event(), threading.Event()

        def lending(transaction: Transaction) -> None:
            transaction.lock(BORROWER_ROW, borrower_id=person.borrower_id)
            held.set()
            assert go_on.wait(20)

        with another_counter(house) as elsewhere:
            lent = asyncio.create_task(elsewhere._store.write(lending))
            await asyncio.to_thread(held.wait, 20)
            returned = await house.take_back(thing)
            assert not lent.done()
            go_on.set()
            await lent
        assert returned.shelf == 1
        assert len(reserving.messages(person)) == 1
