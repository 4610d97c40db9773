"""Two counters with the same borrower's page open: the later save says that it comes too late."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from db.models import Borrower
from desk.borrowers.about import AboutBorrower
from desk.borrowers.commands import ChangeDetail, WriteInternalNote, WriteNoteToBorrower
from desk.borrowers.details import (
    KEYS,
    Absence,
    Address,
    BirthDate,
    Cpr,
    Detail,
    Email,
    Group,
    Guardian,
    HomeBranch,
    Language,
    Municipality,
    Name,
    Protection,
    Telephones,
)
from desk.borrowers.queries import borrower_page
from desk.command import INSTALLATION
from desk.desk import Desk
from desk.errors import ChangedMeanwhile
from desk.registry.borrower_rows import BorrowerRow
from desk.registry.import_borrowers import ImportBorrowers
from tests.builders import House, Person, another_counter

CPR, OTHER_CPR = "7705804321", "7705804322"
DETAILS: tuple[tuple[Detail, Detail], ...] = (
    (Name("Anna"), Name("Åse")),
    (BirthDate(date(1980, 5, 18)), BirthDate(None)),
    (Cpr(CPR), Cpr(OTHER_CPR)),
    (Address("", "Ågade 1", "7600", "Struer"), Address("", "Ågade 2", "7600", "Struer")),
    (Telephones(("20304050", "97850000"), 0), Telephones(("20304050", "97850000"), 1)),
    (Email("a@example.dk"), Email("b@example.dk")),
    (Absence(date(2026, 7, 1), None), Absence(None, None)),
    (Group(2), Group(1)),
    (HomeBranch(2), HomeBranch(1)),
    (Municipality("671"), Municipality("661")),
    (Language("en"), Language("da")),
    (Protection(is_protected=True), Protection(is_protected=False)),
)


async def marks(house: House, person: Person) -> dict[str, str]:
    page = await house.desk.ask(house.who(), borrower_page, person.borrower_id, None, house.clock().date())
    assert page is not None
    return dict(page.marks)


async def save(house: House, desk: Desk, person: Person, command: type[AboutBorrower[Any]], **values: Any) -> None:
    usual: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(), "at": house.clock()}
    await desk.do(command(**(usual | values), borrower_id=person.borrower_id))


@pytest.mark.parametrize(("first", "second"), DETAILS, ids=lambda detail: type(detail).__name__)
async def test_a_detail_that_was_changed_meanwhile_is_not_overwritten(
    house: House, first: Detail, second: Detail
) -> None:
    person, key = house.borrower(), KEYS[type(first)]
    seen = (await marks(house, person))[key]
    with another_counter(house) as other:
        await save(house, other, person, ChangeDetail, detail=first, seen=seen, who=house.who("supervisor"))
    written = house.rows(Borrower.select().where(Borrower.id == person.borrower_id))
    house.clock.forward(minutes=5)
    with pytest.raises(ChangedMeanwhile) as caught:
        await save(house, house.desk, person, ChangeDetail, detail=second, seen=seen)
    assert (caught.value.what, caught.value.by) == (key, "Supervisor 2")
    assert caught.value.at == house.clock.forward(minutes=-5)
    assert house.rows(Borrower.select().where(Borrower.id == person.borrower_id)) == written
    await save(house, house.desk, person, ChangeDetail, detail=second, seen=(await marks(house, person))[key])


async def test_a_guardian_is_not_overwritten_either(house: House) -> None:
    child, mother, father = house.borrower(), house.borrower(), house.borrower()
    seen = (await marks(house, child))["guardian"]
    await save(house, house.desk, child, ChangeDetail, detail=Guardian(mother.borrower_id), seen=seen)
    with pytest.raises(ChangedMeanwhile):
        await save(house, house.desk, child, ChangeDetail, detail=Guardian(father.borrower_id), seen=seen)


@pytest.mark.parametrize(
    ("command", "key"), [(WriteInternalNote, "internal_note"), (WriteNoteToBorrower, "note_to_borrower")]
)
async def test_of_two_notes_saved_at_once_one_is_told(
    house: House, command: type[AboutBorrower[Any]], key: str
) -> None:
    person = house.borrower()
    seen = (await marks(house, person))[key]
    with another_counter(house) as other:
        done = await asyncio.gather(
            save(house, house.desk, person, command, note="glemte en hue", seen=seen),
            save(house, other, person, command, note="henter selv", seen=seen),
            return_exceptions=True,
        )
    assert [type(one) for one in done if one is not None] == [ChangedMeanwhile]
    column = getattr(Borrower, key)
    kept = house.value(Borrower.select(column).where(Borrower.id == person.borrower_id))
    assert kept == ("glemte en hue" if done[0] is None else "henter selv")


async def test_another_item_that_was_changed_stands_in_nobodys_way(house: House) -> None:
    person = house.borrower()
    seen = await marks(house, person)
    await save(house, house.desk, person, ChangeDetail, detail=Name("Anna"), seen=seen["name"])
    await save(house, house.desk, person, ChangeDetail, detail=Email("a@example.dk"), seen=seen["email"])
    await save(house, house.desk, person, ChangeDetail, detail=Email("b@example.dk"))


async def test_what_an_import_changed_meanwhile_has_no_name_to_it(house: House) -> None:
    person = house.borrower()
    seen = (await marks(house, person))["name"]
    command = ImportBorrowers(
        command_id="import",
        who=INSTALLATION,
        at=house.clock(),
        rows=(BorrowerRow(2, person.card, "Anna Lund"),),
        columns=frozenset(),
        branch_id=house.branch,
        numbers=(),
        log_keys=(),
    )
    await house.desk.do(command)
    with pytest.raises(ChangedMeanwhile) as caught:
        await save(house, house.desk, person, ChangeDetail, detail=Name("Anna"), seen=seen)
    assert (caught.value.by, caught.value.at) == ("", house.clock())


async def test_a_mark_says_nothing_of_what_it_is_made_of(house: House) -> None:
    """It lies on a page and in a command; of two borrowers with the same value it is still only a hash."""
    person = house.borrower(cpr=CPR, name="Karla Nørregaard")
    made = await marks(house, person)
    assert all(len(mark) == 64 and int(mark, 16) for mark in made.values())
    printed = repr(
        ChangeDetail(
            command_id="x", who=house.who(), at=house.clock(), borrower_id=1, detail=Cpr(CPR), seen=made["cpr"]
        )
    )
    assert made["cpr"] not in printed
    assert CPR not in printed
