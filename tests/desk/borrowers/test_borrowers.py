"""What is done to borrowers at the counter: blocks set and lifted (R5), the internal note, a stolen card, the page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.models import Block, Borrower
from desk.borrowers.commands import Changed, LiftBlock, SetBlock, StopCard, WriteInternalNote
from desk.borrowers.queries import blocks_of, borrower_at_counter
from desk.borrowers.records import BorrowerRecord
from desk.command import Command
from desk.errors import InvalidInput, NotAllowed, NotFound
from tests.builders import House, Person

TODAY = date(2026, 3, 10)


async def do(house: House, command: type[Command[Changed]], **values: Any) -> Changed:
    """Carry out a command of staff at the counter."""
    usual: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(), "at": house.clock()}
    return await house.desk.do(command(**(usual | values)))


async def block(house: House, person: Person, kind: str = "S", **values: Any) -> int:
    """Block somebody."""
    usual = {"borrower_id": person.borrower_id, "kind": kind, "reason": "støj", "ends_on": None}
    return (await do(house, SetBlock, **(usual | values))).row_id


async def lift(house: House, block_id: int, **values: Any) -> Changed:
    """Lift a block."""
    borrower_id = house.value(Block.select(Block.borrower).where(Block.id == block_id))
    return await do(house, LiftBlock, block_id=block_id, borrower_id=borrower_id, **values)


async def page(house: House, person: Person, *, by_card: bool = True) -> BorrowerRecord:
    """Read what the counter shows of somebody."""
    card_id = person.card_id if by_card else None
    shown = await house.desk.ask(house.who(), borrower_at_counter, person.borrower_id, card_id, TODAY)
    assert shown is not None
    return shown


@pytest.mark.parametrize("kind", "OUFSWED")
async def test_every_kind_of_block_can_be_set_and_holds_at_once(house: House, kind: str) -> None:
    person = house.borrower()
    await block(house, person, kind)
    assert await house.refusals(house.item(), person) == (f"block_{kind}",)


async def test_a_block_holds_until_it_is_lifted(house: House) -> None:
    person = house.borrower()
    block_id = await block(house, person)
    await lift(house, block_id, reason="betalt")
    assert await house.refusals(house.item(), person) == ()
    with pytest.raises(NotFound):
        await lift(house, block_id, reason="igen")


async def test_lifting_one_of_two_blocks_leaves_the_other(house: House) -> None:
    person = house.borrower()
    first = await block(house, person, "W")
    await block(house, person, "E")
    await lift(house, first, reason="betalt")
    assert await house.refusals(house.item(), person) == ("block_E",)


async def test_a_block_may_end_today_and_not_before(house: House) -> None:
    person = house.borrower()
    await block(house, person, ends_on=TODAY)
    assert await house.refusals(house.item(), person) == ("block_S",)
    with pytest.raises(InvalidInput):
        await block(house, person, ends_on=date(2026, 3, 9))


@pytest.mark.parametrize("values", [{"kind": "X"}, {"reason": "  "}])
async def test_a_block_needs_a_known_kind_and_a_reason(house: House, values: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        await block(house, house.borrower(), **values)


async def test_lifting_needs_a_reason(house: House) -> None:
    block_id = await block(house, house.borrower())
    with pytest.raises(InvalidInput):
        await lift(house, block_id, reason="")


async def test_nobody_is_blocked_who_is_not_there(house: House) -> None:
    with pytest.raises(NotFound):
        await block(house, Person(999, 999, "-"))


async def test_the_list_of_blocks_says_who_set_and_who_lifted(house: House) -> None:
    person = house.borrower()
    old = await block(house, person, "U", reason="støj")
    await lift(house, old, reason="undskyldte", who=house.who("supervisor"))
    await block(house, person, "E", ends_on=date(2026, 4, 1))
    blocks = await house.desk.ask(house.who(), blocks_of, person.borrower_id)
    assert [(b.kind, b.ends_on, b.lifted_by, b.lift_reason) for b in blocks] == [
        ("E", date(2026, 4, 1), "", ""),
        ("U", None, "Supervisor 2", "undskyldte"),
    ]
    assert blocks[1].set_by == "Staff 1"
    assert blocks[1].lifted_at == house.clock()


async def test_a_block_set_twice_by_the_same_command_is_one_block(house: House) -> None:
    person = house.borrower()
    first = await block(house, person, command_id="once")
    assert await block(house, person, command_id="once") == first
    assert len(await house.desk.ask(house.who(), blocks_of, person.borrower_id)) == 1


async def test_a_lift_that_comes_twice_gives_the_same_answer(house: House) -> None:
    block_id = await block(house, house.borrower())
    for _ in range(2):
        assert (await lift(house, block_id, reason="betalt", command_id="once")).row_id == block_id


async def test_a_stolen_card_stops_that_card_and_not_the_person(house: House) -> None:
    person = house.borrower()
    other = house.card(person.borrower_id, "NYT-KORT")
    await do(house, StopCard, borrower_id=person.borrower_id, card_id=person.card_id)
    assert await house.refusals(house.item(), person) == ("card_stolen",)
    assert await house.refusals(house.item(), other) == ()
    with pytest.raises(NotFound):
        await do(house, StopCard, borrower_id=person.borrower_id, card_id=999)


async def test_a_note_is_shown_with_who_and_when_until_it_is_cleared(house: House) -> None:
    person = house.borrower()
    await do(house, WriteInternalNote, borrower_id=person.borrower_id, note=" glemte en hue ")
    shown = await page(house, person)
    assert (shown.note, shown.note_by, shown.note_at) == ("glemte en hue", "Staff 1", house.clock())
    await do(house, WriteInternalNote, borrower_id=person.borrower_id, note="")
    shown = await page(house, person)
    assert (shown.note, shown.note_by, shown.note_at) == ("", "", None)


async def test_a_note_has_an_end(house: House) -> None:
    person = house.borrower()
    await do(house, WriteInternalNote, borrower_id=person.borrower_id, note="æ" * 500)
    with pytest.raises(InvalidInput):
        await do(house, WriteInternalNote, borrower_id=person.borrower_id, note="æ" * 501)
    with pytest.raises(NotFound):
        await do(house, WriteInternalNote, borrower_id=999, note="x")


async def test_the_counter_sees_name_age_loans_and_warnings(house: House) -> None:
    person = house.borrower(name="Ib Hansen", born=date(2014, 3, 11), group="barn")
    await house.lend(house.item(), person)
    house.block(person, "U")
    shown = await page(house, person)
    assert (shown.name, shown.age, shown.group) == ("Ib Hansen", 11, "barn")
    assert (shown.open_loans, shown.limit, shown.home_branch) == (1, 15, "Struer")
    assert [b.kind for b in shown.blocks] == ["U"]
    assert shown.card is not None
    assert shown.card.number == person.card


async def test_without_a_card_the_blocks_of_a_card_are_not_shown(house: House) -> None:
    person = house.borrower()
    house.block(person, "O", of_card=True)
    assert [b.kind for b in (await page(house, person)).blocks] == ["O"]
    without = await page(house, person, by_card=False)
    assert (without.blocks, without.card) == ((), None)


@pytest.mark.parametrize(("until", "protected"), [(None, True), (TODAY, True), (date(2026, 3, 9), False)])
async def test_address_protection_lasts_through_its_last_day(house: House, until: date | None, protected: bool) -> None:
    person = house.borrower()
    house.put(Borrower.update(address_protected=True, protected_until=until))
    assert (await page(house, person)).address_protected is protected


async def test_what_a_record_prints_of_itself_names_nobody(house: House) -> None:
    person = house.borrower(name="Karla Nørregaard")
    await do(house, WriteInternalNote, borrower_id=person.borrower_id, note="glemte en hue")
    await block(house, person, reason="råbte")
    printed = repr(await page(house, person))
    assert not any(text in printed for text in ("Karla", "hue", "2014", "råbte", person.card))


@pytest.mark.parametrize("kind", "DFUE")
async def test_what_the_library_decided_only_a_supervisor_lifts(house: House, kind: str) -> None:
    person = house.borrower()
    block_id = await block(house, person, kind)
    with pytest.raises(NotAllowed):
        await lift(house, block_id, reason="beder pænt")
    await lift(house, block_id, reason="fejl i registret", who=house.who("supervisor"))
    assert await house.refusals(house.item(), person) == ()


@pytest.mark.parametrize("kind", "OSW")
async def test_what_is_lifted_at_the_counter_staff_lift(house: House, kind: str) -> None:
    person = house.borrower()
    await lift(house, await block(house, person, kind), reason="legitimation set")
    assert await house.refusals(house.item(), person) == ()
