"""What the schema itself refuses, whoever writes: the last guard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from peewee import IntegrityError, Query

from db.models import Branch, CommandRecord, Item, Loan, LoanOccasion, Staff
from db.store import Transaction
from tests.builders import House

LOAN_COLUMNS = "item_id, borrower_id, occasion_id, lent_at, due_on, due_reason, renewals"


def refused(house: House, query: Query) -> None:
    """Write past the desk what the schema must refuse."""
    with pytest.raises(IntegrityError):
        house.put(query)


def loan(house: House) -> dict[str, Any]:
    """Values of an open loan."""
    person = house.borrower()
    due = date(2026, 4, 9)
    occasion = house.put(LoanOccasion.insert(borrower=person.borrower_id, visit="v", due_on=due))
    return {
        "item": house.item().item_id,
        "borrower": person.borrower_id,
        "occasion": occasion,
        "lent_at": house.clock(),
        "due_on": due,
    }


def test_one_item_cannot_be_lent_twice_by_anybody(house: House) -> None:
    values = loan(house)
    first = house.put(Loan.insert(**values))
    refused(house, Loan.insert(**values))
    with pytest.raises(IntegrityError):
        house.store.write_here(
            lambda transaction: transaction.run_many(
                f"INSERT INTO loan ({LOAN_COLUMNS}) SELECT {LOAN_COLUMNS} FROM loan WHERE id = ?",  # noqa: S608
                [(first,)],
            )
        )
    house.put(Loan.update(returned_at=house.clock(), closed_on=date(2026, 3, 10)).where(Loan.id == first))
    house.put(Loan.insert(**values))


def test_a_command_is_on_record_once(house: House) -> None:
    record = {"command_id": "once", "kind": "Return", "done_at": house.clock()}
    house.put(CommandRecord.insert(**record))
    refused(house, CommandRecord.insert(**record))


def test_what_cannot_be_is_refused_by_the_schema(house: House) -> None:
    values = loan(house)
    loan_id = house.put(Loan.insert(**values))
    refused(house, Loan.update(returned_at=house.clock()).where(Loan.id == loan_id))
    refused(house, Item.update(status="borrowed"))
    refused(house, Staff.update(role="chef"))
    refused(house, Item.update(branch=999))
    refused(house, Branch.insert(name="Struer", isil="9"))


def test_what_fails_half_way_is_not_there_at_all(house: House) -> None:
    def work(transaction: Transaction) -> None:
        transaction.run(Branch.insert(name="Ny", isil="1"))
        transaction.after_commit.append(lambda: pytest.fail("nothing was saved"))
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        house.store.write_here(work)
    assert len(house.ids(Branch)) == 2


def test_what_waits_for_the_commit_comes_after_it(house: House) -> None:
    seen: list[int] = []

    def work(transaction: Transaction) -> None:
        transaction.run(Branch.insert(name="Ny", isil="1"))
        transaction.after_commit.append(lambda: seen.append(len(house.ids(Branch))))

    house.store.write_here(work)
    assert seen == [3]
