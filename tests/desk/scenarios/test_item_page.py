"""Scenarios of the item page: where a copy is, who waits, and what staff may say about it."""

from __future__ import annotations

import pytest

from db.models import AccessLog
from desk.errors import InvalidInput, Refused
from tests.desk.scenarios.telling import Story, kr


async def test_given_a_title_on_the_telephone_when_staff_look_it_up_then_they_see_copies_and_queue_and_no_name(
    story: Story,
) -> None:
    """C15: search, copies, status, due date, queue; the borrower's name only on a logged key."""
    house, anna = story.house, story.house.borrower(name="Anna Kanariefugl")
    lent, home = story.shelves.title("Kongens Fald", "Johannes V. Jensen", copies=2)
    loan = await house.lend(lent, anna)
    await story.reserving.reserve(lent)
    assert story.shelves.names("jensen kong") == ["Kongens Fald"]
    page = story.shelves.page(lent)
    assert (page.waiting, {copy.barcode: copy.due_on for copy in page.copies}) == (
        1,
        {lent.barcode: loan.due_on, home.barcode: None},
    )
    assert "Kanariefugl" not in repr(page)
    assert ("reveal",) not in house.rows(AccessLog.select(AccessLog.action))
    assert (await story.shelves.holder(lent)).name == "Anna Kanariefugl"
    assert ("reveal",) in house.rows(AccessLog.select(AccessLog.action))


async def test_given_she_says_she_returned_it_when_it_is_found_on_the_shelf_then_she_owes_for_the_day_it_was_found(
    story: Story,
) -> None:
    """C15, M1, C8: «påstås afleveret»: the loan stays open, nobody is recalled, and a return ends it."""
    house, anna = story.house, story.office.borrower(email="anna@example.dk")
    (thing,) = story.shelves.title("Kongens Fald")
    loan = await house.lend(thing, anna)
    story.late(loan, 0)
    await story.shelves.set_status(thing, "claimed_returned", "lagt i boksen søndag")
    story.late(loan, 1)
    await story.night("recalls")
    assert (story.told(anna), [one.item.status for one in await story.loans(anna)]) == ([], ["claimed_returned"])
    back = await house.take_back(thing)
    assert (back.was_status, back.charged.fee_ore) == ("claimed_returned", kr(20))


async def test_given_a_copy_set_aside_when_it_is_found_damaged_then_the_reservation_waits_and_another_copy_serves_it(
    story: Story,
) -> None:
    """C15, R6, *Semantics* (item status): the place in the queue is as old as it was."""
    house, anna = story.house, story.house.borrower()
    thing = await story.reserving.ready(anna)
    copy = story.reserving.copy_of(thing)
    await story.reserving.reserve(thing)
    done = await story.shelves.set_status(thing, "damaged", "våd")
    assert (done.back_in_queue, done.copies_left, (await story.reservations(anna))[0].place) == (True, 1, 1)
    await house.take_back(copy)
    assert story.reserving.state(anna)[0] == "readyForPickup"


@pytest.mark.parametrize(("status", "code"), [("missing", "return_first"), ("available", "return_first")])
async def test_given_a_book_on_loan_when_staff_would_say_otherwise_then_it_is_to_be_returned_first(
    story: Story, status: str, code: str
) -> None:
    """C15, *Semantics* (item status): and never without a reason."""
    house = story.house
    (thing,) = story.shelves.title("Kongens Fald")
    await house.lend(thing, house.borrower())
    with pytest.raises(Refused) as refused:
        await story.shelves.set_status(thing, status)
    assert refused.value.codes == (f"status_{code}",)
    with pytest.raises(InvalidInput):
        await story.shelves.set_status(thing, "lost", " ")
    assert house.status(thing) == "on_loan"


@pytest.mark.parametrize("status", ["lost", "missing", "discarded", "damaged"])
async def test_given_the_only_copy_out_of_use_when_somebody_would_reserve_then_not_until_there_is_one(
    story: Story, status: str
) -> None:
    """C15, R6: from the page, by FBS's words; those who waited already keep their places."""
    house, anna, ib = story.house, story.house.borrower(), story.house.borrower()
    (thing,) = story.shelves.title("Kongens Fald")
    await story.reserving.reserve(thing, anna)
    assert (await story.shelves.set_status(thing, status)).copies_left == 0
    assert await story.reserving.refusals(thing, ib) == ("no_reservable_materials",)
    copy = story.reserving.copy_of(thing)
    assert await story.reserving.refusals(thing, ib) == ()
    await house.take_back(copy)
    assert [story.reserving.state(person)[0] for person in (anna, ib)] == ["readyForPickup", "reserved"]
