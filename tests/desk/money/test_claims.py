"""Replacement claims (R3): from day 31, dropped by a return, settled by paying; a lost item that comes back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from db.models import Message
from desk.command import INSTALLATION
from desk.errors import InvalidInput, NotFound, Refused
from desk.money.claiming import loans_to_claim
from desk.money.records import ToClaim
from tests.owing import DUE, Owing, at_noon


async def test_on_day_31_the_fee_and_the_replacement_are_claimed_and_billed_together(owing: Owing) -> None:
    person = owing.house.borrower()
    _thing, loan_id = owing.lent(person)
    with pytest.raises(InvalidInput):
        await owing.claimed(loan_id, 30)
    assert owing.fees(person) == []
    claim = await owing.claimed(loan_id, 31)
    assert owing.fees(person) == [("overdue", 23_000, None), ("claim", 32_500, None)]
    assert owing.told("bill") == [f"bill:{claim.fee_id}:2026-04-02"]
    facts = owing.house.value(Message.select(Message.facts).where(Message.kind == "bill"))
    assert json.loads(facts)["amount_ore"] == 55_500


async def test_six_loans_claimed_in_one_night_are_one_bill(owing: Owing) -> None:
    person = owing.house.borrower()
    together = owing.occasion(person)
    loans = [owing.lent(person, occasion=together)[1] for _ in range(6)]
    owing.house.clock.now = at_noon(DUE + timedelta(days=31))
    done = await owing.house.desk.do(owing.claim_command(*loans))
    assert [claim.loan_id for claim in done.claims] == loans
    # One overdue fee for the occasion, and six replacements.
    assert owing.amounts(person) == [23_000] + [32_500] * 6
    assert owing.told("bill") == [f"bill:{done.claims[0].fee_id}:2026-04-02"]
    facts = json.loads(owing.house.value(Message.select(Message.facts).where(Message.kind == "bill")))
    assert (facts["loans"], facts["amount_ore"]) == (6, 23_000 + 6 * 32_500)
    assert owing.told("block") == [f"block:{done.claims[-1].fee_id}:2026-04-02"]


async def test_what_came_back_while_the_night_went_on_is_not_on_the_bill(owing: Owing) -> None:
    person = owing.house.borrower()
    (thing, returned), (_thing, kept) = owing.lent(person), owing.lent(person)
    await owing.returned(thing, 31)
    done = await owing.house.desk.do(owing.claim_command(returned, kept))
    assert [claim.loan_id for claim in done.claims] == [kept]
    facts = json.loads(owing.house.value(Message.select(Message.facts).where(Message.kind == "bill")))
    assert facts["loans"] == 1


async def test_two_borrowers_are_never_on_one_bill(owing: Owing) -> None:
    loans = [owing.lent(owing.house.borrower())[1] for _ in range(2)]
    owing.house.clock.now = at_noon(DUE + timedelta(days=31))
    with pytest.raises(InvalidInput):
        await owing.house.desk.do(owing.claim_command(*loans))
    assert owing.told("bill") == []


async def test_the_items_own_price_is_claimed_where_it_is_known(owing: Owing) -> None:
    person = owing.house.borrower()
    claim = await owing.claimed(owing.lent(person, price_ore=19_950)[1])
    assert claim.compensation_ore == 19_950 + 7_500


async def test_a_loan_is_claimed_once(owing: Owing) -> None:
    person = owing.house.borrower()
    _thing, loan_id = owing.lent(person)
    await owing.claimed(loan_id)
    with pytest.raises(InvalidInput):
        await owing.claimed(loan_id, 32)
    assert len(owing.fees(person)) == 2


async def test_the_nightly_run_is_given_what_is_due_and_nothing_else(owing: Owing) -> None:
    house = owing.house
    late, school = house.borrower(), house.borrower(group="institution")
    wanted = [owing.lent(late)[1] for _ in range(3)]
    owing.lent(late, due_on=DUE + timedelta(days=1))
    owing.lent(school)
    today = DUE + timedelta(days=31)
    other = house.borrower()
    others = owing.lent(other)[1]
    ask = house.desk.ask
    assert await ask(INSTALLATION, loans_to_claim, today, 0, 1) == (ToClaim(late.borrower_id, tuple(wanted)),)
    await owing.claimed(wanted[0])
    assert await ask(INSTALLATION, loans_to_claim, today, 0, 9) == (
        ToClaim(late.borrower_id, tuple(wanted[1:])),
        ToClaim(other.borrower_id, (others,)),
    )
    assert await ask(INSTALLATION, loans_to_claim, today, late.borrower_id, 9) == (
        ToClaim(other.borrower_id, (others,)),
    )
    with pytest.raises(InvalidInput):
        await owing.claimed(owing.lent(school)[1], 60)


async def test_returning_drops_the_claim_and_the_fee_stays(owing: Owing) -> None:
    person = owing.house.borrower()
    thing, loan_id = owing.lent(person)
    await owing.claimed(loan_id)
    returned = await owing.returned(thing, 40)
    assert (returned.charged.claim_dropped, returned.charged.credit_ore) == (True, 0)
    assert owing.fees(person) == [("overdue", 23_000, None), ("claim", 32_500, "cancelled")]
    assert (await owing.balance(person)).owed_ore == 23_000


async def test_what_was_paid_of_a_claim_that_is_dropped_is_owed_back(owing: Owing) -> None:
    person = owing.house.borrower()
    thing, loan_id = owing.lent(person)
    claim = await owing.claimed(loan_id)
    await owing.paid(person, 10_000, fee_ids=(claim.fee_id,))
    returned = await owing.returned(thing, 40)
    assert returned.charged.credit_ore == 10_000
    balance = await owing.balance(person)
    assert (balance.owed_ore, balance.credit_ore) == (23_000, 10_000)


async def test_a_claim_paid_whole_closes_the_loan_that_day_and_the_item_is_lost(owing: Owing) -> None:
    person = owing.house.borrower()
    _thing, loan_id = owing.lent(person)
    claim = await owing.claimed(loan_id)
    half = await owing.paid(person, 20_000, fee_ids=(claim.fee_id,))
    assert (half.closed_loans, owing.loan(loan_id)) == (0, (None, "on_loan"))
    owing.house.clock.forward(days=3)
    paid = await owing.paid(person, fee_ids=(claim.fee_id,))
    assert paid.closed_loans == 1
    assert owing.loan(loan_id) == (DUE + timedelta(days=34), "lost")
    assert owing.house.open_loans() == {}


async def test_a_claim_that_is_waived_closes_the_loan_too(owing: Owing) -> None:
    person = owing.house.borrower()
    _thing, loan_id = owing.lent(person)
    claim = await owing.claimed(loan_id)
    await owing.waived(person, claim.fee_id)
    assert owing.loan(loan_id) == (DUE + timedelta(days=31), "lost")


async def test_a_lost_item_that_comes_back_says_what_is_owed_to_the_borrower(owing: Owing) -> None:
    person = owing.house.borrower()
    thing, loan_id = owing.lent(person)
    claim = await owing.claimed(loan_id)
    await owing.paid(person, fee_ids=(claim.fee_id,))
    returned = await owing.returned(thing, 50)
    assert (returned.was_status, returned.charged.credit_ore) == ("lost", 32_500)
    assert owing.house.status(thing) == "available"
    assert (await owing.balance(person)).credit_ore == 32_500
    # Taken in once more, there is nothing to say.
    assert not (await owing.returned(thing, 50)).charged


async def test_an_item_that_was_lost_without_a_claim_says_nothing_of_money(owing: Owing) -> None:
    thing = owing.house.item(status="lost")
    assert not (await owing.returned(thing, 5)).charged


async def test_a_claimed_loan_is_not_renewed(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    loan = await house.lend(house.item(), person)
    await owing.claimed(loan.loan_id, due_on=loan.due_on)
    await owing.paid(person, 23_000)
    await owing.paid(person, 20_000)
    with pytest.raises(Refused) as denied:
        await house.renew(loan, person)
    assert denied.value.codes == ("deniedOtherReason",)


async def test_a_loan_that_is_closed_is_not_claimed(owing: Owing) -> None:
    thing, loan_id = owing.lent(owing.house.borrower())
    await owing.returned(thing, 3)
    with pytest.raises(NotFound):
        await owing.claimed(loan_id)


async def test_a_claim_sent_twice_is_made_once(owing: Owing) -> None:
    person = owing.house.borrower()
    _thing, loan_id = owing.lent(person)
    owing.house.clock.now = at_noon(DUE + timedelta(days=31))
    command = owing.claim_command(loan_id)
    assert await owing.house.desk.do(command) == await owing.house.desk.do(command)
    assert len(owing.fees(person)) == 2
