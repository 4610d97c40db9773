"""Four eyes (G2): by the service as every role, and by SQL against the schema, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from peewee import IntegrityError

from db.models import DeletionRequest, Staff
from db.models.deletion import REQUEST_STATES
from desk.command import INSTALLATION, NOBODY
from desk.errors import InvalidInput, NotAllowed, NotFound, Refused
from tests.asking_to_go import Farewell


async def test_another_supervisor_approves_and_rejects(farewell: Farewell) -> None:
    house = farewell.house
    approved, rejected = await farewell.ask(house.borrower()), await farewell.ask(house.borrower())
    await farewell.approve(approved)
    await farewell.reject(rejected, reason=" ikke låneren selv ")
    columns = (DeletionRequest.state, DeletionRequest.decided_by, DeletionRequest.decision_reason)
    assert house.rows(DeletionRequest.select(*columns).order_by(DeletionRequest.id)) == [
        ("approved", farewell.supervisor, ""),
        ("rejected", farewell.supervisor, "ikke låneren selv"),
    ]


async def test_nobody_but_a_supervisor_approves_or_rejects(farewell: Farewell) -> None:
    house = farewell.house
    request_id = await farewell.ask(house.borrower())
    closed = farewell.hire("supervisor", "P9", active=False)
    other_clerk = farewell.hire("staff", "P8")
    for staff_id in (farewell.registrant, other_clerk, house.staff["it"], closed):
        for act in (farewell.approve, farewell.reject):
            with pytest.raises(NotAllowed):
                await act(request_id, staff_id)
    for who in (INSTALLATION, NOBODY):
        with pytest.raises(NotAllowed):
            await farewell.approve(request_id, who=who)
    assert farewell.state(request_id) == "waiting"


async def test_whoever_registered_it_neither_approves_nor_rejects(farewell: Farewell) -> None:
    request_id = await farewell.ask(farewell.house.borrower(), farewell.supervisor)
    assert await farewell.why_not(request_id, farewell.supervisor) == ("deletion_same_person",)
    with pytest.raises(Refused) as refused:
        await farewell.reject(request_id, farewell.supervisor)
    assert refused.value.codes == ("deletion_same_person",)
    assert farewell.state(request_id) == "waiting"


async def test_two_accounts_of_one_person_are_two_eyes(farewell: Farewell) -> None:
    """The number of an account that has been closed is the same person's."""
    house = farewell.house
    request_id = await farewell.ask(house.borrower())
    house.put(Staff.update(active=False).where(Staff.id == farewell.registrant))
    second = farewell.hire("supervisor", "P0")
    assert await farewell.why_not(request_id, second) == ("deletion_same_person",)


@pytest.mark.parametrize("whose", ["approver", "registrant"])
async def test_who_cannot_be_told_from_another_is_no_second_person(farewell: Farewell, whose: str) -> None:
    request_id = await farewell.ask(farewell.house.borrower())
    farewell.number(farewell.supervisor if whose == "approver" else farewell.registrant, None)
    assert await farewell.why_not(request_id) == (f"deletion_no_number_{whose}",)
    assert farewell.state(request_id) == "waiting"


async def test_every_reason_is_told_at_once(farewell: Farewell) -> None:
    house = farewell.house
    person = house.borrower()
    await house.lend(house.item(), person)
    request_id = await farewell.ask(person)
    farewell.number(farewell.registrant, None)
    assert await farewell.why_not(request_id) == ("deletion_no_number_registrant", "deletion_loans")


async def test_a_request_is_decided_once(farewell: Farewell) -> None:
    request_id = await farewell.ask(farewell.house.borrower())
    await farewell.reject(request_id)
    for act in (farewell.approve, farewell.reject):
        with pytest.raises(NotFound):
            await act(request_id)


async def test_a_rejection_has_a_reason(farewell: Farewell) -> None:
    request_id = await farewell.ask(farewell.house.borrower())
    with pytest.raises(InvalidInput):
        await farewell.reject(request_id, reason="  ")


