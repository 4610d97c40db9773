"""The pure rules of reservations."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.calendar import Calendar
from desk.reservations.rules import estimated_days, is_kept_for_others, lowest_free, pickup_deadline

MONDAY_TO_SATURDAY = Calendar(frozenset(range(6)), {})


@pytest.mark.parametrize(("taken", "free"), [([], 1), ([1, 2, 3], 4), ([2, 3], 1), ([1, 3], 2), ([3, 1, 2, 7], 4)])
def test_the_lowest_free_place_is_taken(taken: list[int], free: int) -> None:
    assert lowest_free(taken) == free


@given(some.sets(some.integers(1, 60)))
def test_a_place_is_never_given_twice_and_none_is_left_out(taken: set[int]) -> None:
    number = lowest_free(taken)
    assert number not in taken
    assert set(range(1, number)) <= taken


@pytest.mark.parametrize(
    ("told_on", "deadline"),
    [
        # A Tuesday: day 1 is Wednesday, the Sunday is closed.
        (date(2026, 3, 10), date(2026, 3, 18)),
        # Told on a closed Sunday: day 1 is Monday.
        (date(2026, 3, 15), date(2026, 3, 23)),
        # Over Easter: Thursday, Friday and Monday are closed.
        (date(2026, 3, 30), date(2026, 4, 10)),
        # Over both changes of summer time.
        (date(2026, 3, 27), date(2026, 4, 8)),
        (date(2026, 10, 23), date(2026, 10, 31)),
        # Over Christmas, with the 24th and the 31st closed too.
        (date(2026, 12, 22), date(2027, 1, 5)),
        # Over a 29 February.
        (date(2028, 2, 26), date(2028, 3, 6)),
    ],
)
def test_the_deadline_is_seven_open_days_after_the_notice(told_on: date, deadline: date) -> None:
    assert pickup_deadline(told_on, 7, MONDAY_TO_SATURDAY) == deadline


def test_without_an_open_day_the_deadline_counts_every_day() -> None:
    assert pickup_deadline(date(2026, 3, 10), 7, Calendar(frozenset(), {})) == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("place", "free", "in_use", "loan_days", "days"),
    [
        (1, 0, 1, 30, 30),
        (3, 0, 3, 30, 30),
        (1, 0, 3, 30, 10),
        (4, 0, 3, 30, 40),
        (1, 1, 2, 30, 0),
        (2, 1, 2, 30, 15),
        (1, 0, 0, 30, None),
        (1, 0, 1, 0, None),
    ],
)
def test_copies_come_back_evenly_spread(place: int, free: int, in_use: int, loan_days: int, days: int | None) -> None:
    assert estimated_days(place, free, in_use, loan_days) == days


@given(some.integers(1, 200), some.integers(1, 20), some.integers(1, 90))
def test_nobody_further_back_comes_sooner(place: int, copies: int, loan_days: int) -> None:
    here, behind = (estimated_days(one, 0, copies, loan_days) for one in (place, place + 1))
    assert here is not None
    assert behind is not None
    assert 0 < here <= behind


@pytest.mark.parametrize(
    ("waiting", "for_this", "free", "kept"),
    [(0, 0, 0, False), (1, 0, 0, True), (1, 0, 1, False), (2, 0, 1, True), (0, 1, 5, True)],
)
def test_a_copy_is_kept_for_those_whom_no_free_copy_serves(waiting: int, for_this: int, free: int, kept: bool) -> None:
    assert is_kept_for_others(waiting, for_this, free) is kept
