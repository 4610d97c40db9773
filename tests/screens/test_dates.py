"""Dates as a clerk types them."""

from __future__ import annotations

from datetime import date

import pytest

from desk.borrowers.municipalities import municipality_name
from screens.dates import as_typed, typed_birth_date, typed_date

TODAY = date(2026, 9, 24)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("17.5.1980", date(1980, 5, 17)),
        ("17051980", date(1980, 5, 17)),
        ("17/5-80", date(1980, 5, 17)),
        ("24.9.26", date(2026, 9, 24)),
        ("25.9.26", date(1926, 9, 25)),
        ("29.2.28", date(1928, 2, 29)),
        ("17.5.", None),
        ("1705", None),
        ("31.2.1980", None),
        ("i går", None),
        ("", None),
    ],
)
def test_a_birth_date_has_a_year_and_lies_in_the_last_hundred_when_it_has_two_figures(
    typed: str, day: date | None
) -> None:
    assert typed_birth_date(typed, TODAY) == day


def test_a_date_is_put_as_it_would_be_typed() -> None:
    assert as_typed(None) == ""
    assert typed_date(as_typed(date(2026, 1, 2)), TODAY) == date(2026, 1, 2)


@pytest.mark.parametrize(("code", "name"), [("671", "Struer"), ("0671", "Struer"), ("675", "Thyholm"), ("999", "")])
def test_a_municipality_is_named_by_its_code(code: str, name: str) -> None:
    assert municipality_name(code) == name
