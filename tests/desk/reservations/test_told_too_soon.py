"""«Reservering klar» that has not been sent yet, when what it tells is true no more: nobody comes in vain (R6, M1)."""

from __future__ import annotations

import pytest

from db.models import Borrower, Message, Reservation
from desk.catalogue.commands import SetItemStatus
from tests.builders import Person, Thing
from tests.desk.circulation.test_undoing import undo
from tests.reserving import Reserving


def reached(reserving: Reserving) -> Person:
    """Somebody with an e-mail address."""
    person = reserving.house.borrower()
    reserving.house.put(Borrower.update(email="ib@example.dk").where(Borrower.id == person.borrower_id))
    return person


def states(reserving: Reserving, person: Person) -> list[str]:
    """Give the states of the messages to somebody that something lies ready."""
    theirs = (Message.borrower == person.borrower_id) & (Message.kind == "reservation_ready")
    return [row[0] for row in reserving.house.rows(Message.select(Message.state).where(theirs).order_by(Message.id))]


async def set_status(reserving: Reserving, thing: Thing, status: str) -> None:
    house = reserving.house
    await house.desk.do(
        SetItemStatus(
            command_id=house.new_id(),
            who=house.who(),
            at=house.clock(),
            item_id=thing.item_id,
            status=status,
            reason="ikke på hylden",
        )
    )


@pytest.mark.parametrize("status", ["missing", "lost", "damaged", "discarded", "not_for_loan"])
async def test_given_it_is_gone_before_the_message_was_sent_then_it_is_not_sent_and_the_place_is_kept(
    reserving: Reserving, status: str
) -> None:
    house, person = reserving.house, reached(reserving)
    thing = await reserving.ready(person)
    other = reserving.copy_of(thing)
    behind = house.borrower()
    await reserving.reserve(thing, behind)
    assert states(reserving, person) == ["waiting"]
    await set_status(reserving, thing, status)
    assert (states(reserving, person), reserving.state(person)[0]) == ([], "reserved")
    # The next copy that comes back is theirs, and they are told of it.
    await house.take_back(other)
    assert (states(reserving, person), reserving.state(person)[0]) == (["waiting"], "readyForPickup")
    assert reserving.state(behind)[0] == "reserved"


async def test_what_has_been_sent_or_is_being_sent_stays_on_the_list(reserving: Reserving) -> None:
    house = reserving.house
    for state in ("sent", "sending", "failed"):
        person = reached(reserving)
        thing = await reserving.ready(person)
        sent_at = house.clock() if state == "sent" else None
        house.put(Message.update(state=state, sent_at=sent_at).where(Message.borrower == person.borrower_id))
        await set_status(reserving, thing, "missing")
        assert states(reserving, person) == [state]


async def test_who_cannot_be_reached_is_nobodys_work_when_the_copy_is_gone(reserving: Reserving) -> None:
    person = reserving.house.borrower()
    thing = await reserving.ready(person)
    assert states(reserving, person) == ["no_contact"]
    await set_status(reserving, thing, "missing")
    assert states(reserving, person) == []


async def test_a_reservation_that_is_cancelled_is_not_told_to_be_ready(reserving: Reserving) -> None:
    house, person = reserving.house, reached(reserving)
    await reserving.ready(person)
    await reserving.cancel(person, house.ids(Reservation)[0])
    assert states(reserving, person) == []


async def test_a_reservation_that_is_sent_on_is_told_when_it_lies_there(reserving: Reserving) -> None:
    house, person = reserving.house, reached(reserving)
    thing = await reserving.ready(person)
    await reserving.fetch_at(person, house.ids(Reservation)[0], house.other_branch)
    assert states(reserving, person) == []
    await house.take_back(thing)
    await reserving.scan_elsewhere(thing)
    assert states(reserving, person) == ["waiting"]


async def test_another_reservation_of_the_same_borrower_is_told_all_the_same(reserving: Reserving) -> None:
    person = reached(reserving)
    first, _second = await reserving.ready(person), await reserving.ready(person)
    await set_status(reserving, first, "missing")
    assert states(reserving, person) == ["waiting"]


async def test_what_has_been_fetched_is_not_told_any_more_and_undo_tells_it_again(reserving: Reserving) -> None:
    house, person = reserving.house, reached(reserving)
    thing = await reserving.ready(person)
    loan = await house.lend(thing, person)
    assert states(reserving, person) == []
    await undo(house, loan, borrower_id=person.borrower_id)
    assert (states(reserving, person), reserving.state(person)[0]) == (["waiting"], "readyForPickup")
