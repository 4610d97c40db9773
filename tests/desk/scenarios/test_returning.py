"""Scenarios of return: one scan, one line, and what the line says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desk.counter.orders import DROP_BOX, TO_RETURN
from desk.counter.records import Answer, NotUnderstood, Question, Returned
from tests.desk.counter.at_work import at_work
from tests.desk.scenarios.telling import Story, kr


async def test_given_three_books_when_they_are_returned_then_each_is_home_and_no_name_is_said(story: Story) -> None:
    """C8: no borrower is needed and none is named."""
    house, anna = story.house, story.house.borrower(name="Anna Kanariefugl")
    lent = [await house.lend(house.item(), anna) for _number in range(3)]
    house.clock.forward(days=5)
    back = [await house.take_back_item(loan) for loan in lent]
    assert [(one.goes_to, one.shelf, one.days_overdue) for one in back] == [(None, None, 0)] * 3
    assert "Kanariefugl" not in repr(back)
    assert await story.loans(anna) == ()
    assert {house.status(story.thing_of(loan)) for loan in lent} == {"available"}


async def test_given_a_late_book_that_ib_waits_for_when_it_is_scanned_then_fee_shelf_and_message_come_at_once(
    story: Story,
) -> None:
    """C8, R3, R6, M1: overdue and reserved here, all in one scan."""
    house, anna, ib = story.house, story.house.borrower(), story.office.borrower(sms="20123456")
    thing = house.item()
    loan = await house.lend(thing, anna)
    await story.reserving.reserve(thing, ib)
    story.late(loan, 9)
    back = await house.take_back(thing)
    assert (back.charged.fee_ore, back.shelf, back.is_reserved) == (kr(120), 1, True)
    # Saturday 18 April is told; shelf days are the next seven open ones.
    assert story.reserving.state(ib) == ("readyForPickup", 1, date(2026, 4, 27))
    assert (story.told(ib), await story.owed(anna)) == ([("reservation_ready", "sms", "waiting")], kr(120))


async def test_given_a_book_of_thyholm_when_it_is_returned_in_struer_then_it_is_sent_home_and_lent_from_there(
    story: Story,
) -> None:
    """C8, *Semantics* (item status): belongs elsewhere → transit → home."""
    house, anna = story.house, story.house.borrower()
    thing = house.item(branch=house.other_branch)
    await house.lend(thing, anna)
    assert (await house.take_back(thing)).goes_to == "Thyholm"
    assert house.status(thing) == "in_transit"
    assert (await story.reserving.scan_elsewhere(thing)).goes_to is None
    assert house.status(thing) == "available"


async def test_given_a_reservation_to_be_fetched_in_thyholm_when_it_is_returned_in_struer_then_she_is_told_there(
    story: Story,
) -> None:
    """C8, R6, M1: the borrower is told when it arrives, not when it leaves."""
    house, ib, thing = story.house, story.office.borrower(email="ib@example.dk"), story.house.item()
    await house.lend(thing, house.borrower())
    await story.reserving.reserve(thing, ib, pickup_branch_id=house.other_branch)
    assert (await house.take_back(thing)).goes_to == "Thyholm"
    assert (story.reserving.state(ib), story.told(ib)) == (("inTransit", None, None), [])
    house.clock.forward(days=1)
    assert (await story.reserving.scan_elsewhere(thing)).shelf == 1
    assert story.reserving.state(ib) == ("readyForPickup", 1, date(2026, 3, 19))
    assert story.told(ib) == [("reservation_ready", "email", "waiting")]


async def test_given_a_book_that_was_not_on_loan_when_it_is_scanned_then_whoever_waits_gets_it(story: Story) -> None:
    """C8, R6: found on the shelf after a reservation, it is caught all the same."""
    house, ib, thing = story.house, story.house.borrower(), story.house.item()
    await story.reserving.reserve(thing, ib)
    back = await house.take_back(thing)
    assert (back.loan_id, back.was_status, back.shelf) == (None, "available", 1)
    assert (await house.lend(thing, ib)).fulfilled


async def test_given_a_code_that_nobody_knows_when_it_lies_in_the_pile_then_the_next_book_is_returned(
    story: Story, tmp_path: Path
) -> None:
    """C8: unknown is a line of its own, and holds nothing up."""
    house, thing = story.house, story.house.item()
    await house.lend(thing, house.borrower())
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan("9999999999", thing)
        unknown, returned = (await counter.settled())[-2:]
    assert isinstance(unknown, NotUnderstood)
    assert unknown.problem == "unknown"
    assert isinstance(returned, Returned)
    assert house.open_loans() == {}


async def test_given_a_paid_claim_when_the_book_turns_up_then_what_was_paid_for_it_goes_back_and_the_fee_stays(
    story: Story,
) -> None:
    """C8, R3, M7: a lost item back says what happened to the money."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    story.late(await house.lend(thing, anna), 31)
    await story.night("claims")
    assert (await story.owing.paid(anna)).closed_loans == 1
    assert house.status(thing) == "lost"
    house.clock.forward(days=20)
    back = await house.take_back(thing)
    assert (back.charged.claim_dropped, back.charged.credit_ore) == (True, kr(325))
    assert (await story.owing.paid_out(anna)).amount_ore == kr(325)
    assert [(kind, amount) for _voucher, kind, amount in story.owing.ledger()] == [
        ("payment", kr(555)),
        ("payout", -kr(325)),
    ]


