"""A borrower asks to be deleted: registered, waiting, ready by itself, withdrawn (G1)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.models import AccessLog, Borrower, DeletionRequest, Item, Loan, Reservation
from desk.errors import InvalidInput, NotFound, Refused
from desk.privacy.deletion.queries import deletions_to_decide, open_deletion_of
from desk.privacy.deletion.records import Checklist
from desk.privacy.deletion.rules import adult_born_by
from tests.asking_to_go import Farewell
from tests.owing import Owing
from tests.reserving import Reserving


async def test_a_request_can_be_registered_though_things_are_out_and_says_what_is_missing(farewell: Farewell) -> None:
    house, owing = farewell.house, Owing(farewell.house)
    person = house.borrower()
    await house.lend(house.item(), person)
    await owing.owes(person, 6_000)
    farewell.child_of(person, date(2018, 1, 1))
    request = await farewell.request(await farewell.ask(person))
    assert request.stage == "lacking"
    assert request.checklist == Checklist(open_loans=1, unsettled_fees=1, owed_ore=6_000, responsible_for=1)
    assert (request.number, request.registered.name) == ("00000004", "Staff 1")


async def test_it_is_offered_again_by_itself_when_the_list_is_clear(farewell: Farewell) -> None:
    house, owing = farewell.house, Owing(farewell.house)
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    await owing.owes(person, 6_000)
    request_id = await farewell.ask(person)
    other_id = await farewell.ask(house.borrower())
    assert await farewell.stages() == [(other_id, "ready"), (request_id, "lacking")]
    await house.take_back(thing)
    assert await farewell.stages() == [(other_id, "ready"), (request_id, "lacking")]
    await owing.paid(person)
    assert await farewell.stages() == [(request_id, "ready"), (other_id, "ready")]


async def test_an_approval_that_was_left_stands_before_what_nobody_can_go_on_with(farewell: Farewell) -> None:
    person = farewell.house.borrower()
    await farewell.house.lend(farewell.house.item(), person)
    lacking, left = await farewell.ask(person), await farewell.ask(farewell.house.borrower())
    await farewell.approve(left)
    assert await farewell.stages() == [(left, "approved"), (lacking, "lacking")]


async def test_supervisors_are_told_how_many_wait_for_them(farewell: Farewell) -> None:
    house = farewell.house
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    await farewell.ask(person)
    approved = await farewell.ask(house.borrower())
    await farewell.ask(house.borrower())
    await farewell.approve(approved)
    who, today = house.who("supervisor"), house.clock().date()
    assert await house.desk.ask(who, deletions_to_decide, today) == 2
    await house.take_back(thing)
    assert await house.desk.ask(who, deletions_to_decide, today) == 3


async def test_credit_stands_in_the_way_until_it_is_paid_out(farewell: Farewell) -> None:
    house, owing = farewell.house, Owing(farewell.house)
    person = house.borrower()
    thing, loan_id = owing.lent(person, price_ore=20_000)
    house.clock.forward(days=40)
    await owing.claimed(loan_id)
    await owing.paid(person)
    await house.take_back(thing)
    request_id = await farewell.ask(person)
    assert await farewell.why_not(request_id) == ("deletion_credit",)
    await owing.paid_out(person)
    await farewell.approve(request_id)


async def test_reservations_are_told_and_are_no_obstacle(farewell: Farewell) -> None:
    house, reserving = farewell.house, Reserving(farewell.house)
    person, thing = house.borrower(), house.item()
    await reserving.reserve(thing, person)
    await reserving.reserve(house.item(), person)
    await house.take_back(thing)
    request = await farewell.request(await farewell.ask(person))
    assert request.stage == "ready"
    assert request.checklist == Checklist(reservations=2, set_aside=1)


async def test_what_is_on_its_way_is_not_told_as_work_for_the_shelf(farewell: Farewell) -> None:
    house, reserving = farewell.house, Reserving(farewell.house)
    person, thing = house.borrower(), house.item()
    await reserving.reserve(thing, person)
    house.put(Reservation.update(state="inTransit", trapped_item=thing.item_id))
    house.put(Item.update(status="in_transit").where(Item.id == thing.item_id))
    request = await farewell.request(await farewell.ask(person))
    assert request.checklist == Checklist(reservations=1, on_their_way=1)


async def test_a_child_that_has_turned_18_is_no_obstacle_and_has_nobody_responsible_after_the_approval(
    farewell: Farewell,
) -> None:
    house = farewell.house
    person = house.borrower()
    child = farewell.child_of(person, date(2008, 3, 11))
    request_id = await farewell.ask(person)
    assert await farewell.why_not(request_id) == ("deletion_responsible",)
    house.clock.forward(days=1)
    await farewell.approve(request_id)
    guardian = Borrower.select(Borrower.guardian).where(Borrower.id == child.borrower_id)
    assert house.value(guardian) is None
    assert ("change", "guardian") in house.rows(AccessLog.select(AccessLog.action, AccessLog.revealed))


async def test_a_child_whose_age_nobody_knows_stands_in_the_way(farewell: Farewell) -> None:
    person = farewell.house.borrower()
    farewell.child_of(person, None)
    assert await farewell.why_not(await farewell.ask(person)) == ("deletion_responsible",)


@pytest.mark.parametrize(
    ("today", "born"),
    [
        (date(2026, 3, 10), date(2008, 3, 10)),
        (date(2026, 2, 28), date(2008, 2, 28)),
        (date(2026, 3, 1), date(2008, 3, 1)),
        (date(2028, 2, 29), date(2010, 2, 28)),
    ],
)
def test_somebody_is_of_age_from_the_18th_birthday_on(today: date, born: date) -> None:
    assert adult_born_by(today) == born


async def test_there_is_one_request_at_a_time(farewell: Farewell) -> None:
    person = farewell.house.borrower()
    request_id = await farewell.ask(person)
    with pytest.raises(Refused) as refused:
        await farewell.ask(person)
    assert refused.value.codes == ("deletion_requested",)
    await farewell.withdraw(request_id, person)
    await farewell.ask(person)


async def test_a_request_sent_twice_is_one(farewell: Farewell) -> None:
    person = farewell.house.borrower()
    assert await farewell.ask(person, command_id="once") == await farewell.ask(person, command_id="once")


@pytest.mark.parametrize("wrong", [{"identity_check": "stjernetegn"}, {"newsletter": "måske"}])
async def test_an_answer_that_there_is_not_registers_nothing(farewell: Farewell, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        await farewell.ask(farewell.house.borrower(), **wrong)
    assert farewell.house.rows(DeletionRequest.select(DeletionRequest.id)) == []


async def test_nobody_who_is_gone_can_ask(farewell: Farewell) -> None:
    person = farewell.house.borrower()
    farewell.house.put(Borrower.delete().where(Borrower.id == person.borrower_id))
    with pytest.raises(NotFound):
        await farewell.ask(person)


async def test_a_borrower_thinks_better_of_it_even_after_the_approval(farewell: Farewell) -> None:
    person = farewell.house.borrower()
    request_id = await farewell.ask(person)
    await farewell.approve(request_id)
    await farewell.withdraw(request_id, person)
    assert farewell.state(request_id) == "withdrawn"
    assert await farewell.stages() == []
    with pytest.raises(NotFound):
        await farewell.withdraw(request_id, person)


async def test_a_request_is_withdrawn_with_a_reason_and_by_its_own_borrowers_page_only(farewell: Farewell) -> None:
    person, other = farewell.house.borrower(), farewell.house.borrower()
    request_id = await farewell.ask(person)
    with pytest.raises(InvalidInput):
        await farewell.withdraw(request_id, person, " ")
    with pytest.raises(NotFound):
        await farewell.withdraw(request_id, other)
    assert farewell.state(request_id) == "waiting"


async def test_the_page_of_the_borrower_finds_the_open_request(farewell: Farewell) -> None:
    house = farewell.house
    person, other = house.borrower(), house.borrower()
    request_id = await farewell.ask(person)
    ask, who, today = house.desk.ask, house.who(), house.clock().date()
    found = await ask(who, open_deletion_of, person.borrower_id, today)
    assert found is not None
    assert found.request_id == request_id
    assert await ask(who, open_deletion_of, other.borrower_id, today) is None


async def test_every_step_is_in_the_access_log(farewell: Farewell) -> None:
    house = farewell.house
    person = house.borrower()
    request_id = await farewell.ask(person)
    await farewell.reject(request_id)
    rows = house.rows(
        AccessLog.select(AccessLog.action, AccessLog.staff, AccessLog.revealed).order_by(AccessLog.number)
    )
    assert rows == [
        ("change", farewell.registrant, "deletion_requests"),
        ("change", farewell.supervisor, "deletion_requests"),
    ]


async def test_what_is_shown_of_a_request_names_nobody_in_its_repr(farewell: Farewell) -> None:
    request = await farewell.request(await farewell.ask(farewell.house.borrower()))
    assert request.number not in repr(request)


async def test_a_loan_that_comes_before_the_approval_wins(farewell: Farewell) -> None:
    house = farewell.house
    person = house.borrower()
    request_id = await farewell.ask(person)
    assert (await farewell.request(request_id)).stage == "ready"
    loan = await house.lend(house.item(), person)
    assert await farewell.why_not(request_id) == ("deletion_loans",)
    assert house.value(Loan.select(Loan.returned_at).where(Loan.id == loan.loan_id)) is None
    assert farewell.state(request_id) == "waiting"
