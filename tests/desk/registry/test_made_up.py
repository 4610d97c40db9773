"""People and numbers that nobody has."""

from __future__ import annotations

from datetime import date
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.borrowers.cpr import born_with
from desk.counter.codes import cpr_in
from desk.registry.made_up import (
    FIRST_BARCODE,
    FIRST_CARD,
    FIRST_SAMPLE_CARD,
    distinct_cprs,
    numbers_with_check_digit,
    person,
    replacement_cpr,
)


@given(st.dates(date(1900, 1, 1), date(2036, 12, 31)), st.integers())
def test_a_replacement_number_says_the_birth_date_and_can_be_nobodys(born: date, seed: int) -> None:
    cpr = replacement_cpr(Random(seed), born)
    assert (len(cpr), born_with(cpr)) == (10, born)
    assert int(cpr[:2]) == born.day + 60


@pytest.mark.parametrize("year", [1899, 2037])
def test_a_century_the_seventh_digit_cannot_say_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match=str(year)):
        replacement_cpr(Random(1), date(year, 1, 1))


def test_three_thousand_born_on_one_day_have_a_number_each() -> None:
    assert len(set(distinct_cprs(Random(1), [date(1980, 5, 17)] * 3000))) == 3000


@pytest.mark.parametrize("first", [FIRST_CARD, FIRST_SAMPLE_CARD, FIRST_BARCODE])
def test_cards_and_barcodes_are_checked_by_modulus_11_and_never_look_like_a_cpr_number(first: int) -> None:
    numbers = list(islice(numbers_with_check_digit(first), 50_000))
    assert len(set(numbers)) == 50_000
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    assert {sum(int(d) * w for d, w in zip(number, weights, strict=True)) % 11 for number in numbers[:500]} == {0}
    assert not any(cpr_in(number) for number in numbers)


def test_a_person_is_as_old_as_was_asked_for() -> None:
    today = date(2026, 3, 10)
    ages = {(today - person(Random(seed), today, 3, 14).born).days // 365 for seed in range(300)}
    assert ages <= set(range(3, 15))
