"""``desk statistics``: the yearly figures as text, CSV and JSON; what is hidden is said, and stays so in a file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from db.models import StatisticsCount
from db.store import Transaction
from desk.installation import open_installation
from desk.wording import ordinary_spaces
from tests.cli.conftest import Shell

YEAR = ("--from", "1.1.2025", "--to", "2025-12-31")


@pytest.fixture
def library(desk: Shell) -> Shell:
    """A library with 1,234 loans in May 2025, 30 in June of children, and 2 elsewhere."""

    def fill(transaction: Transaction) -> None:
        for branch, day, group, municipality, count in (
            (1, date(2025, 5, 5), "voksen", "671", 1234),
            (1, date(2025, 6, 5), "barn", "671", 30),
            (2, date(2025, 6, 5), "barn", "665", 2),
        ):
            cell = {"day": day, "hour": 10, "branch": branch, "what": "loan", "material_group": "standard"}
            transaction.run(
                StatisticsCount.insert(**cell, borrower_group=group, municipality=municipality, count=count)
            )

    with open_installation(desk.home) as installation:
        installation.store.write_here(fill)
    return desk


def test_the_year_is_told_in_words_and_figures(library: Shell) -> None:
    assert library("statistics", *YEAR) == 0
    assert ordinary_spaces(library.out).startswith("1. jan. 2025–31. dec. 2025\n")
    assert "Udlån: 1.266" in library.out
    assert "alm. låner (voksen)" in library.out
    assert "skjult" in library.out
    assert "Skjult: tal under 5 og tal, der ville røbe dem." in library.out


def test_csv_leaves_empty_what_is_hidden(library: Shell) -> None:
    assert library("statistics", *YEAR, "--csv") == 0
    rows = {
        (row["what"], row["branch"], row["by"], row["key"]): row["count"]
        for row in csv.DictReader(io.StringIO(library.out))
    }
    assert rows["loan", "", "", ""] == "1266"
    assert rows["loan", "Thyholm", "", ""] == ""
    assert rows["loan", "Thyholm", "municipality", "665"] == ""
    assert rows["loan", "", "municipality", "671"] == ""
    assert rows["renewal", "", "", ""] == "0"


def test_json_says_null_for_what_is_hidden(library: Shell) -> None:
    assert library("statistics", *YEAR, "--json") == 0
    told = library.json
    assert (told["from"], told["to"]) == ("2025-01-01", "2025-12-31")
    of_all = next(one for one in told["figures"] if (one["what"], one["branch"]) == ("loan", None))
    assert of_all["total"] == 1266
    assert of_all["municipality"] == {"665": None, "671": None}


def test_without_days_it_is_this_year_until_today(library: Shell) -> None:
    assert library("statistics", "--json") == 0
    assert library.json["from"] == f"{library.json['to'][:4]}-01-01"
    assert all(one["total"] == 0 for one in library.json["figures"])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "31.2.2026"), 2, "her skal stå en dato"),
        (("--from", "i går"), 2, "her skal stå en dato"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), 1, "Den første dag ligger efter den sidste."),
        (("--from", "0001-01-01"), 1, "mere end ti år"),
        (("--csv", "--json"), 2, "ikke sammen med --json"),
    ],
)
def test_days_and_forms_that_cannot_be_meant_are_told(
    library: Shell, words: tuple[str, ...], code: int, said: str
) -> None:
    assert library("statistics", *words) == code
    assert said in library.err
    assert library.out == ""
