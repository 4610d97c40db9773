"""A borrower's details changed at the counter: checked, noted, and found by the new words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from db.models import AccessLog, Borrower, SearchWord, Telephone
from desk.borrowers.commands import ChangeDetail, OpenPage, Reveal
from desk.borrowers.details import (
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
from desk.borrowers.records import BorrowerPage
from desk.errors import InvalidInput, NotFound
from tests.builders import House, Person

TODAY = date(2026, 3, 10)
# Replacement numbers (day + 60), which nobody has.
CPR, OTHER_CPR = "7705804321", "6101905004"


async def change(house: House, person: Person, detail: Detail, **values: Any) -> None:
    usual: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(), "at": house.clock()}
    await house.desk.do(ChangeDetail(**(usual | values), borrower_id=person.borrower_id, detail=detail))


async def refused(house: House, person: Person, detail: Detail) -> tuple[str, str]:
    """Try to change a detail; gives the field and why not, and makes sure that nothing was written."""
    before = house.rows(Borrower.select(*Borrower._meta.sorted_fields)), house.rows(Telephone.select(Telephone.number))
    with pytest.raises(InvalidInput) as caught:
        await change(house, person, detail)
    after = house.rows(Borrower.select(*Borrower._meta.sorted_fields)), house.rows(Telephone.select(Telephone.number))
    assert after == before
    assert house.rows(AccessLog.select(AccessLog.number)) == []
    return caught.value.field, caught.value.why


async def page_of(house: House, person: Person) -> BorrowerPage:
    command = OpenPage(command_id=house.new_id(), who=house.who(), at=house.clock(), borrower_id=person.borrower_id)
    return await house.desk.do(command)


async def revealed(house: House, person: Person, key: str) -> Any:
    command = Reveal(
        command_id=house.new_id(), who=house.who(), at=house.clock(), borrower_id=person.borrower_id, key=key
    )
    return await house.desk.do(command)


def words(house: House, person: Person) -> set[str]:
    return {
        row[0]
        for row in house.rows(SearchWord.select(SearchWord.word).where(SearchWord.borrower == person.borrower_id))
    }


async def test_what_is_masked_comes_back_on_a_key_as_it_was_typed(house: House) -> None:
    person = house.borrower()
    address = Address("c/o Møller", "Ørnevej 3, 1. tv", "7600", "Struer")
    for detail, key in (
        (Cpr(CPR), "cpr"),
        (address, "address"),
        (Telephones(("97 85 00 00", "+45 20 30 40 50"), sms=1), "telephone"),
        (Email("ib@example.dk"), "email"),
    ):
        await change(house, person, detail)
        assert await revealed(house, person, key) == detail


async def test_the_page_shows_what_is_not_masked(house: House) -> None:
    person, mother = house.borrower(cpr=CPR), house.borrower()
    for detail in (
        Name("Karla Nørregaard"),
        BirthDate(date(2014, 3, 11)),
        Absence(date(2026, 7, 1), None),
        Group(2),
        HomeBranch(house.other_branch),
        Municipality("0671"),
        Language("en"),
        Protection(is_protected=True, until=TODAY),
        Guardian(mother.borrower_id),
    ):
        await change(house, person, detail)
    page = await page_of(house, person)
    shown = page.borrower
    assert (shown.name, shown.age, shown.group, shown.home_branch) == ("Karla Nørregaard", 11, "barn", "Thyholm")
    assert (shown.language, shown.address_protected, shown.digital_services) == ("en", True, True)
    assert (page.absent_from, page.absent_until, page.municipality) == (date(2026, 7, 1), None, "671")
    assert (page.masked_cpr, page.is_replacement, page.protected_until) == ("770580-••••", True, TODAY)
    assert (page.has_guardian, (await page_of(house, mother)).responsible_for) == (True, 1)
    assert CPR not in repr(page)
    assert "Karla" not in repr(page)


async def test_digital_services_follow_the_municipality(house: House) -> None:
    person = house.borrower()
    for code, has in (("671", True), ("661", False), ("", False)):
        await change(house, person, Municipality(code))
        assert (await page_of(house, person)).borrower.digital_services is has


async def test_a_new_name_is_found_and_the_old_one_is_not(house: House) -> None:
    person = house.borrower(name="Ib Hansen")
    assert {"ib", "hansen"} <= words(house, person)
    await change(house, person, Name("Åse Kjærgård"))
    assert {"aase", "kjaergaard"} <= words(house, person)
    assert words(house, person).isdisjoint({"ib", "hansen"})


BAD: dict[str, tuple[Detail, tuple[str, str]]] = {
    "no name": (Name(" \x1b "), ("name", "missing")),
    "a name of 201 characters": (Name("æ" * 201), ("name", "too_long")),
    "born tomorrow": (BirthDate(TODAY + timedelta(days=1)), ("birth_date", "invalid")),
    "born in 1849": (BirthDate(date(1849, 12, 31)), ("birth_date", "invalid")),
    "a CPR number of 11 figures": (Cpr("77058043211"), ("cpr", "digits")),
    "a CPR number with letters": (Cpr("770580432A"), ("cpr", "digits")),
    "a CPR number of 31 February": (Cpr("3102804321"), ("cpr", "date")),
    "a CPR number of next year": (Cpr("0101274321"), ("cpr", "unborn")),
    "an e-mail without @": (Email("ib.example.dk"), ("email", "invalid")),
    "two e-mails": (Email("ib@example.dk, bo@example.dk"), ("email", "invalid")),
    "a telephone with letters": (Telephones(("2030 4o50",)), ("telephone", "invalid")),
    "a telephone of three figures": (Telephones(("1 1 2 -",)), ("telephone", "invalid")),
    "the same telephone twice": (Telephones(("20304050", "20 30 40 50")), ("telephone", "twice")),
    "seven telephones": (Telephones(tuple(f"2030405{n}" for n in range(7))), ("telephone", "too_many")),
    "text messages to no telephone": (Telephones(("20304050",), sms=1), ("telephone", "sms")),
    "an absence that ends before it starts": (
        Absence(date(2026, 7, 2), date(2026, 7, 1)),
        ("absence", "ends_before_start"),
    ),
    "no such group": (Group(999), ("group", "unknown")),
    "no such branch": (HomeBranch(999), ("home_branch", "unknown")),
    "a municipality of two figures": (Municipality("67"), ("municipality", "invalid")),
    "German": (Language("de"), ("language", "unknown")),
    "a protection that has ended": (
        Protection(is_protected=True, until=TODAY - timedelta(days=1)),
        ("protection", "passed"),
    ),
    "nobody as guardian": (Guardian(999), ("guardian", "unknown")),
    "a postcode with brackets": (Address(postcode="[7600]"), ("postcode", "invalid")),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_cannot_be_meant_is_refused_and_nothing_is_written(house: House, what: str) -> None:
    detail, expected = BAD[what]
    assert await refused(house, house.borrower(), detail) == expected


async def test_a_cpr_number_that_fails_modulus_11_is_taken(house: House) -> None:
    person = house.borrower()
    await change(house, person, Cpr("0101654000"))
    assert await revealed(house, person, "cpr") == Cpr("0101654000")


async def test_two_borrowers_cannot_have_one_cpr_number(house: House) -> None:
    house.borrower(cpr=CPR)
    person = house.borrower(cpr=OTHER_CPR)
    assert await refused(house, person, Cpr(CPR)) == ("cpr", "taken")
    await change(house, person, Cpr(OTHER_CPR))


async def test_nobody_answers_for_themselves_or_for_somebody_who_answers_for_another(house: House) -> None:
    child, mother, grandmother = house.borrower(), house.borrower(), house.borrower()
    assert await refused(house, child, Guardian(child.borrower_id)) == ("guardian", "self")
    house.put(Borrower.update(guardian=grandmother.borrower_id).where(Borrower.id == mother.borrower_id))
    assert await refused(house, child, Guardian(mother.borrower_id)) == ("guardian", "has_guardian")
    assert await refused(house, grandmother, Guardian(child.borrower_id)) == ("guardian", "is_guardian")


async def test_what_does_harm_in_a_name_is_taken_out_of_it(house: House) -> None:
    person = house.borrower()
    await change(house, person, Name("Ib [/] \x1b[2JHansen\u202e"))
    assert (await page_of(house, person)).borrower.name == "Ib [/] [2JHansen"


async def test_an_address_that_was_typed_is_dated_today(house: House) -> None:
    person = house.borrower()
    await change(house, person, Address(street="Østergade 5"))
    assert (await page_of(house, person)).address_dated == TODAY


async def test_an_address_saved_as_it_was_keeps_its_date(house: House) -> None:
    person, address = house.borrower(), Address("", "Østergade 5", "7600", "Struer")
    await change(house, person, address)
    house.put(Borrower.update(address_dated=date(2024, 7, 27)))
    await change(house, person, address)
    assert (await page_of(house, person)).address_dated == date(2024, 7, 27)


async def test_taking_an_absence_away_leaves_none(house: House) -> None:
    person = house.borrower()
    await change(house, person, Absence(TODAY, TODAY))
    await change(house, person, Absence(None, None))
    page = await page_of(house, person)
    assert (page.absent_from, page.absent_until) == (None, None)


@pytest.mark.parametrize("key", ["name", "pin", "internal_note"])
async def test_only_what_is_masked_is_revealed(house: House, key: str) -> None:
    with pytest.raises(InvalidInput):
        await revealed(house, house.borrower(), key)


async def test_nothing_is_changed_on_somebody_who_is_gone(house: House) -> None:
    with pytest.raises(NotFound):
        await change(house, Person(999, 999, "-"), Name("Ib"))


async def test_the_group_decides_from_the_next_loan_on(house: House) -> None:
    person = house.borrower()
    house.rule("barn", "standard", loan_days=14)
    before = await house.lend(house.item(), person)
    await change(house, person, Group(2))
    after = await house.lend(house.item(), person)
    assert (before.due_on - TODAY).days == 30
    assert (after.due_on - TODAY).days == 14


async def test_protection_takes_the_address_out_of_the_search_and_its_end_brings_it_back(house: House) -> None:
    person = house.borrower()
    await change(house, person, Address("", "Ørnevej 3", "7600", "Struer"))
    assert "oernevej" in words(house, person)
    await change(house, person, Protection(is_protected=True))
    assert "oernevej" not in words(house, person)
    await change(house, person, Protection(is_protected=False))
    assert "oernevej" in words(house, person)
