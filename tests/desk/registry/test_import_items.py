"""Items from elsewhere, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.models import CommandRecord, Item, MaterialGroup, Title
from desk.errors import ImportFailed, NotAllowed
from desk.registry.marc_record import ItemField
from tests.builders import Thing
from tests.desk.registry.files import Desk, counts, marc, skipped

ONE = "5100000085;Kongens Fald;Johannes V. Jensen;1901;14dag;Thyholm;Jensen;249,95;2"


def items(desk: Desk) -> list[tuple[object, ...]]:
    return desk.house.rows(
        Item.select(
            Item.barcode, Title.title, Title.author, Title.year, MaterialGroup.code, Item.shelf_mark, Item.price_ore
        )
        .join(Title, on=(Item.title == Title.id))
        .join(MaterialGroup, on=(Item.material_group == MaterialGroup.id))
        .order_by(Item.barcode)
    )


def thing(desk: Desk, barcode: str) -> Thing:
    return Thing(desk.house.value(Item.select(Item.id).where(Item.barcode == barcode)), barcode)


async def test_an_item_goes_in_with_everything_the_file_says(desk: Desk) -> None:
    report = await desk.items(ONE)
    assert counts(report) == (1, 1, 0, 0)
    assert items(desk) == [("5100000085", "Kongens Fald", "Johannes V. Jensen", 1901, "14dag", "Jensen", 24995)]
    row = desk.house.rows(Item.select(Item.branch, Item.parts, Item.status))
    assert row == [(desk.house.other_branch, 2, "available")]


async def test_columns_may_be_missing_and_then_the_item_belongs_to_this_branch(desk: Desk) -> None:
    report = await desk.items("510;Bog", columns="barcode;title")
    assert counts(report) == (1, 1, 0, 0)
    assert desk.house.rows(Item.select(Item.branch, Item.parts, Item.price_ore)) == [(desk.house.branch, 1, None)]


async def test_copies_of_one_title_share_it(desk: Desk) -> None:
    await desk.items("1;Bog;Ib;;;;;;", "2; BOG ;ib;;;;;;", "3;Bog;En anden;;;;;;")
    assert len(desk.house.ids(Title)) == 2


async def test_the_same_file_again_doubles_nothing(desk: Desk) -> None:
    rows = [f"{number};Titel {number % 150};Ib;;;;;;" for number in range(450)]
    assert counts(await desk.items(*rows)) == (450, 450, 0, 0)
    before = items(desk)
    assert counts(await desk.items(*rows)) == (450, 0, 450, 0)
    assert items(desk) == before
    assert len(desk.house.ids(Title)) == 150


async def test_a_second_run_puts_right_what_the_file_puts_right(desk: Desk) -> None:
    await desk.items("510;Kongens Fal;Jensen;;;;;;", "511;Kongens Fal;Jensen;;;;;;")
    title = desk.house.ids(Title)
    await desk.items("510;Kongens Fald;Jensen;1901;14dag;;Jensen;100;", "511;Kongens Fald;Jensen;1901;14dag;;;;")
    assert items(desk) == [
        ("510", "Kongens Fald", "Jensen", 1901, "14dag", "Jensen", 10000),
        ("511", "Kongens Fald", "Jensen", 1901, "14dag", "", None),
    ]
    # The title keeps its row, and with it what hangs on it.
    assert desk.house.ids(Title) == title


async def test_one_copy_that_was_another_title_all_along_leaves_the_others_where_they_are(desk: Desk) -> None:
    await desk.items("510;Bog;Ib;;;;;;", "511;Bog;Ib;;;;;;")
    await desk.items("511;En anden bog;Ib;;;;;;")
    assert [row[:2] for row in items(desk)] == [("510", "Bog"), ("511", "En anden bog")]


async def test_what_the_file_does_not_say_stays_as_it_is(desk: Desk) -> None:
    await desk.items(ONE)
    await desk.items("5100000085;Kongens Fald;Johannes V. Jensen", columns="barcode;title;author")
    assert items(desk) == [("5100000085", "Kongens Fald", "Johannes V. Jensen", 1901, "14dag", "Jensen", 24995)]
    assert desk.house.rows(Item.select(Item.branch, Item.parts)) == [(desk.house.other_branch, 2)]


async def test_an_item_on_loan_keeps_its_status_and_its_loan(desk: Desk) -> None:
    await desk.items("510;Bog;Ib;;;;;;")
    await desk.house.lend(thing(desk, "510"), desk.house.borrower())
    loans = desk.house.open_loans()
    assert counts(await desk.items("510;Bog;Ib;1999;;;;;")) == (1, 0, 1, 0)
    assert desk.house.status(thing(desk, "510")) == "on_loan"
    assert desk.house.open_loans() == loans


async def test_a_barcode_twice_in_the_file_counts_once(desk: Desk) -> None:
    report = await desk.items("510;Den første;;;;;;;", "511;Bog;;;;;;;", " 510 ;Den anden;;;;;;;")
    assert counts(report) == (3, 2, 0, 1)
    assert skipped(report) == [(4, "barcode_twice")]
    assert [row[1] for row in items(desk)] == ["Den første", "Bog"]


async def test_bad_rows_are_told_by_line_and_the_good_ones_go_in(desk: Desk) -> None:
    report = await desk.items(
        ";Uden stregkode;;;;;;;",
        "510;;;;;;;;",
        "511;Bog;;;;;;gratis;",
        "512;Bog;;;;;;;mange",
        "513;Bog;;;;Ribe;;;",
        f"{'5' * 65};Bog;;;;;;;",
        "514;Bog",
        "515;Bog;;;;;;;",
    )
    assert skipped(report) == [
        (2, "barcode"),
        (3, "title"),
        (4, "price"),
        (5, "parts"),
        (6, "branch"),
        (7, "barcode"),
        (8, "cells"),
    ]
    assert counts(report) == (8, 1, 0, 7)
    assert report.records == 8


async def test_a_second_run_repairs(desk: Desk) -> None:
    await desk.items("510;Bog;;;;;;gratis;", "511;Bog;;;;;;;")
    assert counts(await desk.items("510;Bog;;;;;;20;", "511;Bog;;;;;;;")) == (2, 1, 1, 0)


async def test_an_unknown_material_type_is_standard_and_is_told_once(desk: Desk) -> None:
    report = await desk.items("1;A;;;LYD;;;;", "2;B;;;lyd;;;;", "3;C;;;LYD;;;;", "4;D;;;14DAG;;;;", "5;E;;;;;;;")
    assert [row[4] for row in items(desk)] == ["standard"] * 3 + ["14dag", "standard"]
    assert [(note.record, note.detail, note.count) for note in report.notes] == [(2, "LYD", 2), (3, "lyd", 1)]
    assert counts(report) == (5, 5, 0, 0)


async def test_missing_columns_write_nothing(desk: Desk) -> None:
    with pytest.raises(ImportFailed) as refused:
        await desk.items("Bog;Ib", columns="title;author")
    assert refused.value.detail == "barcode"
    assert desk.house.ids(Title) == []


@pytest.mark.parametrize("role", ["staff", "supervisor"])
async def test_staff_import_nothing(desk: Desk, role: str) -> None:
    with pytest.raises(NotAllowed):
        await desk.items(ONE, who=desk.house.who(role))
    assert desk.house.ids(Title) == []


async def test_a_batch_is_a_command_of_its_own_and_leaves_no_title_in_the_record(desk: Desk) -> None:
    await desk.items(*(f"{number};Bog {number};;;;;;;" for number in range(401)))
    assert desk.house.records() == [("ImportItems", "")] * 3
    assert desk.house.rows(CommandRecord.select(CommandRecord.row_id)) == [(None,)] * 3
    assert desk.told[-1] == (403, 403)
    assert desk.told == sorted(desk.told)


async def test_marc_records_go_in_with_an_item_for_each_field(desk: Desk) -> None:
    content = marc("Kongens Fald", "510", "511", number="1", material="14dag") + marc("Bog", "512", number="2")
    report = await desk.raw_items(content, "items.mrc")
    assert (report.records, counts(report)) == (2, (3, 3, 0, 0))
    assert [row[:5] for row in items(desk)] == [
        ("510", "Kongens Fald", "Jensen, Johannes V.", 1901, "14dag"),
        ("511", "Kongens Fald", "Jensen, Johannes V.", 1901, "14dag"),
        ("512", "Bog", "Jensen, Johannes V.", 1901, "standard"),
    ]


async def test_marc_is_known_by_its_beginning_whatever_the_file_is_called(desk: Desk) -> None:
    assert counts(await desk.raw_items(marc("Bog", "510"), "udtræk.txt")) == (1, 1, 0, 0)


async def test_a_title_with_a_number_is_found_again_by_it(desk: Desk) -> None:
    await desk.raw_items(marc("Kongens Fal", "510", number="1"), "items.mrc")
    await desk.raw_items(marc("Kongens Fald", "510", number="1"), "items.mrc")
    assert [row[1] for row in items(desk)] == ["Kongens Fald"]
    assert len(desk.house.ids(Title)) == 1


async def test_prices_set_here_survive_a_marc_file_that_has_none(desk: Desk) -> None:
    await desk.raw_items(marc("Bog", "510"), "items.mrc")
    desk.house.put(Item.update(price_ore=9900, shelf_mark="Jensen"))
    await desk.raw_items(marc("Bog", "510"), "items.mrc")
    assert [row[5:] for row in items(desk)] == [("Jensen", 9900)]


async def test_a_cut_off_marc_file_gives_what_is_whole_and_a_second_run_the_rest(desk: Desk) -> None:
    whole = marc("Bog", "510") + marc("En anden", "511")
    report = await desk.raw_items(whole[:-30], "items.mrc")
    assert (counts(report), skipped(report)) == ((2, 1, 0, 1), [(2, "truncated")])
    assert counts(await desk.raw_items(whole, "items.mrc")) == (2, 1, 1, 0)


async def test_a_music_library_is_read_whole_and_a_second_time_updated(desk: Desk, shared: Path) -> None:
    path = shared / "data" / "marc21-music-1000.mrc"
    for added, updated in ((1238, 0), (0, 1238)):
        report = await desk.importer().items(path, ItemField())
        assert (report.records, counts(report)) == (1000, (1238, added, updated, 0))
    assert len(desk.house.ids(Item)) == 1238


@settings(max_examples=25)
@given(st.binary(max_size=300))
async def test_any_bytes_below_a_header_are_read_or_told(desk: Desk, content: bytes) -> None:
    report = await desk.raw_items(b"barcode;title;price\n" + content)
    assert report.read == report.added + report.updated + len(report.skipped)


async def test_an_item_with_the_number_of_a_card_does_not_go_in(desk: Desk) -> None:
    """What is scanned is told by look-up (C1): it would be a person and a book."""
    desk.house.hire("staff", card="PERSONALE-1")
    card = desk.house.borrower().card
    report = await desk.items(f"{card};Bog", "personale-1;Bog", "1001901234;Bog", columns="barcode;title")
    assert skipped(report) == [(2, "barcode_card"), (3, "barcode_staff_card")]
    assert not any(problem.detail for problem in report.skipped)
    assert desk.house.rows(Item.select(Item.barcode)) == [("1001901234",)]


async def test_an_item_that_was_a_card_too_before_is_updated_as_it_was(desk: Desk) -> None:
    thing = desk.house.item(barcode=desk.house.borrower().card)
    assert counts(await desk.items(f"{thing.barcode};Ny titel", columns="barcode;title")) == (1, 0, 1, 0)
