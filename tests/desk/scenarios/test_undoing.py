"""Scenarios of Ctrl+Z: somebody scanned the wrong thing, and the day goes on as if they had not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.models import PutBack
from desk.counter.orders import TO_RETURN, UNDO
from desk.counter.records import Undone
from desk.errors import Refused
from tests.desk.counter.at_work import at_work
from tests.desk.scenarios.telling import Story, kr
from tests.dump import dump


async def test_given_the_wrong_book_returned_when_it_is_undone_then_the_fee_and_the_block_notice_are_gone(
    story: Story,
) -> None:
    """C9, R3, R4, M1: and the loan is late as before, until it really comes back."""
    house, anna = story.house, story.office.borrower(email="anna@example.dk")
    thing, wanted = house.item(), house.item()
    loan = await house.lend(thing, anna)
    await story.owing.owes(anna, kr(100))
    story.late(loan, 9)
    before = dump(house)
    back = await house.take_back(thing)
    assert ("block", "email", "waiting") in story.told(anna)
    assert await house.refusals(wanted, anna) == ("block_E",)
    await story.undo(back)
    assert (await story.owed(anna), story.told(anna)) == (kr(100), [])
    assert dump(house) == before
    story.late(loan, 31)
    assert (await house.take_back(thing)).charged.fee_ore == kr(230)


async def test_given_a_trapped_return_when_it_is_undone_then_the_queue_is_as_it_was_and_nobody_is_told(
    story: Story,
) -> None:
    """C9, R6, M1: whoever waits has the place as before, and gets it when it really comes."""
    house, anna, ib = story.house, story.house.borrower(), story.office.borrower(sms="20123456")
    thing = house.item()
    await house.lend(thing, anna)
    await story.reserving.reserve(thing, ib)
    before = dump(house)
    await story.undo(await house.take_back(thing))
    assert dump(house) == before
    assert (story.reserving.state(ib), story.told(ib)) == (("reserved", None, None), [])
    house.clock.forward(days=2)
    assert (await house.take_back(thing)).shelf == 1
    assert story.told(ib) == [("reservation_ready", "sms", "waiting")]


async def test_given_a_reserved_book_lent_to_the_wrong_one_of_two_cards_when_it_is_undone_then_it_lies_on_its_place(
    story: Story,
) -> None:
    """C9, P4, R6: the reservation that was deleted with the loan is there again, with shelf and deadline."""
    house, ib = story.house, story.house.borrower()
    thing = await story.reserving.ready(ib)
    lent = await house.lend(thing, ib)
    assert (lent.fulfilled, story.reserving.reservations(ib)) == (True, 0)
    await story.undo(lent)
    assert story.reserving.state(ib) == ("readyForPickup", 1, date(2026, 3, 18))
    assert house.status(thing) == "on_shelf"
    assert (await house.lend(thing, ib)).fulfilled


async def test_given_a_late_renewal_when_it_is_undone_then_due_date_fee_and_renewals_are_as_before(
    story: Story,
) -> None:
    """C9, C10, R3."""
    house, anna = story.house, story.house.borrower()
    loan = await house.lend(house.item(), anna)
    story.late(loan, 9)
    before = dump(house)
    await story.undo(await house.renew(loan, anna))
    assert dump(house) == before
    (left,) = await story.loans(anna)
    assert (left.due_on, left.renewals, await story.owed(anna)) == (loan.due_on, 0, 0)


async def test_given_two_books_returned_together_when_the_second_is_undone_then_the_fee_stays_for_the_first(
    story: Story,
) -> None:
    """C9, R3: one fee for what came together; what is taken back is no longer on it."""
    house, anna = story.house, story.house.borrower()
    one, two = [await house.lend(house.item(), anna) for _number in range(2)]
    story.late(one, 9)
    first = await house.take_back_item(one)
    house.clock.forward(minutes=1)
    await story.undo(await house.take_back_item(two))
    assert (first.charged.fee_ore, story.owing.amounts(anna)) == (kr(120), [kr(120)])
    house.clock.forward(days=1)
    assert (await house.take_back_item(two)).charged.is_shared is False
    assert story.owing.amounts(anna) == [kr(120), kr(120)]


async def test_given_the_fee_has_been_paid_when_the_return_is_to_be_undone_then_it_stays_and_the_money_too(
    story: Story,
) -> None:
    """C9, M7: what somebody has built on is not pulled away."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    story.late(await house.lend(thing, anna), 9)
    back = await house.take_back(thing)
    await story.owing.paid(anna)
    with pytest.raises(Refused) as refused:
        await story.undo(back)
    assert refused.value.codes == ("changed_since",)
    assert house.open_loans() == {}
    assert (await story.owed(anna), story.owing.ledger()) == (0, [(1, "payment", kr(120))])


@pytest.mark.parametrize(("minutes", "seconds", "is_undone"), [(5, 0, True), (5, 1, False)])
async def test_given_a_loan_when_five_minutes_have_passed_then_it_can_no_longer_be_undone(
    story: Story, minutes: int, seconds: int, is_undone: bool
) -> None:
    """C9: within five minutes."""
    house, anna = story.house, story.house.borrower()
    lent, done_at = await house.lend(house.item(), anna), house.clock()
    house.clock.forward(minutes=minutes, seconds=seconds)
    if is_undone:
        await story.undo(lent, done_at)
    else:
        with pytest.raises(Refused, match="TooLateToUndo"):
            await story.undo(lent, done_at)
    assert (house.open_loans() == {}) is is_undone


async def test_given_somebody_elses_shelf_book_was_lent_by_a_supervisor_when_it_is_undone_then_all_is_as_before(
    story: Story,
) -> None:
    """C9, R6: also what lies on the shelf for nobody, and whoever had waited again."""
    house, ib, anna = story.house, story.house.borrower(), story.house.borrower()
    thing = await story.reserving.ready(ib)
    await house.set_aside(anna, thing, "reserved_for_another")
    before = dump(house)
    lent = await house.lend(thing, anna)
    assert story.reserving.state(ib)[0] == "reserved"
    await story.undo(lent)
    assert dump(house) == before
    assert house.ids(PutBack) == []


async def test_given_a_pile_of_returns_when_ctrl_z_is_pressed_twice_then_the_last_two_are_out_again_in_order(
    story: Story, tmp_path: Path
) -> None:
    """C9, C8: it waits its turn behind the scans, the last first; what was undone may be scanned at once."""
    house, anna = story.house, story.house.borrower()
    things = [house.item() for _number in range(3)]
    for thing in things:
        await house.lend(thing, anna)
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(*things)
        for _press in range(2):
            await counter.order(UNDO)
        undone = [one.item.item_id for one in await counter.settled() if isinstance(one, Undone)]
        assert undone == [things[2].item_id, things[1].item_id]
        assert set(house.open_loans()) == set(undone)
        await counter.scan(things[2], after=0.1)
        await counter.settled()
    assert set(house.open_loans()) == {things[1].item_id}
