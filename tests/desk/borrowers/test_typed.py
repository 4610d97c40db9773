"""What a clerk types to find a borrower is read as it is meant (C11)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.borrowers.typed import Typed, what_was_typed


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a", ["a"]),
        ("Åse Ø", ["aase", "oe"]),
        ("anne-marie o'b", ["anne", "marie", "o", "b"]),
        ("12 Østergade", ["12", "oestergade"]),
        ("Østergade 10-12", ["oestergade", "10", "12"]),
        ("12B", ["12b"]),
        ("45", ["45"]),
        ("anna anna an", ["anna"]),
        ("anna.lund@ex", ["anna.lund@ex"]),
        ("NYT-KORT", ["nyt", "kort"]),
        ("3000003416", ["3000003416"]),
    ],
)
def test_words_are_folded_as_the_index_is(text: str, terms: list[str]) -> None:
    assert what_was_typed(text) == Typed(tuple((term,) for term in terms))


@pytest.mark.parametrize(
    "text",
    ["12345678", "12 34 56 78", "1234 5678", "123 456 78", "12-34-56-78", "+45 12 34 56 78", "+4512345678"],
)
def test_a_telephone_is_one_number_however_it_is_set(text: str) -> None:
    assert what_was_typed(text).terms == (("12345678",),)


@pytest.mark.parametrize("text", ["45 12 34 56 78", "4512345678", "45 12345678", "0045 12 34 56 78", "004512345678"])
def test_a_country_code_without_its_plus_may_be_one_or_not(text: str) -> None:
    assert what_was_typed(text).terms in ((("4512345678", "12345678"),), (("004512345678", "12345678"),))


@pytest.mark.parametrize(
    "text",
    ["17.5.1980", "17.05.1980", "17. 5. 1980", "17/5 1980", "17/5-1980", "17-05-1980", "17 5 1980", "1980-05-17"],
)
def test_a_date_is_found_in_any_usual_way(text: str) -> None:
    assert what_was_typed(text).terms == (("17051980",),)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("17-05-80", ("170580",)),
        ("170580", ("170580",)),
        ("17.5.19", ("170519",)),
        ("17.5.", ("1705",)),
        ("17.5", ("1705",)),
        ("17.1", ("171", "1701")),
        ("17.", ("17",)),
    ],
)
def test_a_date_is_found_while_it_is_typed(text: str, terms: tuple[str, ...]) -> None:
    assert what_was_typed(text).terms == (terms,)


@pytest.mark.parametrize("text", ["010190-1234", "0101901234", "010190 1234"])
def test_a_whole_cpr_number_is_no_word(text: str) -> None:
    assert what_was_typed(text) == Typed((), ("0101901234",))


def test_a_replacement_number_is_one_too_and_a_name_may_stand_beside_it() -> None:
    assert what_was_typed("anna 610190-1234 anna") == Typed((("anna",),), ("6101901234",))


def test_of_a_cpr_number_that_is_not_whole_only_the_birth_date_is_searched() -> None:
    assert what_was_typed("010190-123") == Typed((("010190",),))


@pytest.mark.parametrize("text", ["", "  ", "%_!'\";--", "\0", "+45", "\ud800", "\u202e"])
def test_what_says_nothing_searches_for_nothing(text: str) -> None:
    assert what_was_typed(text).is_empty


def test_what_was_typed_shows_nobody() -> None:
    assert repr(what_was_typed("anna 010190-1234")) == "Typed()"


@given(st.text(max_size=200))
def test_nothing_that_is_typed_is_refused(text: str) -> None:
    typed = what_was_typed(text)
    assert all(term and all(term) for term in typed.terms)