async def test_an_approval_sent_twice_is_one(farewell: Farewell) -> None:
    request_id = await farewell.ask(farewell.house.borrower())
    first = await farewell.approve(request_id, command_id="once")
    assert await farewell.approve(request_id, command_id="once") == first


# By SQL, past the desk.


def decide(farewell: Farewell, request_id: int, decider: int, state: str = "approved", **more: Any) -> None:
    """Write a decision past the desk."""
    farewell.house.put(
        DeletionRequest.update(
            state=state, decided_by=decider, decided_at=farewell.house.clock(), decision_reason="x", **more
        ).where(DeletionRequest.id == request_id)
    )


@pytest.mark.parametrize("state", sorted(set(REQUEST_STATES) - {"waiting", "withdrawn"}))
async def test_the_schema_refuses_two_eyes_in_every_state(farewell: Farewell, state: str) -> None:
    house = farewell.house
    clerk, closed = farewell.hire("staff", "P8"), farewell.hire("supervisor", "P9", active=False)
    nobody_knows = farewell.hire("supervisor", None)
    gone = {"borrower": None, "erased_at": house.clock()} if state in {"erased", "proven", "unproven"} else {}
    proven = {"proven_at": house.clock(), "hits": 0} if state == "proven" else {}
    request_id = await farewell.ask(house.borrower(), farewell.supervisor)
    for decider in (farewell.supervisor, clerk, closed, nobody_knows, house.staff["it"]):
        with pytest.raises(IntegrityError):
            decide(farewell, request_id, decider, state, **gone, **proven)
    assert farewell.state(request_id) == "waiting"
    decide(farewell, request_id, farewell.hire("supervisor", "P10"), state, **gone, **proven)
    assert farewell.state(request_id) == state


async def test_the_schema_refuses_two_accounts_of_one_person(farewell: Farewell) -> None:
    house = farewell.house
    request_id = await farewell.ask(house.borrower())
    house.put(Staff.update(active=False).where(Staff.id == farewell.registrant))
    with pytest.raises(IntegrityError):
        decide(farewell, request_id, farewell.hire("supervisor", "P0"))


async def test_the_schema_refuses_a_registrant_without_a_number(farewell: Farewell) -> None:
    request_id = await farewell.ask(farewell.house.borrower())
    farewell.number(farewell.registrant, None)
    with pytest.raises(IntegrityError):
        decide(farewell, request_id, farewell.supervisor)


async def test_the_schema_takes_no_approved_request_out_of_nowhere(farewell: Farewell) -> None:
    house = farewell.house
    with pytest.raises(IntegrityError):
        house.put(
            DeletionRequest.insert(
                borrower=house.borrower().borrower_id,
                state="approved",
                registered_at=house.clock(),
                registered_by=farewell.registrant,
                identity_check="card",
                decided_at=house.clock(),
                decided_by=farewell.registrant,
            )
        )


async def test_the_schema_lets_nobody_rewrite_who_registered_or_who_approved(farewell: Farewell) -> None:
    house = farewell.house
    request_id = await farewell.ask(house.borrower())
    await farewell.approve(request_id)
    for column, staff_id in (("registered_by", house.staff["it"]), ("decided_by", farewell.registrant)):
        with pytest.raises(IntegrityError):
            house.put(DeletionRequest.update(**{column: staff_id}).where(DeletionRequest.id == request_id))


async def test_what_two_persons_approved_stays_approved_when_one_of_them_leaves(farewell: Farewell) -> None:
    house = farewell.house
    request_id = await farewell.ask(house.borrower())
    await farewell.approve(request_id)
    house.put(Staff.update(active=False, person_number=None).where(Staff.id == farewell.supervisor))
    house.put(
        DeletionRequest.update(state="erased", borrower=None, erased_at=house.clock()).where(
            DeletionRequest.id == request_id
        )
    )
    assert farewell.state(request_id) == "erased"


async def test_the_schema_knows_no_two_open_accounts_of_one_person(farewell: Farewell) -> None:
    with pytest.raises(IntegrityError):
        farewell.hire("supervisor", "P1")
    farewell.hire("supervisor", "P1", active=False)
