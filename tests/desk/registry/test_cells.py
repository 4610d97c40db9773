"""What one cell of an import may say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.borrowers.cpr import born_with
from desk.registry import cells
from desk.registry.cells import BadCell

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("249,95", 24995),
        ("249.95", 24995),
        ("249", 24900),
        ("249,9", 24990),
        ("1.249,95", 124995),
        ("1 249,95", 124995),
        ("1.249", 124900),
        (" 75,00 kr. ", 7500),
        ("kr. 75", 7500),
        ("0", 0),
        ("", None),
    ],
)
def test_a_price_is_read_as_danes_write_it(cell: str, expected: int | None) -> None:
    assert cells.ore(cell) == expected


@pytest.mark.parametrize("cell", ["gratis", "-5", "1,2,3", "12.34.5", "249,955", "９9", "1e9", "99999999999"])
def test_what_is_no_price_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        cells.ore(cell)


@pytest.mark.parametrize("cell", ["1980-05-17", "17.5.1980", "17-05-1980", "17/05/1980"])
def test_a_date_is_read_in_both_orders(cell: str) -> None:
    assert cells.day(cell, "birth_date") == date(1980, 5, 17)


@pytest.mark.parametrize("cell", ["30-02-1980", "1980-13-01", "17. maj", "05/17/1980", "80-05-17"])
def test_what_is_no_date_is_refused(cell: str) -> None:
    with pytest.raises(BadCell) as refused:
        cells.day(cell, "birth_date")
    assert refused.value.why == "birth_date"


@pytest.mark.parametrize(
    ("cpr", "born"),
    [
        ("0707614285", date(1961, 7, 7)),
        ("2110625629", date(1862, 10, 21)),
        ("0101654000", date(1965, 1, 1)),
        ("6702904321", date(1990, 2, 7)),
        ("2902004234", date(2000, 2, 29)),
    ],
)
def test_a_cpr_number_is_judged_by_its_date_and_never_by_modulus_11(cpr: str, born: date) -> None:
    assert cells.cpr(f"{cpr[:6]}-{cpr[6:]}", TODAY) == cpr
    assert born_with(cpr) == born


@pytest.mark.parametrize("cpr", ["2902001234", "0101364000", "3201901234", "0113901234", "010190123", "0101A01234"])
def test_a_number_that_nobody_was_born_with_is_refused(cpr: str) -> None:
    with pytest.raises(BadCell):
        cells.cpr(cpr, TODAY)


@pytest.mark.parametrize(("cell", "year"), [("c1998", 1998), ("[1901?]", 1901), ("2004-05", 2004), ("19uu", None)])
def test_a_year_is_found_among_the_cataloguers_marks(cell: str, year: int | None) -> None:
    assert cells.year(cell) == year


def test_parts_are_counted_from_one() -> None:
    assert (cells.parts(""), cells.parts(" 3 ")) == (1, 3)
    for cell in ("0", "-1", "to", "1000", "9" * 50):
        with pytest.raises(BadCell):
            cells.parts(cell)


def test_text_is_cleaned_of_what_would_reach_the_terminal() -> None:
    assert cells.text("Ib\x1b[2J \u202eHansen\n") == "Ib[2J Hansen"


def test_the_same_title_is_found_again_however_it_is_written() -> None:
    assert cells.title_key("Kongens  Fald", "Jensen") == cells.title_key(" kongens fald", "JENSEN ")


@given(st.text(max_size=80))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    for read in (cells.ore, cells.parts, lambda text: cells.day(text, "x"), lambda text: cells.cpr(text, TODAY)):
        try:
            read(cell)
        except BadCell:
            continue
