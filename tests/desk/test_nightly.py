"""A whole night at the library: dates that move, claims, bills that arrive. Once, however often it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.models import CalendarDay, Loan, Message, OpeningHours, Reservation, Title
from desk.nightly import Night, run_night
from desk.set_up.catching_up import CatchUpDueDates
from tests.builders import House, Person
from tests.messaging import Office, mail_server
from tests.owing import DUE, Owing, at_noon

NIGHT = DUE + timedelta(days=31)
CLOSED, OPEN_AGAIN = date(2026, 4, 9), date(2026, 4, 10)


@pytest.fixture
def office(house: House, tmp_path: Path) -> Office:
    """A library that sends messages."""
    house.clock.now = at_noon(NIGHT)
    return Office(house, tmp_path)


def night(office: Office, new_id: Callable[[], str] | None = None) -> Night:
    """The night of the day on which replacements are claimed."""
    return Night(office.installation(), office.clock, new_id or office.new_id, lambda _done, _all: None)


async def counts(office: Office, *only: str, is_dry: bool = False) -> dict[str, int]:
    """Run a night, and give every figure that is not nothing."""
    outcomes = await run_night(night(office), only, is_dry=is_dry)
    assert all(outcome.report is not None for outcome in outcomes)
    return {name: n for one in outcomes if one.report for name, n in one.report.counts.items() if n}


def close(house: House, day: date = CLOSED) -> None:
    """Close a day past F7: nothing is moved with it."""
    house.put(CalendarDay.insert(branch=house.branch, day=day, is_open=False, reason="flytning"))


def due(house: House, loan_id: int) -> date:
    """Read when a loan is due."""
    found: date = house.value(Loan.select(Loan.due_on).where(Loan.id == loan_id))
    return found


def bills(post_subjects: list[str]) -> int:
    """Count the bills among mails."""
    return sum(subject.startswith("Regning") for subject in post_subjects)


def six_late(office: Office, email: str) -> Person:
    """Somebody with six loans that were due 31 days ago, lent on three visits."""
    person = office.borrower(email=email)
    owing = Owing(office.house)
    for _visit in range(3):
        occasion = owing.occasion(person)
        for _loan in range(2):
            owing.lent(person, occasion=occasion)
    return person


async def test_a_night_claims_bills_once_and_sends_it_and_the_next_run_finds_nothing(office: Office) -> None:
    owing = Owing(office.house)
    anna, bo = six_late(office, "anna@example.dk"), six_late(office, "bo@example.dk")
    school = office.borrower(email="skole@example.dk", group="institution")
    owing.lent(school)
    with mail_server() as post:
        office.sends_mail_to(post)
        would = await counts(office, is_dry=True)
        assert (would["claimed"], owing.fees(anna), post.mails) == (12, [], [])
        done = await counts(office)
        assert done["claimed"] == 12
        subjects = [str(mail["Subject"]) for mail in post.mails]
        assert bills(subjects) == 2
        (first,) = [mail for mail in post.mails if mail["To"] == "anna@example.dk" and "Regning" in mail["Subject"]]
        # Three occasions, three overdue fees; six replacements.
        assert "en regning på 2.640,00 kr. for 6 lån" in first.get_content()
        for person in (anna, bo):
            assert sorted(owing.amounts(person)) == [23_000] * 3 + [32_500] * 6
        assert await counts(office) == {}
        assert len(post.mails) == len(subjects)
    assert set(post.times.values()) == {1}


async def test_a_night_that_breaks_off_among_the_claims_is_gone_on_with_and_bills_nobody_twice(office: Office) -> None:
    owing = Owing(office.house)
    people = [six_late(office, f"nr{number}@example.dk") for number in range(3)]
    drawn = iter(["one", "two"])

    def broken_off() -> str:
        name = next(drawn, "")
        if not name:
            raise asyncio.CancelledError
        return name

    with pytest.raises(asyncio.CancelledError):
        await run_night(night(office, broken_off), ("claims",))
    assert [len(owing.fees(person)) for person in people] == [9, 9, 0]
    assert await counts(office, "claims") == {"claimed": 6}
    assert [len(owing.fees(person)) for person in people] == [9, 9, 9]
    told = office.house.rows(Message.select(Message.borrower).where(Message.kind == "bill"))
    assert sorted(row[0] for row in told) == [person.borrower_id for person in people]


async def test_loans_due_on_a_day_that_has_been_closed_go_to_the_next_open_day(office: Office) -> None:
    house, owing = office.house, Owing(office.house)
    person = house.borrower()
    _thing, loan_id = owing.lent(person, due_on=CLOSED)
    _late, late_id = owing.lent(person, due_on=NIGHT - timedelta(days=1))
    close(house)
    close(house, NIGHT - timedelta(days=1))
    thing = house.item()
    house.put(
        Reservation.insert(
            borrower=person.borrower_id,
            title=house.value(Title.select(Title.id).limit(1)),
            pickup_branch=house.branch,
            reserved_at=house.clock(),
            expires_on=date(2026, 9, 1),
            state="readyForPickup",
            trapped_item=thing.item_id,
            pickup_number=1,
            ready_at=house.clock(),
            pickup_deadline=CLOSED,
        )
    )
    assert await counts(office, "due_dates", is_dry=True) == {"moved": 1, "pickups": 1}
    assert due(house, loan_id) == CLOSED
    assert await counts(office, "due_dates") == {"moved": 1, "pickups": 1}
    # What is overdue already stays so.
    assert (due(house, loan_id), due(house, late_id)) == (OPEN_AGAIN, NIGHT - timedelta(days=1))
    assert house.value(Reservation.select(Reservation.pickup_deadline)) == OPEN_AGAIN
    assert await counts(office, "due_dates") == {}


async def test_many_due_dates_are_moved_a_batch_at_a_time(office: Office) -> None:
    house, owing = office.house, Owing(office.house)
    loans = [owing.lent(house.borrower(), due_on=CLOSED)[1] for _ in range(5)]
    close(house)
    small = CatchUpDueDates(**night(office).usual(), branch_id=house.branch, batch=2)
    done = await house.desk.do(small)
    assert (done.moved, done.left) == (2, 3)
    assert await counts(office, "due_dates") == {"moved": 3}
    assert {due(house, loan_id) for loan_id in loans} == {OPEN_AGAIN}


async def test_a_branch_that_opens_no_more_stops_no_other_and_is_counted(office: Office) -> None:
    house, owing = office.house, Owing(office.house)
    _thing, here = owing.lent(house.borrower(), due_on=CLOSED)
    _thing, there = owing.lent(house.borrower(), due_on=CLOSED)
    house.put(Loan.update(branch=house.other_branch).where(Loan.id == there))
    house.put(CalendarDay.insert(branch=house.other_branch, day=CLOSED, is_open=False, reason="flytning"))
    house.put(OpeningHours.delete().where(OpeningHours.branch == house.branch))
    assert await counts(office, "due_dates") == {"moved": 1, "never_open": 1}
    assert (due(house, here), due(house, there)) == (CLOSED, OPEN_AGAIN)
