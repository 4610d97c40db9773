"""Somebody's own numbers in what was written about others: told before, never explained, a hit until it is edited."""

from __future__ import annotations

from typing import Any

import pytest

from db.models import Item, Message
from desk.borrowers.commands import WriteInternalNote
from desk.privacy.deletion import noted
from desk.privacy.deletion.noted import notes_about
from desk.privacy.erasure.certificate import certificate_pdf
from desk.privacy.erasure.queries import certificate_of
from tests import canary
from tests.builders import House
from tests.desk.privacy.erasure.test_again import resumed
from tests.desk.privacy.erasure.test_proof import Library, library
from tests.erasing import NUMBER, Life, a_life
from tests.pdfs import text_of

__all__ = ["library"]


async def places(house: House, life: Life) -> list[tuple[str, int, int | None]]:
    """Ask as F6 does."""
    notes = await notes_about(house.desk, house.who(), life.request_id)
    return [(note.column, note.row, note.borrower_id) for note in notes]


async def write_note(house: House, borrower_id: int, text: str) -> None:
    """Write an internal note, as at the counter."""
    command = WriteInternalNote(
        command_id=house.new_id(), who=house.who(), at=house.clock(), borrower_id=borrower_id, note=text
    )
    await house.desk.do(command)


@pytest.mark.parametrize(
    "text",
    [
        f"deler telefon med {NUMBER}",
        "se også 4716 4716.",
        f"bror til {canary.CPR_WRITTEN}",
        f"({canary.CPR})",
        f"har lånt på {canary.CARD.lower()}-2",
    ],
)
async def test_a_note_about_another_is_told_before_anything_is_approved(house: House, text: str) -> None:
    life = await a_life(house)
    assert await places(house, life) == []
    neighbour = life.neighbour.borrower_id
    await write_note(house, neighbour, text)
    assert await places(house, life) == [("internal_note", neighbour, neighbour)]


async def test_it_is_found_in_whatever_stretch_it_lies(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "ROWS_AT_ONCE", 2)
    life = await a_life(house)
    neighbour = life.neighbour.borrower_id
    others = [house.borrower().borrower_id for _one in range(5)]
    for borrower_id in (others[-1], neighbour):
        await write_note(house, borrower_id, f"nabo til {NUMBER}")
    found = [("internal_note", one, one) for one in (neighbour, others[-1])]
    assert await places(house, life) == found


@pytest.mark.parametrize("text", [f"stregkode 30{NUMBER}", f"X{canary.CARD}", "bor i Fuglsangby", ""])
async def test_what_only_looks_like_it_is_not(house: House, text: str) -> None:
    life = await a_life(house)
    await write_note(house, life.neighbour.borrower_id, text)
    assert await places(house, life) == []


async def test_messages_and_reasons_are_read_as_well(house: House) -> None:
    life = await a_life(house)
    neighbour = life.neighbour.borrower_id
    house.put(
        Message.insert(
            borrower=neighbour,
            kind="reminder",
            channel="email",
            cause="x",
            language="da",
            body=f"Kære Ib, kort {canary.CARD} er spærret",
            created_at=house.clock(),
            message_id="x",
        )
    )
    house.put(Item.update(status_reason=f"ødelagt af {NUMBER}").where(Item.id == life.on_shelf.item_id))
    found = await places(house, life)
    assert [(column, whose) for column, _row, whose in found] == [("body", neighbour), ("status_reason", None)]


async def test_it_is_a_hit_until_somebody_edits_it(library: Library) -> None:
    house = library.house
    life = await a_life(house)
    neighbour = life.neighbour.borrower_id
    await write_note(house, neighbour, f"nabo til {NUMBER}")
    assert (await library.erase(life)).state == "unproven"
    proof: dict[str, Any] = library.proof()
    assert proof["left"] == [f"borrower row {neighbour} internal_note"]
    assert neighbour not in proof["explained"].get("borrower", [])
    assert await places(house, life) == [("internal_note", neighbour, neighbour)]
    certificate = await house.desk.ask(house.who("supervisor"), certificate_of, life.request_id)
    said = " ".join(text_of(certificate_pdf(certificate, on_server=False)).split())
    assert "1 af dem er en note om en anden" in said
    assert NUMBER not in said
    await write_note(house, neighbour, "nabo til en, der er flyttet")
    assert [one.state for one in await resumed(library, failed_too=True)] == ["proven"]
    assert await places(house, life) == []


async def test_rows_that_are_the_word_itself_are_counted_and_not_numbered(library: Library) -> None:
    life = await a_life(library.house)
    await library.erase(life)
    proof = library.proof()
    assert proof["shared"].keys() >= {"borrower", "search_word", "telephone"}
    assert proof["explained"].keys() & {"search_word", "listing", "title_word", "telephone"} == set()
    assert proof["explained"]["borrower"]
    certificate = await library.house.desk.ask(library.house.who("supervisor"), certificate_of, life.request_id)
    said = " ".join(text_of(certificate_pdf(certificate, on_server=False)).split())
    assert "om andre i search_word rummer et af de samme ord." in said
    assert "om andre i borrower rummer et af de samme ord: række" in said
