"""Dates, times, amounts and hostile data as they read on screen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import texts
from desk.wording import (
    clock,
    date_range,
    kroner,
    local,
    number,
    ordinary_spaces,
    plain,
    short_date,
    weekday_date,
    whole_kroner,
)

TODAY = date(2026, 9, 24)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("Kongens Fald", "Kongens Fald"),
        ("Ib [/] Hansen", "Ib [/] Hansen"),
        ("a\x1b[2Jb", "a[2Jb"),
        ("a\x9b2Jb", "a2Jb"),
        ("a\u202eb\u2066c", "abc"),
        ("a\u200bb\u200fc\ufeff", "abc"),
        ("one\ntwo\r\nthree\tfour", "one two three four"),
        ("half \ud800 a pair", "half  a pair"),
        ("Ærø Åse Øjvind 👩‍🚀 東京", "Ærø Åse Øjvind 👩🚀 東京"),
        ("1.250,00\u00a0kr.", "1.250,00\u00a0kr."),
        (None, ""),
        (1250, "1250"),
    ],
)
def test_data_cannot_steer_the_terminal_or_turn_the_text_around(data: object, shown: str) -> None:
    assert plain(data) == shown


@given(st.text())
def test_whatever_comes_in_goes_out_on_one_line_that_can_be_written(data: str) -> None:
    shown = plain(data)
    assert plain(shown) == shown
    assert len(shown.splitlines()) <= 1
    shown.encode()


def test_amounts_are_written_as_danes_do() -> None:
    assert [ordinary_spaces(kroner(ore)) for ore in (12000, 125000, 5, -5005)] == [
        "120,00 kr.",
        "1.250,00 kr.",
        "0,05 kr.",
        "−50,05 kr.",
    ]
    assert kroner(12000) == "120,00\u00a0kr."


def test_limits_are_whole_kroner() -> None:
    assert ordinary_spaces(whole_kroner(20000)) == "200 kr."
    assert ordinary_spaces(whole_kroner(20050)) == "200,50 kr."


def test_large_numbers_have_their_thousands_apart() -> None:
    assert number(1234567) == "1.234.567"


def test_the_year_is_said_only_when_it_is_another() -> None:
    assert short_date(TODAY, TODAY) == "24.\u00a0sep."
    assert ordinary_spaces(short_date(date(2025, 5, 1), TODAY)) == "1. maj 2025"


def test_a_day_to_act_on_has_its_weekday() -> None:
    assert ordinary_spaces(weekday_date(TODAY, TODAY)) == "tor. 24. sep."


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2026, 12, 24), date(2026, 12, 27), "24.–27. dec."),
        (date(2026, 12, 24), date(2026, 12, 24), "24. dec."),
        (date(2026, 11, 30), date(2026, 12, 2), "30. nov.–2. dec."),
        (date(2026, 12, 30), date(2027, 1, 2), "30. dec.–2. jan. 2027"),
        (date(2027, 1, 2), date(2027, 1, 5), "2.–5. jan. 2027"),
    ],
)
def test_several_days_are_one_range(first: date, last: date, shown: str) -> None:
    assert ordinary_spaces(date_range(first, last, TODAY)) == shown


def test_times_are_those_on_the_wall_in_denmark_summer_and_winter() -> None:
    assert clock(datetime(2026, 9, 24, 8, 42, tzinfo=UTC)) == "10.42"
    assert clock(datetime(2026, 12, 24, 8, 2, tzinfo=UTC)) == "09.02"


def test_late_in_the_evening_it_is_already_tomorrow_here() -> None:
    assert local(datetime(2026, 9, 24, 22, 30, tzinfo=UTC)).date() == date(2026, 9, 25)


def test_an_instant_without_a_zone_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="aware"):
        local(datetime(2026, 9, 24, 8, 42))  # noqa: DTZ001  (the mistake itself)


def test_the_same_in_english() -> None:
    texts.use("en")
    shown = [
        kroner(125000),
        whole_kroner(20000),
        weekday_date(TODAY, TODAY),
        date_range(date(2026, 12, 24), date(2026, 12, 27), TODAY),
        clock(datetime(2026, 9, 24, 8, 42, tzinfo=UTC)),
    ]
    assert [ordinary_spaces(text) for text in shown] == ["DKK 1,250.00", "DKK 200", "Thu 24 Sep", "24–27 Dec", "10:42"]
