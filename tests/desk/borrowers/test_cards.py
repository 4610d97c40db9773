"""Cards and PINs (P7): several cards a borrower, each with its own state and PIN."""

from __future__ import annotations

from typing import Any

import pytest

from db.models import Borrower, Card
from desk.borrowers.about import AboutBorrower
from desk.borrowers.commands import AddCard, OpenCard, SetBlock, SetPin, StopCard
from desk.borrowers.pins import PinCheck, checked_pin
from desk.borrowers.queries import cards_of
from desk.borrowers.records import CardRecord
from desk.borrowers.signing_up import NewCard
from desk.errors import InvalidInput, NotFound, SignInFailed
from desk.labels.queries import card_label
from desk.labels.rules import card_number
from tests.builders import HASHER, House, Person

TRIES = 3


async def do(house: House, person: Person, command: type[AboutBorrower[Any]], **values: Any) -> Any:
    usual: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(), "at": house.clock()}
    return await house.desk.do(command(**(usual | values), borrower_id=person.borrower_id))


async def card(house: House, person: Person) -> CardRecord:
    """Read the first card of somebody."""
    cards = await house.desk.ask(house.who(), cards_of, person.borrower_id)
    return next(card for card in cards if card.card_id == person.card_id)


def pins(house: House) -> PinCheck:
    return PinCheck(house.desk, HASHER, TRIES, house.clock, house.new_id)


async def give_pin(house: House, person: Person, pin: str = "4711") -> None:
    await do(house, person, SetPin, card_id=person.card_id, pin_hash=await pins(house).new_hash(pin))


async def failure(house: House, number: str, pin: str) -> str:
    with pytest.raises(SignInFailed) as caught:
        await pins(house).with_card(number, pin)
    return caught.value.why


