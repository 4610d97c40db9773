"""An item's status set by hand (C15): what may be set, what becomes of the loan and of the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models import AccessLog, Item, Loan, PutBack, Reservation
from db.models.items import ITEM_STATUSES
from desk.catalogue.rules import BY_HAND, WHILE_ON_LOAN, statuses_for, why_not
from desk.catalogue.statuses import LONGEST_REASON
from desk.errors import InvalidInput, NotFound, Refused
from tests.builders import Thing, another_counter
from tests.catalogue_builders import Shelves

BY_STAFF = ("missing", "damaged", "discarded", "not_for_loan", "lost")


async def refused(shelves: Shelves, thing: Thing, status: str) -> tuple[str, ...]:
    """Try to set a status; give the reasons why not, and make sure that nothing has changed."""
    before = shelves.on_page(thing)
    with pytest.raises(Refused) as caught:
        await shelves.set_status(thing, status)
    assert shelves.on_page(thing) == before
    return caught.value.codes


def changes(shelves: Shelves) -> list[tuple[object, ...]]:
    """Give purpose and items of every change in the log."""
    columns = (AccessLog.purpose, AccessLog.revealed)
    return shelves.house.rows(AccessLog.select(*columns).where(AccessLog.action == "change").order_by(AccessLog.number))


@pytest.mark.parametrize("status", BY_STAFF)
async def test_a_copy_at_home_gets_a_status_and_can_be_made_available_again(shelves: Shelves, status: str) -> None:
    (thing,) = shelves.title("Kongens Fald")
    done = await shelves.set_status(thing, status, "  fundet \n våd ")
    copy = shelves.on_page(thing)
    assert (done.was, done.status, copy.status, copy.reason) == ("available", status, status, "fundet våd")
    assert copy.since == shelves.house.clock() + timedelta(minutes=1)
    await shelves.set_status(thing, "available", "tørret")
    assert (shelves.on_page(thing).status, shelves.on_page(thing).reason) == ("available", "tørret")
    assert changes(shelves) == []


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("available", "status_already"),
        ("claimed_returned", "status_nobody_has_it"),
        ("on_loan", "status_by_scan_only"),
        ("on_shelf", "status_by_scan_only"),
        ("in_transit", "status_by_scan_only"),
    ],
)
async def test_what_comes_about_over_the_counter_is_not_set_by_hand(shelves: Shelves, status: str, code: str) -> None:
    (thing,) = shelves.title("Kongens Fald")
    assert await refused(shelves, thing, status) == (code,)


async def test_the_claim_that_it_was_returned_leaves_the_loan_open(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    loan = await house.lend(thing, house.borrower())
    done = await shelves.set_status(thing, "claimed_returned", "siger, den lå i boksen")
    assert (done.was, done.on_loan) == ("on_loan", True)
    copy = shelves.on_page(thing)
    assert (copy.status, copy.due_on) == ("claimed_returned", loan.due_on)
    assert changes(shelves) == [("borrower_asks", "loans")]
    # Found on the shelf after all: a return ends it, and the reason goes.
    returned = await house.take_back(thing)
    assert (returned.was_status, returned.loan_id) == ("claimed_returned", loan.loan_id)
    copy = shelves.on_page(thing)
    assert (copy.status, copy.reason, copy.due_on) == ("available", "", None)


async def test_a_claim_can_be_taken_back_or_become_a_loss(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    await house.lend(thing, house.borrower())
    for status in ("claimed_returned", "on_loan", "lost", "claimed_returned", "lost", "on_loan"):
        assert (await shelves.set_status(thing, status)).on_loan is True
    assert len(house.open_loans()) == 1
    assert {purpose for purpose, _items in changes(shelves)} == {"borrower_asks", "correction"}


@pytest.mark.parametrize("status", ["available", "missing", "damaged", "discarded", "not_for_loan", "on_shelf"])
@pytest.mark.parametrize("before", ["on_loan", "claimed_returned", "lost"])
async def test_what_is_on_loan_is_returned_before_anything_else_is_said_of_it(
    shelves: Shelves, before: str, status: str
) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    await house.lend(thing, house.borrower())
    house.put(Item.update(status=before).where(Item.id == thing.item_id))
    assert await refused(shelves, thing, status) == ("status_return_first",)
    assert len(house.open_loans()) == 1


@pytest.mark.parametrize("status", BY_STAFF)
async def test_a_copy_set_aside_that_is_gone_gives_its_reservation_the_place_back(
    shelves: Shelves, status: str
) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    first, second = house.borrower(), house.borrower()
    reservation_id = shelves.set_aside(thing, first)
    house.clock.forward(days=1)
    shelves.reserve(thing, second)
    done = await shelves.set_status(thing, status)
    assert (done.back_in_queue, done.waiting, done.copies_left) == (True, 2, 0)
    queue = house.rows(
        Reservation.select(
            Reservation.id, Reservation.state, Reservation.trapped_item, Reservation.pickup_number, Reservation.ready_at
        ).order_by(Reservation.reserved_at)
    )
    assert queue[0] == (reservation_id, "reserved", None, None, None)
    assert [row[1] for row in queue] == ["reserved", "reserved"]


async def test_a_copy_set_aside_is_not_at_home(shelves: Shelves) -> None:
    (thing,) = shelves.title("Kongens Fald")
    shelves.set_aside(thing, shelves.house.borrower())
    assert await refused(shelves, thing, "available") == ("status_set_aside",)


async def test_a_copy_on_its_way_to_somebody_who_waits_gives_the_place_back_too(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    house.put(Item.update(status="in_transit").where(Item.id == thing.item_id))
    shelves.reserve(thing, house.borrower(), state="inTransit", trapped_item=thing.item_id)
    assert (await shelves.set_status(thing, "lost")).back_in_queue is True
    assert house.value(Reservation.select(Reservation.state)) == "reserved"


@pytest.mark.parametrize("status", [*BY_STAFF, "available"])
async def test_what_lay_on_the_shelf_for_nobody_is_no_work_any_more(shelves: Shelves, status: str) -> None:
    (thing,) = shelves.title("Kongens Fald")
    shelves.lies_for_nobody(thing)
    await shelves.set_status(thing, status)
    assert shelves.house.rows(PutBack.select(PutBack.id)) == []


@pytest.mark.parametrize("reason", ["", "   ", "\x1b\u202e", "x" * (LONGEST_REASON + 1)])
async def test_without_a_reason_or_with_a_novel_nothing_is_set(shelves: Shelves, reason: str) -> None:
    (thing,) = shelves.title("Kongens Fald")
    with pytest.raises(InvalidInput):
        await shelves.set_status(thing, "missing", reason)
    assert shelves.on_page(thing).status == "available"


async def test_a_status_that_is_none_and_an_item_that_is_gone_are_told(shelves: Shelves) -> None:
    (thing,) = shelves.title("Kongens Fald")
    with pytest.raises(InvalidInput):
        await shelves.set_status(thing, "udlånt")
    with pytest.raises(NotFound):
        await shelves.set_status(Thing(9999, "x"), "missing")


async def test_the_same_command_again_gives_the_answer_again(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    command = shelves.status_command(thing, "missing")
    await house.desk.do(command)
    again = await house.desk.do(command)
    assert (again.item_id, again.status) == (thing.item_id, "missing")
    assert [kind for kind, _refusals in house.records()] == ["SetItemStatus"]


async def test_two_counters_at_once_do_not_both_give_the_place_back(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    shelves.set_aside(thing, house.borrower())
    with another_counter(house) as other:
        await house.desk.do(shelves.status_command(thing, "missing"))
        with pytest.raises(Refused) as caught:
            await other.do(shelves.status_command(thing, "missing"))
    assert caught.value.codes == ("status_already",)


async def test_the_reason_is_neither_in_the_log_of_commands_nor_in_a_repr(shelves: Shelves) -> None:
    (thing,) = shelves.title("Kongens Fald")
    command = shelves.status_command(thing, "missing", "hemmelig grund")
    assert "hemmelig" not in repr(command)
    await shelves.house.desk.do(command)
    assert "hemmelig" not in repr(shelves.on_page(thing))


@given(st.sampled_from(ITEM_STATUSES), st.sampled_from((*ITEM_STATUSES, "udlånt")), st.booleans(), st.booleans())
def test_every_pair_of_statuses_has_an_answer(status: str, wanted: str, on_loan: bool, set_aside: bool) -> None:
    reasons = why_not(status, wanted, on_loan=on_loan, set_aside=set_aside)
    offered = statuses_for(status, on_loan=on_loan, set_aside=set_aside)
    assert (wanted in offered) == (not reasons)
    assert set(offered) <= set(WHILE_ON_LOAN if on_loan else BY_HAND)


async def test_a_lent_copy_that_is_reported_lost_can_still_be_returned(shelves: Shelves) -> None:
    house, (thing,) = shelves.house, shelves.title("Kongens Fald")
    await house.lend(thing, house.borrower())
    await shelves.set_status(thing, "lost", "tabt i havnen")
    await house.take_back(thing)
    assert house.rows(Loan.select(Loan.id).where(Loan.returned_at.is_null())) == []
    assert shelves.on_page(thing).status == "available"
