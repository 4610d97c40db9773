"""Paying, waiving, refunding, paying out: what is owed, what moved, and an anonymous ledger that says the same."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

import pytest

from db.models import AccessLog, Fee, LedgerLine
from db.statements import Statement
from db.store import Transaction
from desk.command import Who
from desk.errors import InvalidInput, NotAllowed, NotFound
from desk.money.vouchers import RULES_ROW
from tests.builders import a_house, another_counter
from tests.owing import Owing


async def why_not(doing: Any) -> tuple[str, str]:
    """Give the field and the reason of a value that cannot be meant."""
    with pytest.raises(InvalidInput) as wrong:
        await doing
    return wrong.value.field, wrong.value.why


async def test_all_that_is_owed_is_paid_at_once(owing: Owing) -> None:
    person = owing.house.borrower()
    fees = [await owing.owes(person, amount) for amount in (2_000, 12_000)]
    paid = await owing.paid(person)
    assert (paid.amount_ore, paid.owed_ore, paid.voucher) == (14_000, 0, 1)
    assert owing.parts(paid) == [(fees[0], 2_000), (fees[1], 12_000)]
    assert [outcome for _reason, _amount, outcome in owing.fees(person)] == ["paid", "paid"]


async def test_one_fee_of_several_is_paid(owing: Owing) -> None:
    person = owing.house.borrower()
    _first, second = [await owing.owes(person, amount) for amount in (2_000, 12_000)]
    paid = await owing.paid(person, fee_ids=(second,))
    assert (paid.amount_ore, paid.owed_ore) == (12_000, 2_000)


async def test_a_sum_is_paid_on_the_oldest_first(owing: Owing) -> None:
    person = owing.house.borrower()
    first, second, _third = [await owing.owes(person, amount) for amount in (2_000, 12_000, 5_000)]
    paid = await owing.paid(person, 6_000)
    assert owing.parts(paid) == [(first, 2_000), (second, 4_000)]
    fees = (await owing.balance(person)).fees
    assert [(fee.left_ore, fee.outcome) for fee in fees] == [(8_000, None), (5_000, None), (0, "paid")]


async def test_a_part_payment_does_not_settle(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    await owing.paid(person, 6_000)
    assert owing.house.rows(Fee.select(Fee.paid_ore, Fee.settled_on)) == [(6_000, None)]
    await owing.paid(person, 6_000)
    assert owing.house.value(Fee.select(Fee.settled_on)) is not None


async def test_more_than_is_owed_is_refused_and_nothing_is_written(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    assert await why_not(owing.paid(person, 12_001)) == ("amount", "more_than_owed")
    assert (owing.ledger(), (await owing.balance(person)).owed_ore) == ([], 12_000)


@pytest.mark.parametrize("amount", [0, -1, -12_000])
async def test_nothing_and_less_than_nothing_are_refused(owing: Owing, amount: int) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    assert await why_not(owing.paid(person, amount)) == ("amount", "not_positive")
    assert await why_not(owing.written(person, amount)) == ("amount", "not_positive")
    assert owing.ledger() == []


async def test_who_owes_nothing_pays_nothing(owing: Owing) -> None:
    assert await why_not(owing.paid(owing.house.borrower())) == ("amount", "nothing_owed")


async def test_another_borrowers_fee_cannot_be_paid_or_waived(owing: Owing) -> None:
    one, other = owing.house.borrower(), owing.house.borrower()
    await owing.owes(one, 2_000)
    fee_id = await owing.owes(other, 2_000)
    for doing in (owing.paid(one, fee_ids=(fee_id,)), owing.waived(one, fee_id)):
        with pytest.raises(NotFound):
            await doing


async def test_cash_that_is_handed_over_gives_change(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    assert await why_not(owing.paid(person, tendered_ore=10_000)) == ("tendered", "too_little")
    assert await why_not(owing.paid(person, tendered_ore=20_000, method="card")) == ("tendered", "not_cash")
    assert (await owing.paid(person, tendered_ore=20_000)).change_ore == 8_000


async def test_mobilepay_has_a_reference(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    assert await why_not(owing.paid(person, method="mobilepay")) == ("reference", "missing")
    assert await why_not(owing.paid(person, method="musling")) == ("method", "unknown")
    assert (await owing.paid(person, method="mobilepay", reference="MP 4711")).amount_ore == 12_000


async def test_a_payment_sent_twice_is_taken_once_and_answered_the_same(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    command = owing.pay_command(person, 12_000, tendered_ore=20_000)
    first, again = await owing.house.desk.do(command), await owing.house.desk.do(command)
    assert first == again
    assert owing.ledger() == [(1, "payment", 12_000)]


async def test_the_same_money_taken_at_two_counters_at_once_is_taken_once(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    await owing.owes(person, 12_000)
    with ExitStack() as opened:
        desks = [opened.enter_context(another_counter(house)) for _ in range(4)]
        doing = [desk.do(owing.pay_command(person, 12_000)) for desk in desks]
        answers = await asyncio.gather(*doing, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, InvalidInput)]
    assert len(refused) == 3
    assert owing.ledger() == [(1, "payment", 12_000)]
    assert house.value(Fee.select(Fee.paid_ore)) == 12_000


async def pay_at_many_counters(owing: Owing, counters: int) -> list[Any]:
    """Take as many borrowers' money at as many counters at the same moment."""
    house = owing.house
    people = [house.borrower() for _ in range(counters)]
    for person in people:
        await owing.owes(person, 2_000)
    with ExitStack() as opened:
        desks = [opened.enter_context(another_counter(house)) for _ in people]
        doing = [desk.do(owing.pay_command(person)) for desk, person in zip(desks, people, strict=True)]
        return await asyncio.gather(*doing, return_exceptions=True)


