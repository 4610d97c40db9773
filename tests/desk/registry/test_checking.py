"""What ``desk check`` finds, each made by hand behind the rules' back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from db.models import CalendarDay, CommandRecord, Item, Library, Loan, LoanOccasion, Staff
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.errors import NotAllowed
from desk.registry.checking import StoreCheck, store_check
from tests.builders import House


async def check(house: House) -> StoreCheck:
    return await house.desk.ask(INSTALLATION, store_check, local_date(house.clock()))


async def lent(house: House) -> int:
    """Lend one item; gives its id."""
    thing = house.item()
    await house.lend(thing, house.borrower())
    return thing.item_id


async def test_a_store_that_was_only_worked_in_is_whole(house: House) -> None:
    person, thing = house.borrower(), house.item()
    loan = await house.lend(thing, person)
    house.clock.forward(days=3)
    await house.renew(loan, person)
    await house.take_back(thing)
    await house.lend(thing, person)
    found = await check(house)
    assert (found.errors, found.warnings) == ((), ())
    assert found.counts == {"borrowers": 1, "titles": 1, "items": 1, "open_loans": 1, "log_rows": 3}


def drop_index(house: House, name: str) -> None:
    house.store.write_here(lambda store: store.run_many(f"DROP INDEX {name}", [()]))


def another_loan(house: House, item_id: int) -> None:
    drop_index(house, "loan_open_item")
    borrower_id, occasion_id, lent_at, due_on = house.rows(
        Loan.select(Loan.borrower, Loan.occasion, Loan.lent_at, Loan.due_on)
    )[0]
    house.put(Loan.insert(item=item_id, borrower=borrower_id, occasion=occasion_id, lent_at=lent_at, due_on=due_on))


def the_same_command_again(house: House, _item_id: int) -> None:
    drop_index(house, "command_record_command_id")
    house.put(CommandRecord.insert(command_id="command-1", kind="Return", done_at=house.clock()))


BREAKS: dict[str, Callable[[House, int], object]] = {
    "lent_twice": another_loan,
    "lent_not_marked": lambda house, item_id: house.put(Item.update(status="available").where(Item.id == item_id)),
    "marked_not_lent": lambda house, _item_id: house.item(status="on_loan"),
    "occasion": lambda house, _item_id: house.put(LoanOccasion.update(due_on=date(2026, 5, 5))),
    "closed_on": lambda house, item_id: (
        house.put(Loan.update(returned_at=house.clock() - timedelta(days=9), closed_on=date(2026, 3, 1)))
        and house.put(Item.update(status="available").where(Item.id == item_id))
    ),
    "library": lambda house, _item_id: house.put(Library.delete()),
}


@pytest.mark.parametrize("what", BREAKS)
async def test_what_must_never_be_is_found(house: House, what: str) -> None:
    BREAKS[what](house, await lent(house))
    assert [finding.what for finding in (await check(house)).errors] == [what]


async def test_rows_are_counted_and_only_the_first_are_named(house: House) -> None:
    things = [house.item(status="on_loan").item_id for _number in range(12)]
    (finding,) = (await check(house)).errors
    assert finding.count == 12
    assert set(finding.rows) <= set(things)
    assert len(finding.rows) == 10


async def test_a_due_date_on_a_closed_day_is_a_warning(house: House) -> None:
    await lent(house)
    due_on = house.value(Loan.select(Loan.due_on))
    house.put(CalendarDay.insert(branch=house.branch, day=due_on, is_open=False, reason="maling"))
    assert (await check(house)).warnings == ()
    house.put(CalendarDay.insert(branch=house.other_branch, day=due_on, is_open=False, reason="maling"))
    found = await check(house)
    assert ([finding.what for finding in found.warnings], found.errors) == (["due_on_closed_day"], ())


async def test_nobody_left_to_approve_anything_is_a_warning(house: House) -> None:
    house.put(Staff.update(active=False).where(Staff.role == "supervisor"))
    assert [finding.what for finding in (await check(house)).warnings] == ["no_supervisor"]


@pytest.mark.parametrize("role", ["staff", "supervisor"])
async def test_checking_is_its_own_right(house: House, role: str) -> None:
    with pytest.raises(NotAllowed):
        await house.desk.ask(house.who(role), store_check, date(2026, 3, 10))
