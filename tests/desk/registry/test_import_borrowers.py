"""Borrowers from elsewhere, on both engines. Their CPR numbers are replacement numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.models import Block, Borrower, BorrowerGroup, Card, Telephone
from desk.errors import InvalidInput, NotAllowed
from desk.registry.borrower_rows import BorrowerCsv
from tests.builders import VAULT
from tests.desk.registry.files import Desk, counts, skipped

CPR = "7705804321"
ROWS = {
    "card": "3300000012",
    "cpr": CPR,
    "name": "Anna Kirstine Møller",
    "birth_date": "",
    "co": "c/o Jensen",
    "street": "Østergade 5",
    "postcode": "7600",
    "city": "Struer",
    "phone": "97 85 00 00",
    "mobile": "+45 20 12 34 56",
    "email": "anna@example.dk",
    "group": "voksen",
    "branch": "Thyholm",
    "municipality": "0671",
    "language": "en",
    "guardian_card": "",
    "internal_note": "Glemte en hue",
    "note_to_borrower": "Husk kortet",
}


def row(**cells: str) -> str:
    """Word a line: the usual borrower, with other cells."""
    return ",".join(f'"{cell}"' for cell in (ROWS | cells).values())


def empty(**cells: str) -> str:
    """Word a line in which only some cells are filled in."""
    return row(**(dict.fromkeys(ROWS, "") | {"card": "3300000012", "name": "Ib Hansen"} | cells))


def borrower(desk: Desk, *columns: Any) -> tuple[Any, ...]:
    (found,) = desk.house.rows(Borrower.select(*columns))
    return found


def telephones(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.house.rows(Telephone.select(Telephone.number, Telephone.takes_sms).order_by(Telephone.number))


async def test_a_borrower_goes_in_with_everything_the_file_says(desk: Desk) -> None:
    assert counts(await desk.borrowers(row())) == (1, 1, 0, 0)
    assert borrower(
        desk,
        Borrower.number,
        Borrower.name,
        Borrower.birth_date,
        Borrower.care_of,
        Borrower.street,
        Borrower.postcode,
        Borrower.city,
        Borrower.email,
        Borrower.home_branch,
        Borrower.municipality,
        Borrower.language,
        Borrower.internal_note,
        Borrower.internal_note_at,
        Borrower.note_to_borrower,
    ) == (
        "10000001",
        "Anna Kirstine Møller",
        date(1980, 5, 17),
        "c/o Jensen",
        "Østergade 5",
        "7600",
        "Struer",
        "anna@example.dk",
        desk.house.other_branch,
        "671",
        "en",
        "Glemte en hue",
        desk.house.clock(),
        "Husk kortet",
    )
    assert desk.house.rows(Card.select(Card.number, Card.state, Card.pin_hash)) == [("3300000012", "active", None)]
    assert telephones(desk) == [("+45 20 12 34 56", True), ("97 85 00 00", False)]


async def test_a_cpr_number_lies_sealed_and_is_found_by_its_index(desk: Desk) -> None:
    await desk.borrowers(row(cpr=f"{CPR[:6]}-{CPR[6:]}"))
    sealed, index = borrower(desk, Borrower.cpr_sealed, Borrower.cpr_index)
    assert VAULT.open(sealed) == CPR
    assert index == VAULT.index(CPR)


async def test_the_same_file_again_doubles_nobody(desk: Desk) -> None:
    rows = [empty(card=f"K{number}", name=f"Navn {number}", mobile="20123456") for number in range(420)]
    assert counts(await desk.borrowers(*rows)) == (420, 420, 0, 0)
    assert counts(await desk.borrowers(*rows)) == (420, 0, 420, 0)
    assert (len(desk.house.ids(Borrower)), len(desk.house.ids(Card)), len(telephones(desk))) == (420, 420, 420)


async def test_a_second_run_updates_what_the_file_says(desk: Desk) -> None:
    await desk.borrowers(row())
    await desk.borrowers(
        row(name="Anna Møller", street="Vestergade 1", mobile="", phone="97850001", group="institution")
    )
    assert borrower(desk, Borrower.name, Borrower.street) == ("Anna Møller", "Vestergade 1")
    assert telephones(desk) == [("97850001", False)]
    group = desk.house.rows(
        BorrowerGroup.select(BorrowerGroup.code).join(Borrower, on=(Borrower.borrower_group == BorrowerGroup.id))
    )
    assert group == [("institution",)]


async def test_what_the_file_does_not_say_stays_as_it_is(desk: Desk) -> None:
    await desk.borrowers(row())
    await desk.borrowers("3300000012,Anna Møller", columns="card,name")
    assert borrower(desk, Borrower.name, Borrower.street, Borrower.language, Borrower.internal_note) == (
        "Anna Møller",
        "Østergade 5",
        "en",
        "Glemte en hue",
    )
    assert len(telephones(desk)) == 2


async def test_an_empty_cell_forgets_an_address_but_no_birth_date_and_no_cpr_number(desk: Desk) -> None:
    await desk.borrowers(row())
    await desk.borrowers(empty())
    assert borrower(desk, Borrower.street, Borrower.internal_note, Borrower.internal_note_at) == ("", "", None)
    assert borrower(desk, Borrower.birth_date, Borrower.language) == (date(1980, 5, 17), "en")
    assert borrower(desk, Borrower.cpr_index) == (VAULT.index(CPR),)
    assert telephones(desk) == []


async def test_a_note_that_is_the_same_keeps_when_it_was_written(desk: Desk) -> None:
    await desk.borrowers(row())
    written = desk.house.clock()
    desk.house.clock.forward(days=3)
    await desk.borrowers(row())
    assert borrower(desk, Borrower.internal_note_at) == (written,)


async def test_blocks_and_cards_stay_through_an_import(desk: Desk) -> None:
    await desk.borrowers(row())
    (borrower_id,) = borrower(desk, Borrower.id)
    desk.house.put(Card.update(state="stolen", pin_hash="x"))
    desk.house.put(Block.insert(borrower=borrower_id, kind="U", set_on=date(2026, 3, 1)))
    await desk.borrowers(row())
    assert desk.house.rows(Card.select(Card.state, Card.pin_hash)) == [("stolen", "x")]
    assert len(desk.house.ids(Block)) == 1


async def test_a_cpr_number_that_comes_later_is_sealed_then(desk: Desk) -> None:
    await desk.borrowers(empty())
    await desk.borrowers(empty(cpr=CPR))
    assert borrower(desk, Borrower.cpr_index, Borrower.birth_date) == (VAULT.index(CPR), date(1980, 5, 17))


async def test_a_new_card_goes_to_whoever_has_the_cpr_number(desk: Desk) -> None:
    await desk.borrowers(row())
    assert counts(await desk.borrowers(row(card="3300000099"))) == (1, 0, 1, 0)
    assert len(desk.house.ids(Borrower)) == 1
    assert len(desk.house.ids(Card)) == 2


async def test_a_health_card_is_no_card_of_ours_and_its_number_lies_nowhere_in_the_clear(desk: Desk) -> None:
    assert counts(await desk.borrowers(row(card=CPR), empty(card="", cpr="7805804321"))) == (2, 2, 0, 0)
    assert desk.house.ids(Card) == []
    assert counts(await desk.borrowers(row(card=f"{CPR[:6]}-{CPR[6:]}"))) == (1, 0, 1, 0)


async def test_who_is_responsible_may_stand_further_down_or_in_the_store_already(desk: Desk) -> None:
    await desk.borrowers(empty(card="MOR"))
    report = await desk.borrowers(
        empty(card="B1", guardian_card="FAR"),
        empty(card="B2", guardian_card="mor"),
        empty(card="FAR", name="Far"),
    )
    assert counts(report) == (3, 3, 0, 0)
    by_card = dict(desk.house.rows(Card.select(Card.number, Card.borrower)))
    guardians = dict(desk.house.rows(Borrower.select(Borrower.id, Borrower.guardian)))
    assert guardians[by_card["B1"]] == by_card["FAR"]
    assert guardians[by_card["B2"]] == by_card["MOR"]
    assert guardians[by_card["FAR"]] is None


async def test_a_child_is_in_the_childrens_group_unless_the_file_says_otherwise(desk: Desk) -> None:
    await desk.borrowers(empty(card="MOR"), empty(card="B1", guardian_card="MOR"))
    groups = desk.house.rows(
        Borrower.select(BorrowerGroup.code)
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .order_by(Borrower.id)
    )
    assert groups == [("voksen",), ("barn",)]


async def test_a_guardian_nobody_knows_is_remarked_on_and_the_child_goes_in(desk: Desk) -> None:
    report = await desk.borrowers(empty(card="B1", guardian_card="INGEN"), empty(card="B2", guardian_card="B2"))
    assert counts(report) == (2, 2, 0, 0)
    assert [(note.record, note.why) for note in report.notes] == [(2, "guardian_unknown"), (3, "guardian_self")]


async def test_a_guardian_is_changed_and_taken_away(desk: Desk) -> None:
    await desk.borrowers(empty(card="MOR"), empty(card="FAR"), empty(card="B", guardian_card="MOR"))
    child = desk.house.value(Card.select(Card.borrower).where(Card.number == "B"))
    for guardian_card, expected in (("FAR", 2), ("INGEN", 2), ("", None)):
        await desk.borrowers(empty(card="B", guardian_card=guardian_card))
        assert desk.house.value(Borrower.select(Borrower.guardian).where(Borrower.id == child)) == expected


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"card": ""}, "card"),
        ({"name": " "}, "name"),
        ({"cpr": "3102801234"}, "cpr"),
        ({"cpr": "0101364000"}, "cpr"),
        ({"birth_date": "31.2.1980"}, "birth_date"),
        ({"birth_date": "2026-03-11"}, "birth_date"),
        ({"phone": "ring til mor"}, "phone"),
        ({"email": "anna"}, "email"),
        ({"group": "pensionist"}, "group"),
        ({"branch": "Ribe"}, "branch"),
        ({"municipality": "Struer"}, "municipality"),
        ({"language": "tysk"}, "language"),
        ({"internal_note": "x" * 501}, "note"),
        ({"street": "x" * 201}, "too_long"),
    ],
)
async def test_what_cannot_be_meant_is_told_and_the_next_goes_in(desk: Desk, cells: dict[str, str], why: str) -> None:
    report = await desk.borrowers(empty(**cells), empty(card="NEXT"))
    assert (skipped(report), report.added) == ([(2, why)], 1)


async def test_the_first_of_two_counts(desk: Desk) -> None:
    report = await desk.borrowers(
        empty(card="A", cpr=CPR, name="Den første"), empty(card="a"), empty(card="B", cpr=CPR), empty(card="C")
    )
    assert skipped(report) == [(3, "card_twice"), (4, "cpr_twice")]
    assert desk.house.value(Borrower.select(Borrower.name).order_by(Borrower.id)) == "Den første"


async def test_a_card_and_a_cpr_number_of_two_people_change_neither(desk: Desk) -> None:
    await desk.borrowers(empty(card="A", name="Anna"), empty(card="B", cpr=CPR, name="Bo"))
    report = await desk.borrowers(empty(card="A", cpr=CPR, name="Hvem"))
    assert skipped(report) == [(2, "cpr_of_another")]
    assert desk.house.rows(Borrower.select(Borrower.name).order_by(Borrower.id)) == [("Anna",), ("Bo",)]


async def test_a_number_that_is_taken_is_drawn_again(desk: Desk) -> None:
    await desk.borrowers(empty(card="A"))
    drawn = iter(["10000001"] * 21 + [f"{number:08}" for number in range(21)])
    assert counts(await desk.borrowers(empty(card="B"), random_digits=lambda _count: next(drawn))) == (1, 1, 0, 0)
    assert len(set(desk.house.rows(Borrower.select(Borrower.number)))) == 2


async def test_numbers_that_never_end_being_taken_are_given_up(desk: Desk) -> None:
    await desk.borrowers(empty(card="A"))
    with pytest.raises(InvalidInput):
        await desk.borrowers(empty(card="B"), random_digits=lambda _count: "10000001")


async def test_staff_import_nobody(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        await desk.borrowers(row(), who=desk.house.who("supervisor"))
    assert desk.house.ids(Borrower) == []


async def test_a_row_shows_nobody(desk: Desk) -> None:
    await desk.borrowers(row())
    shown = repr(list(BorrowerCsv(desk.folder / "borrowers.csv", date(2026, 3, 10)).rows()))
    assert not any(secret in shown for secret in ("Møller", CPR, "Østergade", "20 12", "3300000012", "hue"))


async def test_a_card_that_would_mean_two_things_does_not_go_in(desk: Desk) -> None:
    house = desk.house
    house.hire("staff", card="PERSONALE-1")
    number = house.value(Borrower.select(Borrower.number).where(Borrower.id == house.borrower().borrower_id))
    barcode = house.item().barcode
    cards = (barcode, "personale-1", number, "7705804321", "KØ-1", "K-NY")
    report = await desk.borrowers(*(empty(card=card) for card in cards))
    assert skipped(report) == [
        (2, "card_item"),
        (3, "card_staff_card"),
        (4, "card_borrower_number"),
        (5, "card_looks_like_cpr"),
        (6, "card_no_bars"),
    ]
    assert report.added == 1