async def test_voucher_numbers_run_without_gaps_at_twelve_counters_at_once(owing: Owing) -> None:
    answers = await pay_at_many_counters(owing, 12)
    assert sorted(answer.voucher for answer in answers) == list(range(1, 13))
    assert [voucher for voucher, _kind, _amount in owing.ledger()] == list(range(1, 13))


async def test_without_the_ledgers_lock_twelve_counters_draw_the_same_numbers(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Transaction.lock

    def all_but_the_ledgers(transaction: Transaction, statement: Statement, **values: Any) -> None:
        if statement is not RULES_ROW:
            lock(transaction, statement, **values)

    monkeypatch.setattr(Transaction, "lock", all_but_the_ledgers)
    with a_house(postgres_url) as house:
        for _attempt in range(10):
            if any(isinstance(answer, Exception) for answer in await pay_at_many_counters(Owing(house), 12)):
                return
    pytest.fail("the numbers held without the lock, so the test of the numbers proves nothing")


async def test_a_payment_that_is_refused_leaves_no_gap_in_the_vouchers(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    await owing.paid(person, 1_000)
    await why_not(owing.paid(person, 99_000))
    await owing.paid(person, 1_000)
    assert [voucher for voucher, _kind, _amount in owing.ledger()] == [1, 2]


# Waiving, refunding, paying out


async def test_waiving_takes_a_supervisor_and_a_reason(owing: Owing) -> None:
    person = owing.house.borrower()
    fee_id = await owing.owes(person, 12_000)
    with pytest.raises(NotAllowed):
        await owing.waived(person, fee_id, who=owing.house.who("staff"))
    assert await why_not(owing.waived(person, fee_id, reason=" ")) == ("reason", "missing")
    await owing.waived(person, fee_id, reason="sygdom")
    fee = (await owing.balance(person)).fees[0]
    assert (fee.outcome, fee.settle_reason, fee.left_ore) == ("waived", "sygdom", 0)
    assert owing.ledger() == []


async def test_what_is_settled_cannot_be_waived(owing: Owing) -> None:
    person = owing.house.borrower()
    fee_id = await owing.owes(person, 12_000)
    await owing.paid(person)
    with pytest.raises(NotFound):
        await owing.waived(person, fee_id)


async def test_a_payment_given_back_leaves_its_fees_unpaid_again(owing: Owing) -> None:
    person = owing.house.borrower()
    for amount in (2_000, 12_000):
        await owing.owes(person, amount)
    paid = await owing.paid(person)
    back = await owing.refunded(person, paid)
    assert (back.voucher, back.owed_ore) == (2, 14_000)
    assert owing.ledger() == [(1, "payment", 14_000), (2, "refund", -14_000)]
    assert [outcome for _reason, _amount, outcome in owing.fees(person)] == [None, None]
    payments = (await owing.balance(person)).payments
    assert [(payment.kind, payment.is_refunded) for payment in payments] == [("refund", False), ("payment", True)]


async def test_a_payment_is_given_back_once_and_only_by_a_supervisor(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    paid = await owing.paid(person)
    with pytest.raises(NotAllowed):
        await owing.refunded(person, paid, who=owing.house.who("staff"))
    await owing.refunded(person, paid)
    assert await why_not(owing.refunded(person, paid)) == ("payment", "refunded")
    assert len(owing.ledger()) == 2


async def test_credit_is_paid_out_once(owing: Owing) -> None:
    person = owing.house.borrower()
    thing, loan_id = owing.lent(person)
    claim = await owing.claimed(loan_id)
    paid = await owing.paid(person, 10_000, fee_ids=(claim.fee_id,))
    await owing.returned(thing, 40)
    out = await owing.paid_out(person)
    assert (out.amount_ore, owing.ledger()[-1]) == (10_000, (2, "payout", -10_000))
    assert (await owing.balance(person)).credit_ore == 0
    assert await why_not(owing.paid_out(person)) == ("credit", "none")
    # The money has gone out: the payment it came from cannot be given back on top.
    assert await why_not(owing.refunded(person, paid)) == ("payment", "paid_out")


async def test_a_refund_of_what_was_paid_on_a_dropped_claim_takes_the_credit_with_it(owing: Owing) -> None:
    person = owing.house.borrower()
    thing, loan_id = owing.lent(person)
    claim = await owing.claimed(loan_id)
    paid = await owing.paid(person, 10_000, fee_ids=(claim.fee_id,))
    await owing.returned(thing, 40)
    await owing.refunded(person, paid)
    balance = await owing.balance(person)
    assert (balance.credit_ore, balance.owed_ore) == (0, 23_000)


# What is left of it in the books


async def test_the_ledger_names_nobody(owing: Owing) -> None:
    columns = {field.column_name for field in LedgerLine._meta.sorted_fields}
    assert columns == {"voucher", "day", "counter_id", "kind", "method", "amount_ore"}


async def test_every_change_of_a_balance_stands_in_the_access_log(owing: Owing) -> None:
    person = owing.house.borrower()
    first, _second = [await owing.owes(person, amount) for amount in (2_000, 12_000)]
    await owing.refunded(person, await owing.paid(person, 1_000))
    await owing.waived(person, first)
    rows = owing.house.rows(AccessLog.select(AccessLog.action, AccessLog.revealed).order_by(AccessLog.number))
    assert rows == [
        ("charge", "balance"),
        ("charge", "balance"),
        ("pay", "balance payments"),
        ("pay", "balance payments"),
        ("pay", "balance"),
    ]


async def test_money_is_taken_at_a_counter(owing: Owing) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 2_000)
    nowhere = Who(owing.house.staff["staff"])
    assert await why_not(owing.paid(person, who=nowhere)) == ("counter", "missing")
