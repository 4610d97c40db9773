"""No figure from 1 to 4 is told, nor can one be worked out from those that are (G10)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from desk.statistics.rules import LEAST, Cell, Counts, suppressed


def shown(counts: Counts) -> dict[Cell, int | None]:
    return suppressed([counts])[0]


def test_a_small_figure_is_hidden_and_nought_is_not() -> None:
    table = shown({(1, "man"): 4, (1, "tir"): 5, (1, "ons"): 0, (1, "tor"): 80})
    assert table[1, "man"] is None
    assert table[1, "ons"] == 0
    assert table[1, "tor"] == 80


def test_one_hidden_alone_takes_the_smallest_with_it() -> None:
    table = shown({(1, "man"): 3, (1, "tir"): 9, (1, "ons"): 40})
    assert table[1, "tir"] is None
    assert table[1, "ons"] == 40
    assert table[1, None] == 52


def test_hidden_ones_that_make_less_than_five_together_take_another() -> None:
    table = shown({(1, "man"): 1, (1, "tir"): 1, (1, "ons"): 7, (1, "tor"): 40})
    assert table[1, "ons"] is None
    assert table[1, "tor"] == 40


def test_a_sum_is_hidden_when_nothing_else_is_left_to_hide() -> None:
    table = shown({(1, "man"): 3})
    assert set(table.values()) == {None}


def test_one_branch_is_not_told_by_the_others() -> None:
    """Struer's 20 and all branches' 22 would tell Thyholm's 2."""
    table = shown({(1, "man"): 20, (2, "man"): 2, (1, "tir"): 30, (2, "tir"): 15, (1, "ons"): 50, (2, "ons"): 50})
    assert table[2, "man"] is None
    assert table[1, "man"] is None
    assert table[None, "man"] == 22
    assert table[None, None] == 167


def test_a_sum_that_one_table_hides_no_other_tells() -> None:
    by_day = {(1, "man"): 3, (2, "man"): 40}
    by_hour = {(1, "09"): 1, (1, "10"): 2, (2, "09"): 20, (2, "10"): 20}
    days, hours = suppressed([by_day, by_hour])
    assert days[1, None] is None
    assert {cell for cell in days if cell[1] is None and days[cell] is None} == {
        cell for cell in hours if cell[1] is None and hours[cell] is None
    }


def test_large_figures_are_all_told() -> None:
    counts = {(branch, day): 10 * branch + number for branch in (1, 2) for number, day in enumerate("abc")}
    assert None not in shown(counts).values()


TABLES = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from("abcd")), st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 20]), min_size=1
)


@given(TABLES)
def test_what_is_shown_is_right_and_no_hidden_figure_can_be_worked_out(counts: Counts) -> None:
    table = shown(counts)
    true = {cell: _true(cell, counts) for cell in table}
    assert all(figure in {None, true[cell]} for cell, figure in table.items())
    hidden = [cell for cell, figure in table.items() if figure is None]
    assert all(table[cell] is None for cell in true if 0 < true[cell] < LEAST)
    assert _determined(table, hidden) == set()
    for line in _lines(table):
        out_of_sight = [cell for cell in line if cell in hidden]
        sum_is_shown = all(None not in cell for cell in out_of_sight)
        if out_of_sight and sum_is_shown:
            assert sum(true[cell] for cell in out_of_sight) >= LEAST


EVENTS = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from("abcd"), st.sampled_from(["09", "10", "11"])),
    st.sampled_from([1, 2, 4, 7, 20]),
    min_size=1,
)


@given(EVENTS)
def test_tables_of_the_same_events_hide_the_same_sums(events: Mapping[tuple[int, str, str], int]) -> None:
    by_day: dict[tuple[int, str], int] = {}
    by_hour: dict[tuple[int, str], int] = {}
    for (branch, day, hour), count in events.items():
        by_day[branch, day] = by_day.get((branch, day), 0) + count
        by_hour[branch, hour] = by_hour.get((branch, hour), 0) + count
    tables = suppressed([by_day, by_hour])
    sums = [{branch: table[branch, None] for branch, key in table if key is None} for table in tables]
    assert sums[0] == sums[1]
    for table in tables:
        assert _determined(table, [cell for cell, figure in table.items() if figure is None]) == set()


def _true(cell: Cell, counts: Counts) -> int:
    row, column = cell
    return sum(n for (r, c), n in counts.items() if row in {None, r} and column in {None, c})


def _lines(table: Mapping[Cell, int | None]) -> list[list[Cell]]:
    rows, columns = {cell[0] for cell in table}, {cell[1] for cell in table}
    by_row = [[cell for cell in table if cell[0] == row] for row in rows]
    return by_row + [[cell for cell in table if cell[1] == column] for column in columns]


def _determined(table: Mapping[Cell, int | None], hidden: list[Cell]) -> set[Cell]:
    """Work out, by elimination over all sums of rows and columns, which hidden figures have only one value.

    Those that are nought are known to be so: nobody doubts that an empty cell is shown.
    """
    equations: list[list[Fraction]] = []
    for line in _lines(table):
        place = 1 if len({cell[0] for cell in line}) == 1 else 0
        row = [Fraction(0)] * len(hidden)
        for cell in line:
            if cell in hidden:
                row[hidden.index(cell)] = Fraction(-1 if cell[place] is None else 1)
        equations.append(row)
    pivots: list[list[Fraction]] = []
    for column in range(len(hidden)):
        pivot = next((row for row in equations if row[column]), None)
        if pivot is None:
            continue
        equations.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        equations = [_without(column, row, pivot) for row in equations]
        pivots = [*(_without(column, row, pivot) for row in pivots), pivot]
    return {
        hidden[next(place for place, value in enumerate(row) if value)]
        for row in pivots
        if sum(bool(value) for value in row) == 1
    }


def _without(column: int, row: list[Fraction], pivot: list[Fraction]) -> list[Fraction]:
    return [value - row[column] * one for value, one in zip(row, pivot, strict=True)]
