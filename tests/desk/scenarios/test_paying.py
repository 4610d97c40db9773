"""Scenarios of money at the counter: paid, in part, waived, given back, counted in the evening."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from db.models import LedgerLine
from desk.errors import InvalidInput, NotAllowed, TillIsClosed
from desk.money.till import open_till_days, till_of
from tests.builders import another_counter
from tests.desk.scenarios.telling import Story, kr


async def test_given_three_fees_when_150_kr_are_paid_with_a_note_of_200_then_the_oldest_are_paid_and_50_go_back(
    story: Story,
) -> None:
    """M7, R4: a part goes on the oldest first, each whole before the next."""
    anna = story.house.borrower()
    for amount in (100, 80, 60):
        await story.owing.owes(anna, kr(amount))
        story.house.clock.forward(days=1)
    paid = await story.owing.paid(anna, kr(150), tendered_ore=kr(200))
    assert (paid.change_ore, paid.owed_ore, paid.voucher) == (kr(50), kr(90), 1)
    balance = await story.owing.balance(anna)
    assert [(fee.left_ore, fee.outcome) for fee in balance.fees] == [(kr(30), None), (kr(60), None), (0, "paid")]
    assert story.owing.ledger() == [(1, "payment", kr(150))]


async def test_given_two_fees_when_only_the_newer_is_paid_then_the_older_stays(story: Story) -> None:
    """M7: one, several or all, by name."""
    anna = story.house.borrower()
    older, newer = await story.owing.owes(anna, kr(100)), await story.owing.owes(anna, kr(50))
    await story.owing.paid(anna, fee_ids=(newer,), method="card")
    balance = await story.owing.balance(anna)
    assert [(fee.fee_id, fee.left_ore) for fee in balance.fees] == [(older, kr(100)), (newer, 0)]


@pytest.mark.parametrize(
    ("amount", "more", "why"),
    [
        (300, {}, ("amount", "more_than_owed")),
        (0, {}, ("amount", "not_positive")),
        (-20, {}, ("amount", "not_positive")),
        (100, {"method": "mobilepay"}, ("reference", "missing")),
        (100, {"method": "check"}, ("method", "unknown")),
        (100, {"tendered_ore": 5_000}, ("tendered", "too_little")),
    ],
)
async def test_given_230_kr_owed_when_a_payment_cannot_be_meant_then_it_says_why_and_no_money_moves(
    story: Story, amount: int, more: dict[str, object], why: tuple[str, str]
) -> None:
    """M7: nothing half-written, and the till is as before."""
    anna = story.house.borrower()
    await story.owing.owes(anna, kr(230))
    with pytest.raises(InvalidInput) as refused:
        await story.owing.paid(anna, kr(amount), **more)
    assert (refused.value.field, refused.value.why) == why
    assert (await story.owed(anna), story.owing.ledger(), story.owing.payments()) == (kr(230), [], [])
    await story.owing.paid(anna, method="mobilepay", reference="MP-17")
    assert await story.owed(anna) == 0


async def test_given_a_payment_sent_twice_when_the_answer_was_lost_then_it_is_paid_once_and_answered_the_same(
    story: Story,
) -> None:
    """M7, R7: the same command pays once, on this counter and on another."""
    house, anna = story.house, story.house.borrower()
    await story.owing.owes(anna, kr(230))
    command = story.owing.pay_command(anna, kr(100), tendered_ore=kr(200))
    with another_counter(house) as elsewhere:
        one, two = await asyncio.gather(house.desk.do(command), elsewhere.do(command))
    assert one == two == await house.desk.do(command)
    assert (await story.owed(anna), story.owing.ledger()) == (kr(130), [(1, "payment", kr(100))])


async def test_given_a_fee_paid_at_two_counters_at_once_when_both_have_the_money_then_one_gives_it_back(
    story: Story,
) -> None:
    """M7, R7: of two payments of the same debt exactly one is taken."""
    house, anna = story.house, story.house.borrower()
    await story.owing.owes(anna, kr(230))
    payments = [story.owing.pay_command(anna), story.owing.pay_command(anna)]
    with another_counter(house) as elsewhere:
        done = await asyncio.gather(house.desk.do(payments[0]), elsewhere.do(payments[1]), return_exceptions=True)
    (refused,) = [one for one in done if isinstance(one, InvalidInput)]
    assert (refused.field, refused.why) == ("amount", "nothing_owed")
    assert story.owing.ledger() == [(1, "payment", kr(230))]


async def test_given_a_fee_when_a_supervisor_waives_it_then_it_is_settled_with_the_reason_and_staff_may_not(
    story: Story,
) -> None:
    """R3, *Semantics* (roles): waived takes the right and a reason; what was paid of it stays paid."""
    house, anna = story.house, story.house.borrower()
    fee = await story.owing.owes(anna, kr(120))
    await story.owing.paid(anna, kr(20))
    with pytest.raises(NotAllowed):
        await story.owing.waived(anna, fee, who=house.who())
    with pytest.raises(InvalidInput):
        await story.owing.waived(anna, fee, reason=" ")
    await story.owing.waived(anna, fee, reason="syg")
    (settled,) = (await story.owing.balance(anna)).fees
    assert (settled.outcome, settled.settle_reason, settled.left_ore) == ("waived", "syg", 0)
    assert story.owing.ledger() == [(1, "payment", kr(20))]


async def test_given_the_wrong_one_paid_when_a_supervisor_gives_it_back_then_it_is_owed_again_and_once_only(
    story: Story,
) -> None:
    """M7: refunded the way it was paid; the ledger says both."""
    anna = story.house.borrower()
    await story.owing.owes(anna, kr(230))
    paid = await story.owing.paid(anna, method="card")
    await story.owing.refunded(anna, paid)
    assert await story.owed(anna) == kr(230)
    with pytest.raises(InvalidInput) as refused:
        await story.owing.refunded(anna, paid)
    assert refused.value.why == "refunded"
    assert await story.house.refusals(story.house.item(), anna) == ("block_E",)
    assert story.owing.ledger() == [(1, "payment", kr(230)), (2, "refund", -kr(230))]


async def test_given_a_day_at_the_till_when_it_is_counted_then_the_difference_is_said_and_nothing_moves_after(
    story: Story,
) -> None:
    """M7: closed per counter and day: counted, difference, signed; the other counter goes on, and so does tomorrow."""
    house, anna = story.house, story.house.borrower()
    await story.owing.owes(anna, kr(500))
    for amount, method in ((100, "cash"), (120, "card"), (30, "cash")):
        paid = await story.owing.paid(anna, kr(amount), method=method)
    await story.owing.refunded(anna, paid)
    day = await house.desk.ask(house.who(), till_of, house.counter, story.today)
    assert (day.expected_ore, day.vouchers, day.closed) == (kr(100), (1, 4), None)
    closed = await story.owing.closed_till(kr(95), remark="5 kr. i gulvet")
    assert (closed.expected_ore, closed.difference_ore) == (kr(100), -kr(5))
    with pytest.raises(TillIsClosed):
        await story.owing.paid(anna, kr(10))
    await story.owing.paid(anna, kr(10), who=house.who(counter=house.other_counter))
    house.clock.forward(days=1)
    await story.owing.paid(anna, kr(10))
    assert await house.desk.ask(house.who(), open_till_days, house.counter, story.today) == ()


async def test_given_money_near_midnight_when_the_tills_are_counted_then_each_lies_in_its_local_day(
    story: Story,
) -> None:
    """M7, *Semantics* (time): on the night the clocks go back as on any other."""
    house, anna = story.house, story.house.borrower()
    await story.owing.owes(anna, kr(100))
    for hour, minute, day in ((23, 59, 24), (0, 30, 25), (23, 30, 25)):
        story.at(2026, 10, day, hour, minute)
        await story.owing.paid(anna, kr(10))
    story.at(2026, 10, 26)
    assert await house.desk.ask(house.who(), open_till_days, house.counter, story.today) == (
        date(2026, 10, 25),
        date(2026, 10, 24),
    )
    sunday = await house.desk.ask(house.who(), till_of, house.counter, date(2026, 10, 25))
    assert sunday.expected_ore == kr(20)


async def test_given_a_settled_fee_when_it_is_looked_at_then_it_says_when_it_goes_and_the_ledger_names_nobody(
    story: Story,
) -> None:
    """P5: thirty days after it was settled, not after it was charged; part payment settles nothing."""
    anna = story.house.borrower()
    await story.owing.owes(anna, kr(100))
    story.at(2026, 4, 1)
    await story.owing.paid(anna, kr(40))
    assert (await story.owing.balance(anna)).fees[0].settled_on is None
    story.at(2026, 4, 10)
    await story.owing.paid(anna)
    (fee,) = (await story.owing.balance(anna)).fees
    assert fee.settled_on == date(2026, 4, 10)
    assert fee.goes == date(2026, 5, 10)
    columns = {field.name for field in LedgerLine._meta.sorted_fields}
    assert columns == {"voucher", "day", "counter", "kind", "method", "amount_ore"}
