"""Labels of cards and items: which codes may stand on one, and what it says."""

from __future__ import annotations

from datetime import date

import pytest

from db.models import Borrower
from desk.command import INSTALLATION
from desk.errors import InvalidInput, NotFound
from desk.labels.drawing import drawn_label
from desk.labels.queries import card_label, item_label
from desk.labels.records import LabelRecord
from desk.labels.rules import LONGEST_LINE, barcode, card_number, cut, grouped, lines_of
from tests.barcodes import read_png, read_svg, texts
from tests.builders import House


@pytest.mark.parametrize("raw", ["1001901234", "100190-1234", " 7001901234 ", "100190 1234", "100190 - 1234"])
async def test_a_cpr_number_is_never_a_cards_number(house: House, raw: str) -> None:
    house.borrower(card=raw.strip())
    with pytest.raises(InvalidInput) as refused:
        await drawn_label(house.desk, INSTALLATION, card_label, raw, "svg")
    assert (refused.value.field, refused.value.why) == ("card_number", "cpr")
    assert "1234" not in repr(refused.value)


async def test_an_items_number_of_ten_figures_may_look_like_one(house: House) -> None:
    house.item(barcode="1001901234")
    label, svg = await drawn_label(house.desk, INSTALLATION, item_label, "1001901234", "svg")
    assert read_svg(svg) == label.code == "1001901234"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("x" * 65, "too_long"),
        ("Ø1", "not_ascii"),
        ("1ñ", "not_ascii"),
        ("1\x07", "unreadable"),
    ],
)
def test_a_code_without_bars_is_refused_by_its_field(raw: str, why: str) -> None:
    for field, clean in (("card_number", card_number), ("barcode", barcode)):
        with pytest.raises(InvalidInput) as refused:
            clean(raw)
        assert (refused.value.field, refused.value.why) == (field, why)


async def test_only_what_is_in_the_store_gets_a_label(house: House) -> None:
    person, thing = house.borrower(), house.item()
    for query, code, what in ((card_label, thing.barcode, "card"), (item_label, person.card, "item")):
        with pytest.raises(NotFound) as missing:
            await house.desk.ask(house.who(), query, code)
        assert missing.value.what == what


async def test_a_card_says_library_and_number_and_nothing_of_the_borrower(house: House) -> None:
    person = house.borrower(name="Anna Kirstine Møller", card="30000034A6", cpr="7705804321", born=date(1980, 5, 17))
    house.put(Borrower.update(street="Østergade 5", email="anna@example.dk").where(Borrower.id == person.borrower_id))
    label, svg = await drawn_label(house.desk, house.who("it"), card_label, " 30000034a6", "svg")
    assert label == LabelRecord("30000034A6", "Struer")
    assert texts(svg) == ["30000034A6", "Struer"]
    assert "30000034A6" not in repr(label)


async def test_an_item_says_its_title_too(house: House) -> None:
    house.item(barcode="3000003416", title="Æ, Ø og Å: " + "en meget lang titel " * 10)
    label, svg = await drawn_label(house.desk, house.who(), item_label, "3000003416", "svg")
    assert texts(svg) == ["3000 0034 16", "Struer", "Æ, Ø og Å: en meget lang titel…"]
    assert read_svg(svg) == "3000003416"
    same, png = await drawn_label(house.desk, house.who(), item_label, "3000003416", "png")
    assert same == label
    assert read_png(png) == "3000003416"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("48291173", "4829 1173"),
        ("3000003416", "3000 0034 16"),
        ("123", "123"),
        ("K0000001", "K0000001"),
        ("12 345", "12 345"),
    ],
)
def test_figures_are_grouped_for_reading(code: str, shown: str) -> None:
    assert grouped(code) == shown


def test_a_long_text_is_cut_and_an_empty_one_takes_no_line() -> None:
    assert cut("x" * LONGEST_LINE) == "x" * LONGEST_LINE
    assert cut("x" * 200) == "x" * (LONGEST_LINE - 1) + "…"
    assert lines_of(LabelRecord("1", "", "")) == ("1",)
