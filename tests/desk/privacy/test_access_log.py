"""The access log (G8): every look, why and by whom; and whoever changes it is found out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from db.models import AccessLog, AccessLogEnds, Borrower
from db.store import Transaction
from desk.borrowers.commands import ChangeDetail, OpenPage, OpenVisit, Reveal, SetBlock
from desk.borrowers.details import Email
from desk.command import Command
from desk.errors import NotFound
from desk.privacy.access_log import BrokenLog, first_break, subject_of
from desk.privacy.commands import NoteSearch, ReadLogOfBorrower, ReadLogOfStaff
from desk.privacy.purposes import Purpose
from desk.privacy.records import LogLine
from tests.builders import House, Person, another_counter


async def do(house: House, command: type[Command[Any]], **values: Any) -> Any:
    usual: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(), "at": house.clock()}
    return await house.desk.do(command(**(usual | values)))


async def log_of(house: House, person: Person) -> list[LogLine]:
    """Read a borrower's log as a supervisor; the reading itself is left out."""
    lines = await do(house, ReadLogOfBorrower, who=house.who("supervisor"), borrower_id=person.borrower_id)
    return list(lines[1:])


def broken(house: House, remembered: tuple[int, bytes] | None = None) -> BrokenLog | None:
    return house.store.read_here(lambda transaction: first_break(transaction, remembered))


async def five_looks(house: House) -> Person:
    person = house.borrower()
    for _ in range(5):
        await do(house, OpenVisit, borrower_id=person.borrower_id, card_id=person.card_id)
        house.clock.forward(minutes=1)
    return person


async def test_a_look_is_noted_with_when_who_where_and_why(house: House) -> None:
    person = house.borrower()
    await do(house, OpenVisit, borrower_id=person.borrower_id, card_id=person.card_id)
    (line,) = await log_of(house, person)
    assert (line.at, line.staff, line.counter) == (house.clock(), "Staff 1", "Struer 1")
    assert (line.action, line.purpose, line.outcome) == ("visit", "lending", "done")


async def test_what_was_revealed_and_what_was_changed_is_noted(house: House) -> None:
    person = house.borrower(cpr="7705804321")
    about = {"borrower_id": person.borrower_id, "purpose": Purpose.CORRECTION}
    await do(house, OpenPage, **about)
    await do(house, Reveal, **about, key="cpr")
    await do(house, ChangeDetail, **about, detail=Email("ib@example.dk"))
    await do(house, SetBlock, **about, kind="U", reason="støj", ends_on=None)
    lines = [(line.action, line.revealed) for line in await log_of(house, person)]
    assert lines == [
        ("change", ("blocked_on", "block_reason")),
        ("change", ("email",)),
        ("reveal", ("cpr",)),
        ("page", ()),
    ]


async def test_lending_is_noted_without_what_was_lent(house: House) -> None:
    person, thing = house.borrower(), house.item()
    await house.lend(thing, person)
    (line,) = await log_of(house, person)
    assert (line.action, line.revealed) == ("lend", ())
    columns = [AccessLog.action, AccessLog.purpose, AccessLog.revealed]
    assert thing.barcode not in str(house.rows(AccessLog.select(*columns)))


async def test_a_look_at_nobody_is_noted_too(house: House) -> None:
    await do(house, NoteSearch, found=False)
    staff = await do(house, ReadLogOfStaff, who=house.who("supervisor"), staff_id=house.staff["staff"])
    assert [(line.action, line.outcome, line.borrower) for line in staff] == [("search", "not_found", "")]


async def test_what_does_not_happen_is_not_noted(house: House) -> None:
    person = house.borrower()
    with pytest.raises(NotFound):
        await do(house, Reveal, borrower_id=person.borrower_id, key="cpr")
    assert await log_of(house, person) == []


async def test_the_same_look_sent_twice_is_noted_once(house: House) -> None:
    person = house.borrower()
    for _ in range(2):
        await do(house, OpenVisit, borrower_id=person.borrower_id, card_id=None, command_id="once")
    assert len(await log_of(house, person)) == 1


async def test_reading_the_log_is_a_look_of_its_own(house: House) -> None:
    person = house.borrower()
    await log_of(house, person)
    (line,) = await log_of(house, person)
    assert (line.action, line.staff) == ("log", "Supervisor 2")


async def test_the_log_of_a_staff_member_names_borrowers_by_number_only(house: House) -> None:
    person = house.borrower(name="Karla Nørregaard")
    await do(house, OpenPage, borrower_id=person.borrower_id)
    (line,) = await do(house, ReadLogOfStaff, who=house.who("supervisor"), staff_id=house.staff["staff"])
    number = house.value(Borrower.select(Borrower.number).where(Borrower.id == person.borrower_id))
    assert line.borrower == number
    assert "Karla" not in repr(line)


