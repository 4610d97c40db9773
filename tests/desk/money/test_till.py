"""The till (M7): what moved at a counter on a day; counted, signed, and shut."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from desk.errors import InvalidInput, TillIsClosed
from desk.money.till import open_till_days, till_of
from tests.owing import Owing


async def test_the_till_of_a_day_balances_with_what_moved(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    await owing.owes(person, 50_000)
    cash = await owing.paid(person, 10_000)
    await owing.paid(person, 5_000)
    await owing.paid(person, 7_000, method="card")
    await owing.refunded(person, cash)
    await owing.paid(person, 1_000, who=house.who(counter=house.other_counter))
    till = await house.desk.ask(house.who(), till_of, house.counter, date(2026, 3, 10))
    assert till.by_kind == (
        ("payment", "card", 1, 7_000),
        ("payment", "cash", 2, 15_000),
        ("refund", "cash", 1, -10_000),
    )
    assert (till.expected_ore, till.vouchers, till.closed) == (5_000, (1, 4), None)


async def test_counted_money_is_signed_with_its_difference(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    await owing.owes(person, 50_000)
    await owing.paid(person, 12_500)
    closing = await owing.closed_till(12_000, remark="en femmer i gulvet")
    assert (closing.expected_ore, closing.counted_ore, closing.difference_ore) == (12_500, 12_000, -500)
    assert closing.closed_by == "Staff 1"
    till = await house.desk.ask(house.who(), till_of, house.counter, closing.day)
    assert till.closed == closing


async def test_after_closing_no_money_moves_there_that_day_and_whoever_closed_is_named(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    await owing.owes(person, 50_000)
    paid = await owing.paid(person, 1_000)
    await owing.closed_till(1_000)
    for doing in (owing.paid(person, 1_000), owing.refunded(person, paid), owing.closed_till(2_000)):
        with pytest.raises(TillIsClosed) as closed:
            await doing
        assert closed.value.closed_by == "Staff 1"
    # At another counter, and here tomorrow, it does.
    await owing.paid(person, 1_000, who=house.who(counter=house.other_counter))
    house.clock.forward(days=1)
    await owing.paid(person, 1_000)
    assert [voucher for voucher, _kind, _amount in owing.ledger()] == [1, 2, 3]


async def test_a_payment_given_again_after_closing_has_the_answer_it_had(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 50_000)
    command = owing.pay_command(person, 1_000)
    first = await owing.house.desk.do(command)
    await owing.closed_till(1_000)
    assert await owing.house.desk.do(command) == first


async def test_the_day_is_the_librarys_and_not_that_of_utc(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    await owing.owes(person, 50_000)
    house.clock.now = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    await owing.paid(person, 1_000)
    till = await house.desk.ask(house.who(), till_of, house.counter, date(2026, 3, 11))
    assert till.expected_ore == 1_000


async def test_a_day_that_nobody_closed_is_told_of_and_can_be_closed_later(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    await owing.owes(person, 50_000)
    await owing.paid(person, 1_000)
    house.clock.forward(days=2)
    today = date(2026, 3, 12)
    assert await house.desk.ask(house.who(), open_till_days, house.counter, today) == (date(2026, 3, 10),)
    await owing.closed_till(1_000, day=date(2026, 3, 10))
    assert await house.desk.ask(house.who(), open_till_days, house.counter, today) == ()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"counted_ore": -1}, "counted"), ({"counted_ore": 0, "day": date(2026, 3, 10) + timedelta(days=1)}, "day")],
)
async def test_what_cannot_be_meant_is_refused(owing: Owing, values: dict[str, object], field: str) -> None:
    counted = values.pop("counted_ore")
    assert isinstance(counted, int)
    with pytest.raises(InvalidInput) as wrong:
        await owing.closed_till(counted, **values)
    values["counted_ore"] = counted
    assert wrong.value.field == field