async def test_a_second_card_works_beside_the_first(house: House) -> None:
    person = house.borrower()
    added = await do(house, person, AddCard, card=NewCard(" nyt-kort ", kind="child"))
    cards = await house.desk.ask(house.who(), cards_of, person.borrower_id)
    assert [(card.number, card.kind, card.state, card.has_pin) for card in cards] == [
        (person.card, "library", "active", False),
        ("NYT-KORT", "child", "active", False),
    ]
    other = Person(person.borrower_id, added.row_id, "NYT-KORT")
    await do(house, person, StopCard, card_id=person.card_id)
    assert await house.refusals(house.item(), person) == ("card_stolen",)
    assert await house.refusals(house.item(), other) == ()


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("", "missing"),
        ("x" * 65, "invalid"),
        ("a\x1bb", "invalid"),
        ("7705804321", "looks_like_cpr"),
        ("770580-4321", "looks_like_cpr"),
        ("770580 4321", "looks_like_cpr"),
        ("KØ-1", "no_bars"),
    ],
)
async def test_a_card_that_cannot_be_one_is_refused(house: House, number: str, why: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await do(house, house.borrower(), AddCard, card=NewCard(number))
    assert (caught.value.field, caught.value.why) == ("card", why)


async def test_a_card_is_one_borrowers(house: House) -> None:
    taken = house.borrower().card
    with pytest.raises(InvalidInput, match="taken"):
        await do(house, house.borrower(), AddCard, card=NewCard(taken.lower()))


async def test_a_number_that_means_something_else_is_no_cards(house: House) -> None:
    house.hire("staff", card="PERSONALE-1")
    other = house.borrower()
    number = house.value(Borrower.select(Borrower.number).where(Borrower.id == other.borrower_id))
    for taken, why in ((house.item().barcode, "item"), ("personale-1", "staff_card"), (number, "borrower_number")):
        with pytest.raises(InvalidInput) as caught:
            await do(house, house.borrower(), AddCard, card=NewCard(f" {taken}"))
        assert (caught.value.field, caught.value.why) == ("card", why)


async def test_every_card_that_is_handed_out_can_be_printed(house: House) -> None:
    """Whoever may have a number has a label for it."""
    person = house.borrower()
    for number in ("K 1", "æ", "1001901234", "1001901234 ", "100190 1234", "x" * 64, "x" * 65, "99~"):
        try:
            await do(house, person, AddCard, card=NewCard(number))
        except InvalidInput:
            with pytest.raises(InvalidInput):
                card_number(number)
        else:
            assert await house.desk.ask(house.who(), card_label, number)


async def test_nobody_touches_another_borrowers_card(house: House) -> None:
    person, other = house.borrower(), house.borrower()
    for command, values in (
        (StopCard, {}),
        (OpenCard, {}),
        (SetPin, {"pin_hash": "-"}),
        (SetBlock, {"kind": "O", "reason": "meldt stjålet", "ends_on": None}),
    ):
        with pytest.raises(NotFound):
            await do(house, person, command, card_id=other.card_id, **values)
    assert (await card(house, other)).state == "active"


async def test_a_card_that_turned_up_is_opened_again(house: House) -> None:
    person = house.borrower()
    await do(house, person, StopCard, card_id=person.card_id, state="stopped")
    assert await house.refusals(house.item(), person) == ("card_stopped",)
    await do(house, person, OpenCard, card_id=person.card_id)
    assert await house.refusals(house.item(), person) == ()


async def test_a_block_on_a_card_follows_that_card(house: House) -> None:
    person = house.borrower()
    other = house.card(person.borrower_id, "NYT-KORT")
    await do(house, person, SetBlock, card_id=person.card_id, kind="O", reason="meldt stjålet", ends_on=None)
    assert await house.refusals(house.item(), person) == ("block_O",)
    assert await house.refusals(house.item(), other) == ()


async def test_the_right_pin_opens_the_wrong_one_does_not(house: House) -> None:
    person = house.borrower()
    await give_pin(house, person)
    assert (await pins(house).with_card(person.card, "4711")).borrower_id == person.borrower_id
    assert await failure(house, person.card, "4712") == "wrong"
    assert await failure(house, "UKENDT", "4711") == "wrong"


async def test_a_card_without_a_pin_has_no_right_one(house: House) -> None:
    assert await failure(house, house.borrower().card, "") == "wrong"


async def test_too_many_wrong_pins_stop_that_card_until_it_has_a_new_one(house: House) -> None:
    person = house.borrower()
    other = house.card(person.borrower_id, "NYT-KORT")
    await give_pin(house, person)
    assert [await failure(house, person.card, "0000") for _ in range(TRIES)] == ["wrong", "wrong", "locked"]
    assert await failure(house, person.card, "4711") == "locked"
    stopped = await card(house, person)
    assert (stopped.state, stopped.stopped_by_pins) == ("stopped", True)
    assert await house.refusals(house.item(), person) == ("card_stopped",)
    assert await house.refusals(house.item(), other) == ()
    with pytest.raises(InvalidInput, match="wrong_pins"):
        await do(house, person, OpenCard, card_id=person.card_id)
    await give_pin(house, person, "0815")
    await pins(house).with_card(person.card, "0815")


async def test_a_new_pin_does_not_open_a_stolen_card(house: House) -> None:
    person = house.borrower()
    await do(house, person, StopCard, card_id=person.card_id)
    await give_pin(house, person)
    assert await failure(house, person.card, "4711") == "locked"


async def test_a_right_pin_forgets_the_wrong_ones_before_it(house: House) -> None:
    person = house.borrower()
    await give_pin(house, person)
    for _ in range(3):
        for _ in range(TRIES - 1):
            assert await failure(house, person.card, "0000") == "wrong"
        await pins(house).with_card(person.card, "4711")


async def test_the_same_pin_on_two_cards_is_two_hashes_and_lies_open_nowhere(house: House) -> None:
    person = house.borrower()
    other = house.card(person.borrower_id, "NYT-KORT")
    for one in (person, other):
        await give_pin(house, one)
    hashes = [row[0] for row in house.rows(Card.select(Card.pin_hash))]
    assert len(set(hashes)) == 2
    assert all(hash_.startswith("$argon2id$") and "4711" not in hash_.rpartition("$")[0] for hash_ in hashes)
    assert "4711" not in repr(await card(house, person))


@pytest.mark.parametrize(
    ("typed", "again", "why"),
    [("471", "471", "digits"), ("47111", "47111", "digits"), ("47a1", "47a1", "digits"), ("4711", "4712", "differs")],
)
def test_a_pin_is_typed_twice_the_same(typed: str, again: str, why: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked_pin(typed, again, 4)
    assert caught.value.why == why
    assert checked_pin("0815", "0815", 4) == "0815"
