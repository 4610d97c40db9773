"""Whoever is being signed up may be here already: shown with what tells them apart, never in the way, and logged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.models import AccessLog, Borrower
from desk.borrowers.commands import CreateBorrower, FindDoubles, FindGuardian, FindHolder
from desk.borrowers.details import Address, Email, Name, Telephones
from desk.borrowers.doubles import KnownBorrower
from desk.borrowers.proposing import city_of, faults_in, proposals
from desk.borrowers.rules import proposed_group
from desk.borrowers.searching import write_search_words
from desk.errors import InvalidInput
from tests.builders import House, Person

BORN = date(1980, 5, 17)
CPR = "7705804321"


def lives(house: House, person: Person, street: str, **columns: Any) -> Person:
    """Write where somebody lives."""
    of = Borrower.id == person.borrower_id
    house.put(Borrower.update(street=street, **columns).where(of))
    house.store.write_here(lambda transaction: write_search_words(transaction, [person.borrower_id]))
    return person


async def find(house: House, command: type[Any], **values: Any) -> tuple[KnownBorrower, ...]:
    usual = {"command_id": house.new_id(), "who": house.who(), "at": house.clock()}
    found: tuple[KnownBorrower, ...] = await house.desk.do(command(**(usual | values)))
    return found


async def doubles(house: House, name: str, born: date | None, street: str = "") -> list[int]:
    return [one.borrower_id for one in await find(house, FindDoubles, name=name, birth_date=born, street=street)]


def log(house: House) -> list[tuple[Any, ...]]:
    columns = (AccessLog.action, AccessLog.purpose, AccessLog.revealed, AccessLog.outcome)
    return house.rows(AccessLog.select(*columns).order_by(AccessLog.number))


@pytest.mark.parametrize(
    "typed", ["Åse Bjørn Nørregaard", "aase bjoern noerregaard", "Nørregaard, Åse", "ÅSE NØRREGAARD"]
)
async def test_the_same_birth_date_and_name_however_it_is_spelt_is_shown(house: House, typed: str) -> None:
    known = house.borrower(name="Åse Bjørn Nørregaard", born=BORN)
    assert await doubles(house, typed, BORN) == [known.borrower_id]


async def test_another_birth_date_or_another_name_is_somebody_else(house: House) -> None:
    house.borrower(name="Åse Bjørn Nørregaard", born=BORN)
    assert await doubles(house, "Åse Bjørn Nørregaard", date(1980, 5, 18)) == []
    assert await doubles(house, "Åse Hansen", BORN) == []
    assert await doubles(house, "", BORN) == []


async def test_the_same_name_and_street_is_shown_whatever_the_birth_date(house: House) -> None:
    known = lives(house, house.borrower(name="Ib Hansen"), "Ørnevej 3")
    lives(house, house.borrower(name="Ib Hansen"), "Ørnevej 13")
    lives(house, house.borrower(name="Karla Hansen"), "Ørnevej 3")
    assert await doubles(house, "ib hansen", None, "oernevej 3") == [known.borrower_id]


async def test_who_is_shown_is_told_apart_by_birth_year_and_street_unless_protected(house: House) -> None:
    lives(house, house.borrower(name="Ib Hansen", born=BORN), "Ørnevej 3")
    lives(house, house.borrower(name="Ib Hansen", born=BORN), "Ulvevej 8", address_protected=True)
    shown = await find(house, FindDoubles, name="Ib Hansen", birth_date=BORN)
    assert [(one.name, one.born_in, one.street) for one in shown] == [
        ("Ib Hansen", 1980, "Ørnevej 3"),
        ("Ib Hansen", 1980, ""),
    ]
    assert log(house) == [
        ("search", "sign_up", "name birth_date address", "done"),
        ("search", "sign_up", "name birth_date", "done"),
    ]
    assert "Ib" not in repr(shown)
    assert "rnevej" not in repr(shown)


async def test_a_search_that_finds_nobody_is_noted_too(house: House) -> None:
    assert await doubles(house, "Ib Hansen", BORN) == []
    assert log(house) == [("search", "sign_up", "", "not_found")]


async def test_the_holder_of_a_cpr_number_is_shown(house: House) -> None:
    known = house.borrower(name="Karla Nørregaard", cpr=CPR)
    (shown,) = await find(house, FindHolder, cpr="770580-4321")
    assert (shown.borrower_id, shown.name, shown.born_in) == (known.borrower_id, "Karla Nørregaard", 1980)
    assert await find(house, FindHolder, cpr="6101905004") == ()
    assert [row[3] for row in log(house)] == ["done", "not_found"]


async def test_a_guardian_is_found_by_card_cpr_number_or_number(house: House) -> None:
    known = house.borrower(name="Karla Nørregaard", cpr=CPR)
    number = house.value(Borrower.select(Borrower.number))
    for code in (known.card, CPR, number):
        assert [one.borrower_id for one in await find(house, FindGuardian, code=code)] == [known.borrower_id]
    assert await find(house, FindGuardian, code="findes-ikke") == ()


async def test_somebody_others_answer_for_answers_for_nobody(house: House) -> None:
    parent, child = house.borrower(), house.borrower(born=date(2015, 1, 1))
    house.put(Borrower.update(guardian=parent.borrower_id).where(Borrower.id == child.borrower_id))
    with pytest.raises(InvalidInput, match="has_guardian"):
        await find(house, FindGuardian, code=child.card)
    assert log(house) == []
    command = CreateBorrower(
        command_id="x",
        who=house.who(),
        at=house.clock(),
        name="Bo",
        cpr=None,
        group_id=1,
        branch_id=house.branch,
        guardian_id=child.borrower_id,
        numbers=("90000001",),
        log_key=b"k" * 32,
    )
    with pytest.raises(InvalidInput, match="has_guardian"):
        await house.desk.do(command)


async def test_a_search_that_comes_twice_answers_the_same_and_is_noted_once(house: House) -> None:
    house.borrower(name="Ib Hansen", born=BORN)
    values: dict[str, Any] = {"name": "Ib Hansen", "birth_date": BORN, "command_id": "once"}
    assert await find(house, FindDoubles, **values) == await find(house, FindDoubles, **values)
    assert len(log(house)) == 1


async def test_a_postcode_has_the_city_of_the_town_or_of_most_borrowers_there(house: House) -> None:
    for city in ("Holstebro", "Holstebro", "Hostelbro"):
        lives(house, house.borrower(), "Nørregade 1", postcode="7500", city=city)
    asked = [
        await house.desk.ask(house.who(), city_of, postcode) for postcode in ("7600", " 7560 ", "7500", "9999", "")
    ]
    assert asked == ["Struer", "Hjerm", "Holstebro", "", ""]


async def test_the_librarys_own_municipality_is_proposed(house: House) -> None:
    proposed = await house.desk.ask(house.who(), proposals)
    assert proposed.municipality == "671"
    assert [code for _id, code, _name in proposed.choices.groups] == ["voksen", "barn", "institution"]


@pytest.mark.parametrize(("age", "group"), [(0, "barn"), (13, "barn"), (14, "voksen"), (None, "institution")])
def test_under_fourteen_is_a_child_and_without_a_birth_date_an_institution(age: int | None, group: str) -> None:
    assert proposed_group(age) == group


async def test_everything_that_is_wrong_is_said_at_once(house: House) -> None:
    details = (
        Name("æ" * 201),
        Email("ib"),
        Telephones(("ring",)),
        Address(street="Ørnevej 3"),
        Address(postcode="[/]"),
    )
    faults = await house.desk.ask(house.who(), faults_in, details, house.clock().date())
    assert faults == (("name", "too_long"), ("email", "invalid"), ("telephone", "invalid"), ("postcode", "invalid"))


async def test_a_protected_address_is_not_told_to_be_right(house: House) -> None:
    """Whoever types a name and a guess at the street would learn where somebody hides."""
    known = lives(house, house.borrower(name="Åse Lund", born=BORN), "Ågade 1", address_protected=True)
    assert await doubles(house, "Åse Lund", None, "Ågade 1") == []
    lives(house, known, "Ågade 1", protected_until=house.clock().date())
    assert await doubles(house, "Åse Lund", None, "Ågade 1") == []
    house.clock.forward(days=1)
    assert await doubles(house, "Åse Lund", None, "Ågade 1") == [known.borrower_id]
