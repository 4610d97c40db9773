"""Undo (C9) takes the money back too: fees as they were before, also those that were only joined or dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.models import AccessLog
from desk.errors import Refused
from tests.desk.circulation.test_undoing import undo
from tests.dump import dump
from tests.owing import Owing, at_noon


async def test_a_late_return_that_is_undone_leaves_no_fee_and_no_block_notice(owing: Owing) -> None:
    thing, _loan = owing.lent(owing.house.borrower())
    before = dump(owing.house)
    returned = await owing.returned(thing, 40)
    assert owing.told("block")
    await undo(owing.house, returned)
    assert dump(owing.house) == before


async def test_of_two_returned_together_the_last_is_undone_and_the_fee_stays_with_the_first(owing: Owing) -> None:
    person = owing.house.borrower()
    occasion = owing.occasion(person)
    first, second = (owing.lent(person, occasion=occasion)[0] for _ in range(2))
    await owing.returned(first, 9)
    before = dump(owing.house)
    owing.house.clock.forward(minutes=1)
    await undo(owing.house, await owing.house.take_back(second))
    assert dump(owing.house) == before


async def test_a_return_is_not_undone_whose_fee_holds_for_another_material_by_now(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    occasion = owing.occasion(person)
    first, second = (owing.lent(person, occasion=occasion)[0] for _ in range(2))
    returned = await owing.returned(first, 9)
    house.clock.forward(minutes=1)
    await house.take_back(second)
    with pytest.raises(Refused) as refused:
        await undo(house, returned)
    assert refused.value.codes == ("changed_since",)
    assert owing.amounts(person) == [12_000]


async def test_a_return_is_not_undone_once_its_fee_has_been_paid(owing: Owing) -> None:
    person = owing.house.borrower()
    returned = await owing.returned(owing.lent(person)[0], 9)
    await owing.paid(person, 1_000)
    with pytest.raises(Refused):
        await undo(owing.house, returned)


async def test_a_claim_that_a_return_dropped_stands_again(owing: Owing) -> None:
    thing, loan_id = owing.lent(owing.house.borrower())
    await owing.claimed(loan_id)
    before = dump(owing.house)
    await undo(owing.house, await owing.returned(thing, 40))
    assert dump(owing.house) == before


async def test_a_renewal_that_is_undone_takes_its_fee_back(owing: Owing) -> None:
    house, person = owing.house, owing.house.borrower()
    loan = await house.lend(house.item(), person)
    house.clock.now = at_noon(loan.due_on + timedelta(days=8))
    before = dump(house)
    await undo(house, await house.renew(loan, person), borrower_id=person.borrower_id)
    assert dump(house) == before


def noted(owing: Owing) -> list[tuple[str, str]]:
    """Give action and items of every row of the log."""
    return [
        (action, revealed)
        for action, revealed in owing.house.rows(
            AccessLog.select(AccessLog.action, AccessLog.revealed).order_by(AccessLog.number)
        )
    ]


async def test_a_return_with_a_fee_that_is_undone_is_noted_as_the_fee_was(owing: Owing) -> None:
    person = owing.house.borrower()
    late, _loan = owing.lent(person)
    await undo(owing.house, await owing.returned(late, 3))
    assert noted(owing) == [("charge", "balance"), ("undo", "balance")]


async def test_a_return_in_time_that_is_undone_looked_at_nobody(owing: Owing) -> None:
    thing, _loan = owing.lent(owing.house.borrower())
    await undo(owing.house, await owing.returned(thing, 0))
    assert noted(owing) == []
