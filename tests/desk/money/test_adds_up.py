"""Whatever is charged, paid, waived, given back and returned in whatever order: the books say the same (Hypothesis)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.models import Fee, LedgerLine, Payment, PaymentPart
from desk.command import INSTALLATION
from desk.errors import DeskError
from desk.money.records import PaymentRecord
from desk.registry.checking import store_check
from tests.builders import House, Person
from tests.owing import Owing

STEPS = st.one_of(
    st.tuples(st.just("lend"), st.integers(0, 40)),
    st.tuples(st.just("return"), st.integers(0, 9)),
    st.tuples(st.just("claim"), st.integers(0, 9)),
    st.tuples(st.just("write"), st.integers(1, 30_000)),
    st.tuples(st.just("pay"), st.integers(-1, 40_000)),
    st.tuples(st.just("pay all"), st.just(0)),
    st.tuples(st.just("waive"), st.integers(0, 9)),
    st.tuples(st.just("refund"), st.integers(0, 9)),
    st.tuples(st.just("pay out"), st.just(0)),
    st.tuples(st.just("a day"), st.integers(1, 40)),
)


@dataclass
class Till:
    """One borrower's dealings."""

    owing: Owing
    person: Person

    def __post_init__(self) -> None:
        self.out: list[tuple[Any, int]] = []
        self.taken: list[PaymentRecord] = []

    async def do(self, step: str, number: int) -> None:
        """Do a step, as far as there is anything to do it with; what is refused changes nothing."""
        try:
            await self._do(step, number)
        except DeskError:
            return

    async def _do(self, step: str, number: int) -> None:
        owing, person, house = self.owing, self.person, self.owing.house
        fees = (await owing.balance(person)).fees
        match step:
            case "lend":
                due_on = date.fromordinal(house.clock().date().toordinal() - number)
                self.out.append(owing.lent(person, due_on=due_on))
            case "return" if self.out:
                await house.take_back(self.out[number % len(self.out)][0])
            case "claim" if self.out:
                command = owing.claim_command(self.out[number % len(self.out)][1])
                await house.desk.do(command)
            case "write":
                await owing.owes(person, number)
            case "pay":
                self.taken.append(await owing.paid(person, number))
            case "pay all":
                self.taken.append(await owing.paid(person))
            case "waive" if fees:
                await owing.waived(person, fees[number % len(fees)].fee_id)
            case "refund" if self.taken:
                await owing.refunded(person, self.taken[number % len(self.taken)])
            case "pay out":
                await owing.paid_out(person)
            case "a day":
                house.clock.forward(days=number)
            case _:
                pass


@settings(max_examples=25)
@given(steps=st.lists(STEPS, max_size=25))
def test_the_ledger_is_what_was_paid_less_what_went_back_and_no_fee_is_below_zero(
    house: House, steps: list[tuple[str, int]]
) -> None:
    async def run() -> None:
        till = Till(Owing(house), house.borrower())
        for step, number in steps:
            await till.do(step, number)
        checked = await house.desk.ask(INSTALLATION, store_check, house.clock().date())
        assert [finding.what for finding in checked.errors] == []
        balance = await till.owing.balance(till.person)
        assert all(fee.left_ore >= 0 and fee.credit_ore >= 0 and fee.paid_ore <= fee.amount_ore for fee in balance.fees)
        moved = {"payment": 1, "refund": -1, "payout": -1}
        payments = house.rows(Payment.select(Payment.kind, Payment.amount_ore))
        ledger = [row[0] for row in house.rows(LedgerLine.select(LedgerLine.amount_ore))]
        assert sum(ledger) == sum(moved[kind] * amount for kind, amount in payments)
        kept = house.rows(Fee.select(Fee.paid_ore, Fee.refunded_ore))
        assert sum(ledger) == sum(paid - refunded for paid, refunded in kept)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (Fee.update(paid_ore=1), "money_fee"),
        (LedgerLine.update(amount_ore=1), "money_payment"),
        (LedgerLine.update(voucher=7).where(LedgerLine.voucher == 1), "money_vouchers"),
        (PaymentPart.update(amount_ore=99_000), "money_parts"),
    ],
)
async def test_desk_check_finds_what_does_not_add_up(owing: Owing, broken: Any, what: str) -> None:
    person = owing.house.borrower()
    await owing.owes(person, 12_000)
    await owing.paid(person, 5_000)
    assert await found(owing) == set()
    owing.house.put(broken)
    assert what in await found(owing)


async def test_desk_check_finds_a_loan_that_is_open_though_its_claim_is_settled(owing: Owing) -> None:
    person = owing.house.borrower()
    claim = await owing.claimed(owing.lent(person)[1])
    owing.house.put(Fee.update(settled_on=date(2026, 4, 2), outcome="waived").where(Fee.id == claim.fee_id))
    assert await found(owing) == {"money_claim"}


async def found(owing: Owing) -> set[str]:
    """Give what desk check finds wrong."""
    checked = await owing.house.desk.ask(INSTALLATION, store_check, date(2026, 3, 10))
    return {finding.what for finding in checked.errors}
