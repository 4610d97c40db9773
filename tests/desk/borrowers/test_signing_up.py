"""Creating a borrower: all of it or nothing, never twice, and the number drawn at random."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.models import AccessLog, Borrower, Card, SearchWord, Telephone
from desk.borrowers.commands import CreateBorrower, OpenPage
from desk.borrowers.details import Address, Telephones
from desk.borrowers.signing_up import CreatedBorrower, NewCard
from desk.errors import InvalidInput
from tests.builders import House

CPR = "7705804321"


async def create(house: House, **values: Any) -> CreatedBorrower:
    usual: dict[str, Any] = {
        "command_id": house.new_id(),
        "who": house.who(),
        "at": house.clock(),
        "name": "Karla Nørregaard",
        "cpr": CPR,
        "group_id": 1,
        "branch_id": house.branch,
        "numbers": ("10000001", "10000002"),
        "log_key": b"k" * 32,
    }
    return await house.desk.do(CreateBorrower(**(usual | values)))


def held(house: House) -> int:
    """Count every row that could be about somebody."""
    return sum(len(house.rows(table.select())) for table in (Borrower, Card, Telephone, SearchWord, AccessLog))


async def test_somebody_created_borrows_at_once(house: House) -> None:
    created = await create(house, card=NewCard("k-1"))
    (card,) = house.rows(Card.select(Card.id, Card.number))
    assert card[1] == "K-1"
    thing = house.item()
    command = house.check_out_command(thing, house.borrower(), borrower_id=created.borrower_id, card_id=card[0])
    await house.desk.do(command)
    assert house.open_loans() == {thing.item_id: created.borrower_id}


async def test_the_birth_date_is_read_from_the_cpr_number(house: House) -> None:
    await create(house)
    assert house.value(Borrower.select(Borrower.birth_date)) == date(1980, 5, 17)


async def test_everything_that_was_typed_is_on_the_page(house: House) -> None:
    created = await create(
        house,
        address=Address("", "Ørnevej 3", "7600", "Struer"),
        telephones=Telephones(("20304050",), sms=0),
        email="karla@example.dk",
        municipality="671",
        language="en",
    )
    command = OpenPage(command_id="x", who=house.who(), at=house.clock(), borrower_id=created.borrower_id)
    page = await house.desk.do(command)
    assert (page.borrower.number, page.borrower.name) == ("10000001", "Karla Nørregaard")
    assert (page.has_address, page.telephones, page.has_email, page.municipality) == (True, 1, True, "671")
    assert page.borrower.language == "en"


async def test_a_child_is_created_with_somebody_who_answers(house: House) -> None:
    mother = house.borrower()
    child = await create(house, guardian_id=mother.borrower_id)
    answers = Borrower.select(Borrower.guardian).where(Borrower.id == child.borrower_id)
    assert house.value(answers) == mother.borrower_id
    with pytest.raises(InvalidInput, match="guardian"):
        await create(house, cpr=None, numbers=("20000001",), log_key=b"n" * 32, guardian_id=child.borrower_id)


async def test_a_number_that_is_taken_gives_way_to_the_next_drawn(house: House) -> None:
    await create(house)
    second = await create(house, cpr=None, command_id="second", log_key=b"l" * 32)
    assert second.number == "10000002"
    with pytest.raises(InvalidInput, match="number"):
        await create(house, cpr=None, log_key=b"m" * 32)


async def test_the_same_command_twice_creates_one(house: House) -> None:
    first = await create(house, command_id="once")
    assert await create(house, command_id="once") == first
    assert len(house.rows(Borrower.select())) == 1


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "the CPR number is somebody's": ({}, "cpr"),
    "the card is somebody's": ({"cpr": None, "card": NewCard("K-1")}, "card"),
    "the card is the health card": ({"cpr": "6101905004", "card": NewCard("6101905004")}, "card"),
    "another birth date than the CPR number's": ({"cpr": "6101905004", "birth_date": date(1990, 1, 2)}, "birth_date"),
    "no name": ({"cpr": None, "name": ""}, "name"),
    "a telephone with letters": ({"cpr": None, "telephones": Telephones(("ring",))}, "telephone"),
    "an e-mail without @": ({"cpr": None, "email": "ib"}, "email"),
    "no such group": ({"cpr": None, "group_id": 99}, "group"),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_is_wrong_leaves_nothing_behind(house: House, what: str) -> None:
    await create(house, card=NewCard("K-1"))
    before = held(house)
    values, field = BAD[what]
    with pytest.raises(InvalidInput) as caught:
        await create(house, numbers=("20000001",), log_key=b"n" * 32, **values)
    assert caught.value.field == field
    assert held(house) == before


async def test_what_the_command_prints_of_itself_names_nobody(house: House) -> None:
    command = CreateBorrower(
        command_id="x",
        who=house.who(),
        at=house.clock(),
        name="Karla Nørregaard",
        cpr=CPR,
        group_id=1,
        branch_id=1,
        address=Address("", "Ørnevej 3", "7600", "Struer"),
        telephones=Telephones(("20304050",)),
        email="karla@example.dk",
        card=NewCard("K-1"),
        numbers=("10000001",),
        log_key=b"key-of-karla" * 3,
    )
    printed = repr(command)
    for text in ("Karla", CPR, "Ørnevej", "20304050", "karla@", "K-1", "10000001", "key-of-karla"):
        assert text not in printed
