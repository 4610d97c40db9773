"""Reminders before loans are due, and recalls when they are overdue: once each, counts and no titles (M1, R3)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from db.models import Borrower, BorrowerGroup, FeeTier, Item, Loan, LoanOccasion, Message
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.messages.reminding import (
    QueueRecalls,
    QueueReminders,
    recall_windows,
    recalls_to_queue,
    reminders_to_queue,
)
from tests.builders import House, Person
from tests.messaging import Office

TODAY = date(2026, 3, 10)


def lent(house: House, person: Person, due_on: date, *, returned: bool = False) -> int:
    """Put a loan into the store, whenever it is due."""
    thing = house.item()
    occasion = house.put(LoanOccasion.insert(borrower=person.borrower_id, visit="v", due_on=due_on))
    return house.put(
        Loan.insert(
            item=thing.item_id,
            borrower=person.borrower_id,
            occasion=occasion,
            lent_at=datetime(2026, 1, 1, tzinfo=UTC),
            due_on=due_on,
            returned_at=house.clock() if returned else None,
            closed_on=local_date(house.clock()) if returned else None,
        )
    )


async def night(house: House, *, batch: int = 100) -> tuple[int, int]:
    """Queue what a night queues; gives how many reminders and recalls."""
    counts = []
    for kind in (QueueReminders, QueueRecalls):
        after, count = (0, date.min), 0
        while True:
            done = await house.desk.do(
                kind(command_id=house.new_id(), who=INSTALLATION, at=house.clock(), after=after, batch=batch)
            )
            count += done.count
            if done.next is None:
                break
            after = done.next
        counts.append(count)
    return counts[0], counts[1]


def queued(house: House) -> list[tuple[str, dict[str, Any]]]:
    """Give kind and facts of every message."""
    rows = house.rows(Message.select(Message.kind, Message.facts).order_by(Message.id))
    return [(kind, json.loads(facts)) for kind, facts in rows]


@pytest.mark.parametrize(("ahead", "told"), [(0, 0), (1, 1), (3, 1), (4, 0)])
async def test_loans_due_within_three_days_are_reminded_of(office: Office, ahead: int, told: int) -> None:
    lent(office.house, office.borrower(email="anna@example.dk"), TODAY + timedelta(days=ahead))
    assert await office.house.desk.ask(INSTALLATION, reminders_to_queue, TODAY) == told
    assert await night(office.house) == (told, 0)


async def test_one_reminder_a_borrower_and_due_date_says_how_many_and_no_title(office: Office) -> None:
    house, anna, bob = office.house, office.borrower(email="anna@example.dk"), office.borrower(email="bob@example.dk")
    for person, ahead in ((anna, 3), (anna, 3), (anna, 2), (bob, 3)):
        lent(house, person, TODAY + timedelta(days=ahead))
    lent(house, anna, TODAY + timedelta(days=3), returned=True)
    assert await night(house) == (3, 0)
    facts = [facts for _kind, facts in queued(house)]
    assert sorted((told["due_on"], told["loans"]) for told in facts) == [
        ("2026-03-12", 1),
        ("2026-03-13", 1),
        ("2026-03-13", 2),
    ]
    assert "Pelle" not in str(facts)


async def test_nobody_is_told_twice_and_a_night_left_out_is_caught_up_with(office: Office) -> None:
    house = office.house
    lent(house, office.borrower(email="anna@example.dk"), TODAY + timedelta(days=3))
    lent(house, office.borrower(email="bob@example.dk"), TODAY + timedelta(days=4))
    assert await night(house) == (1, 0)
    assert await night(house) == (0, 0)
    house.clock.forward(days=3)
    assert await night(house) == (1, 0)


@pytest.mark.parametrize(("days", "told"), [(0, 0), (1, 1), (7, 1), (8, 1), (30, 1), (31, 0), (200, 0)])
async def test_overdue_loans_are_recalled_until_the_bill_speaks(office: Office, days: int, told: int) -> None:
    lent(office.house, office.borrower(email="anna@example.dk"), TODAY - timedelta(days=days))
    assert await office.house.desk.ask(INSTALLATION, recalls_to_queue, TODAY) == told
    assert await night(office.house) == (0, told)


async def test_a_loan_is_recalled_on_day_one_and_when_the_fee_has_risen(office: Office) -> None:
    house = office.house
    lent(house, office.borrower(email="anna@example.dk"), TODAY)
    told_on = []
    for day in range(1, 40):
        house.clock.forward(days=1)
        if (await night(house))[1]:
            told_on.append(day)
    assert told_on == [1, 8]
    assert [facts["rises"] for _kind, facts in queued(house)] == [[7, 30], [30]]


async def test_no_fees_no_word_of_fees(office: Office) -> None:
    house = office.house
    house.put(BorrowerGroup.update(notices="all").where(BorrowerGroup.code == "institution"))
    lent(house, office.borrower(email="anna@example.dk", group="institution"), TODAY - timedelta(days=1))
    await night(house)
    assert queued(house) == [("recall", {"due_on": "2026-03-09", "loans": 1, "rises": []})]


async def test_an_institution_is_reminded_and_never_recalled(office: Office) -> None:
    house, school = office.house, office.borrower(email="skole@example.dk", group="institution")
    lent(house, school, TODAY + timedelta(days=2))
    lent(house, school, TODAY - timedelta(days=2))
    assert await night(house) == (1, 0)


async def test_who_is_absent_is_told_all_the_same_and_who_is_dead_is_not(office: Office) -> None:
    house, away, dead = office.house, office.borrower(email="a@example.dk"), office.borrower(email="d@example.dk")
    house.put(Borrower.update(absent_from=TODAY, absent_until=None).where(Borrower.id == away.borrower_id))
    house.block(dead, "D")
    for person in (away, dead):
        lent(house, person, TODAY + timedelta(days=2))
        lent(house, person, TODAY - timedelta(days=2))
    assert await night(house) == (1, 1)


async def test_what_is_said_to_have_been_returned_is_not_recalled(office: Office) -> None:
    house = office.house
    loan_id = lent(house, office.borrower(email="anna@example.dk"), TODAY - timedelta(days=2))
    item = house.value(Loan.select(Loan.item).where(Loan.id == loan_id))
    house.put(Item.update(status="claimed_returned").where(Item.id == item))
    assert await night(house) == (0, 0)


async def test_batches_leave_nobody_out_and_tell_nobody_twice(office: Office) -> None:
    house = office.house
    for number in range(7):
        person = office.borrower(email=f"nr{number}@example.dk")
        for days in (-9, -1, 1, 3):
            lent(house, person, TODAY + timedelta(days=days))
    assert await night(house, batch=3) == (14, 14)
    assert len(queued(house)) == 28


async def test_a_kind_the_library_does_not_send_is_not_queued_and_the_night_ends(office: Office) -> None:
    house = office.house
    never = "INSERT INTO message_choice (kind, sms, email) VALUES (?, ?, ?)"
    house.store.write_here(lambda transaction: transaction.run_many(never, [("reminder", False, False)]))
    for number in range(3):
        lent(house, office.borrower(email=f"nr{number}@example.dk"), TODAY + timedelta(days=1))
    assert await house.desk.ask(INSTALLATION, reminders_to_queue, TODAY) == 0
    assert await night(house, batch=1) == (0, 0)


async def test_who_cannot_be_reached_is_on_the_list(office: Office) -> None:
    lent(office.house, office.borrower(), TODAY + timedelta(days=1))
    assert await night(office.house) == (1, 0)
    assert office.states() == [("no_contact", "")]


async def test_the_tiers_of_the_fees_decide_when(office: Office) -> None:
    house = office.house
    house.put(FeeTier.delete())
    house.put(FeeTier.insert(from_day=5, adult_ore=2000, child_ore=1000))
    person = office.borrower(email="anna@example.dk")
    lent(house, person, TODAY - timedelta(days=4))
    assert await night(house) == (0, 0)
    house.clock.forward(days=1)
    assert await night(house) == (0, 1)


def test_every_day_overdue_lies_in_one_window_at_most() -> None:
    windows = recall_windows([1, 8, 31], 31, TODAY)
    for days in range(40):
        due_on = TODAY - timedelta(days=days)
        assert sum(window.first <= due_on <= window.last for window in windows) == (1 <= days <= 30)
