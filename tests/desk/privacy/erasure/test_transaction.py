"""The erasing transaction: what goes, what stays, and when it does not take place."""

from __future__ import annotations

import pytest

from db.models import Borrower, DeletionRequest
from desk.errors import NotErasable
from tests.builders import House
from tests.erasing import approved, erase


async def test_whoever_is_erased_is_not_there_any_more(house: House) -> None:
    person = house.borrower(cpr="7705804321")
    other = house.borrower()
    request_id = approved(house, person)
    erased = await erase(house, request_id, person)
    assert erased.counts["borrower"] == 1
    assert house.ids(Borrower) == [other.borrower_id]
    row = house.rows(DeletionRequest.select(DeletionRequest.state, DeletionRequest.borrower))
    assert row == [("erased", None)]


async def test_a_loan_that_came_in_between_stops_it(house: House) -> None:
    person = house.borrower()
    request_id = approved(house, person)
    await house.lend(house.item(), person)
    with pytest.raises(NotErasable) as refused:
        await erase(house, request_id, person)
    assert refused.value.open_loans == 1
    assert person.borrower_id in house.ids(Borrower)