@pytest.mark.parametrize(
    ("due_on", "emptied", "counts_as", "kroner"),
    [
        # Due on Saturday, the box is emptied on Monday morning, also over both changes of summer time.
        (date(2026, 4, 11), (2026, 4, 13, 7, 0), date(2026, 4, 11), 0),
        (date(2026, 3, 28), (2026, 3, 30, 0, 20), date(2026, 3, 28), 0),
        (date(2026, 10, 24), (2026, 10, 26, 0, 20), date(2026, 10, 24), 0),
        # Due on Friday, it may have come on Saturday.
        (date(2026, 4, 10), (2026, 4, 13, 7, 0), date(2026, 4, 11), 20),
        # After Easter: Maundy Thursday to Easter Monday, but Saturday is open.
        (date(2026, 4, 1), (2026, 4, 7, 7, 0), date(2026, 4, 4), 20),
    ],
)
async def test_given_a_book_in_the_drop_box_when_it_is_emptied_then_it_counts_from_the_last_open_day(
    story: Story, due_on: date, emptied: tuple[int, int, int, int, int], counts_as: date, kroner: int
) -> None:
    """C8, R2, *Semantics* (time): never in the future, and nobody pays for the library's closing days."""
    house, anna = story.house, story.house.borrower()
    story.on(date.fromordinal(due_on.toordinal() - 30))
    loan = await house.lend(house.item(), anna)
    assert loan.due_on == due_on
    now = story.at(*emptied)
    back = await house.take_back(story.thing_of(loan), from_drop_box=True)
    assert (back.closed_on, story.house.clock()) == (counts_as, now)
    assert await story.owed(anna) == kr(kroner)


async def test_given_the_box_has_been_emptied_when_somebody_hands_in_a_book_then_it_counts_from_today(
    story: Story, tmp_path: Path
) -> None:
    """C8: the mode is switched on and off, and what is scanned between counts as in the box."""
    house, anna = story.house, story.house.borrower()
    in_box, by_hand = house.item(), house.item()
    for thing in (in_box, by_hand):
        await house.lend(thing, anna)
    story.at(2026, 4, 13)
    async with at_work(house, tmp_path) as counter:
        for step in (TO_RETURN, DROP_BOX):
            await counter.order(step)
        await counter.scan(in_box)
        await counter.order(DROP_BOX)
        await counter.scan(by_hand)
        done = [one.returned for one in await counter.settled() if isinstance(one, Returned)]
    assert [one.closed_on for one in done] == [date(2026, 4, 11), date(2026, 4, 13)]


async def test_given_a_counter_set_up_for_the_wrong_branch_when_five_books_go_elsewhere_then_it_asks_once(
    story: Story, tmp_path: Path
) -> None:
    """C8: the first scans of a day all foreign ask whether the branch is right; nothing waits for the answer."""
    house = story.house
    away = [house.item(branch=house.other_branch) for _number in range(6)]
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(*away)
        await counter.settled()
        assert counter.decision.question is Question.BRANCH
        await counter.answer(Answer.BRANCH_RIGHT)
        assert counter.work.decisions == {}
    assert {house.status(thing) for thing in away} == {"in_transit"}


async def test_given_one_book_read_twice_by_the_scanner_when_it_is_counted_then_it_is_one(
    story: Story, tmp_path: Path
) -> None:
    """C9, C8: the same barcode within 1.5 seconds is one scan."""
    house, anna, thing = story.house, story.house.borrower(), story.house.item()
    await house.lend(thing, anna)
    async with at_work(house, tmp_path) as counter:
        await counter.order(TO_RETURN)
        await counter.scan(thing)
        await counter.scan(thing, after=1.4)
        await counter.settled()
        assert counter.kinds.count("Returned") == 1
        await counter.scan(thing, after=1.6)
        await counter.settled()
        assert counter.kinds.count("Returned") == 2