async def test_nobodys_rows_are_found_without_the_key_on_the_borrowers_row(house: House) -> None:
    person, other = house.borrower(), house.borrower()
    await do(house, OpenPage, borrower_id=person.borrower_id)
    await do(house, OpenPage, borrower_id=other.borrower_id)
    before = len(house.rows(AccessLog.select()))
    house.put(Borrower.update(log_key=b"x" * 32).where(Borrower.id == person.borrower_id))
    assert await log_of(house, person) == []
    assert len(await log_of(house, other)) == 1
    assert broken(house) is None
    assert len(house.rows(AccessLog.select())) == before + 2


def test_a_borrower_without_a_key_has_no_mark() -> None:
    with pytest.raises(ValueError, match="log key"):
        subject_of(b"")


# Whoever changes it


Change = Callable[[Transaction], Any]
SWAPPED = (
    "UPDATE access_log SET number = CASE number WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE number END",
    "UPDATE access_log SET number = -number WHERE number < 0",
)
CHANGES: dict[str, tuple[Change, BrokenLog]] = {
    "another staff member": (
        lambda transaction: transaction.run(AccessLog.update(staff=2).where(AccessLog.number == 3)),
        BrokenLog("changed", 3),
    ),
    "a minute later": (
        lambda transaction: transaction.run(
            AccessLog.update(at=transaction.value(AccessLog.select(AccessLog.at).where(AccessLog.number == 4))).where(
                AccessLog.number == 3
            )
        ),
        BrokenLog("changed", 3),
    ),
    "another borrower": (
        lambda transaction: transaction.run(AccessLog.update(subject=b"x" * 32).where(AccessLog.number == 1)),
        BrokenLog("changed", 1),
    ),
    "one taken out in the middle": (
        lambda transaction: transaction.run(AccessLog.delete().where(AccessLog.number == 3)),
        BrokenLog("missing", 4),
    ),
    "the first taken out": (
        lambda transaction: transaction.run(AccessLog.delete().where(AccessLog.number == 1)),
        BrokenLog("missing", 2),
    ),
    "the last taken out": (
        lambda transaction: transaction.run(AccessLog.delete().where(AccessLog.number == 5)),
        BrokenLog("shortened", 5),
    ),
    "all taken out": (lambda transaction: transaction.run(AccessLog.delete()), BrokenLog("shortened", 1)),
    "two swapped": (
        lambda transaction: [transaction.run_many(statement, [()]) for statement in SWAPPED],  # type: ignore[func-returns-value]
        BrokenLog("changed", 2),
    ),
    "the last taken out and the end moved": (
        lambda transaction: [
            transaction.run(AccessLog.delete().where(AccessLog.number == 5)),
            transaction.run(AccessLogEnds.update(newest_number=4)),
        ],
        BrokenLog("ends", 4),
    ),
    "the end taken out": (lambda transaction: transaction.run(AccessLogEnds.delete()), BrokenLog("ends", 0)),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_log_that_was_changed_says_where(house: House, change: str) -> None:
    await five_looks(house)
    assert broken(house) is None
    work, expected = CHANGES[change]
    house.store.write_here(work)
    assert broken(house) == expected


async def test_a_log_put_back_as_it_was_an_hour_ago_does_not_reach_what_is_remembered(house: House) -> None:
    await five_looks(house)
    rows = house.rows(AccessLog.select(AccessLog.number, AccessLog.seal).order_by(AccessLog.number))
    ends = house.rows(AccessLogEnds.select(*AccessLogEnds._meta.sorted_fields))[0]
    person = house.borrower()
    await do(house, OpenPage, borrower_id=person.borrower_id)
    newest = house.rows(AccessLog.select(AccessLog.number, AccessLog.seal).order_by(AccessLog.number.desc()).limit(1))[
        0
    ]
    assert broken(house, newest) is None

    def put_back(transaction: Transaction) -> None:
        transaction.run(AccessLog.delete().where(AccessLog.number == newest[0]))
        transaction.run(
            AccessLogEnds.update(
                dict(zip((field.name for field in AccessLogEnds._meta.sorted_fields), ends, strict=True))
            )
        )

    house.store.write_here(put_back)
    assert broken(house) is None
    assert broken(house, newest) == BrokenLog("shortened", 6)
    assert broken(house, rows[-1]) is None


async def test_a_row_written_anew_under_the_same_number_is_not_the_one_remembered(house: House) -> None:
    await five_looks(house)
    assert broken(house, (5, b"x" * 32)) == BrokenLog("changed", 5)


async def test_many_counters_at_once_write_one_whole_log(house: House) -> None:
    people = [house.borrower() for _ in range(4)]
    with another_counter(house) as second, another_counter(house) as third:
        commands = [
            OpenPage(command_id=house.new_id(), who=house.who(), at=house.clock(), borrower_id=person.borrower_id)
            for person in people * 6
        ]
        desks = [house.desk, second, third] * 8
        await asyncio.gather(*(desk.do(command) for desk, command in zip(desks, commands, strict=True)))
    assert [row[0] for row in house.rows(AccessLog.select(AccessLog.number).order_by(AccessLog.number))] == [
        *range(1, 25)
    ]
    assert broken(house) is None
