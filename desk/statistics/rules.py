"""Which figures are left out (G10): small ones, and those that would tell a small one by difference.

A table has one row a branch and one column a day, hour, group …, with the sums of its rows and columns. The rule:

1. A figure from 1 to 4 is hidden. Nought is not: it is about nobody.
2. A row or column of which the sum is shown never has just one figure hidden, nor figures hidden that together make
   less than 5: the sum less what is shown would tell. The smallest figures shown are hidden as well, until it is so;
   where there are none left, the sum is.
3. No hidden figure can be worked out from several rows and columns together.
4. Tables over the same events have the same sums, so a sum that is hidden in one of them is hidden in all.

It holds for what is shown together. Whoever reads the figures of 30 days and those of 29 of them can take one from the
other; staff, who alone may read them day by day, see the day itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

LEAST = 5
"""The smallest figure that is shown, but for nought."""

# A row, or a column, of None is the sums'.
Cell: TypeAlias = tuple[int | None, str | None]
Counts: TypeAlias = Mapping[tuple[int, str], int]
Line: TypeAlias = tuple[str, int | str | None]


def suppressed(tables: Iterable[Counts]) -> list[dict[Cell, int | None]]:
    """Hide what must not be told in tables over the same events.

    Args:
        tables: each by branch and what it is counted by, without sums. All have the same sum for each branch.

    Returns:
        The same tables with their sums; None is hidden.
    """
    whole = [_with_sums(table) for table in tables]
    hidden: set[Cell] = set()
    while True:
        parts = [_hidden(table, hidden) for table in whole]
        sums = {cell for part in parts for cell in part if cell[1] is None}
        if sums == hidden:
            return [
                {cell: None if cell in part else count for cell, count in table.items()}
                for table, part in zip(whole, parts, strict=True)
            ]
        hidden = sums


def _with_sums(counts: Counts) -> dict[Cell, int]:
    cells: dict[Cell, int] = defaultdict(int)
    for (row, column), count in counts.items():
        for cell in ((row, column), (row, None), (None, column), (None, None)):
            cells[cell] += count
    return dict(cells)


def _lines_of(cell: Cell) -> tuple[Line, Line]:
    return ("row", cell[0]), ("column", cell[1])


def _hidden(cells: Mapping[Cell, int], already: Iterable[Cell]) -> set[Cell]:
    hidden = {cell for cell, count in cells.items() if 0 < count < LEAST} | {cell for cell in already if cells[cell]}
    lines: dict[Line, list[Cell]] = defaultdict(list)
    for cell, count in cells.items():
        if count:
            for line in _lines_of(cell):
                lines[line].append(cell)
    # The smallest first, and no sum before a figure.
    order = sorted(
        (cell for cell, count in cells.items() if count), key=lambda cell: (None in cell, cells[cell], str(cell))
    )
    while True:
        telling = next((line for line, members in lines.items() if _tells(line, members, cells, hidden)), None)
        to_look_in = set(lines[telling]) if telling is not None else _across_a_bridge(order, hidden)
        more = next((cell for cell in order if cell in to_look_in and cell not in hidden), None)
        if more is None:
            return hidden
        hidden.add(more)


def _tells(line: Line, members: list[Cell], cells: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    out_of_sight = [cell for cell in members if cell in hidden]
    if len(out_of_sight) == 1:
        return True
    place = 1 if line[0] == "row" else 0
    if any(cell[place] is None for cell in out_of_sight):
        return False
    return 0 < sum(cells[cell] for cell in out_of_sight) < LEAST


def _across_a_bridge(cells: Iterable[Cell], hidden: set[Cell]) -> set[Cell]:
    """Give the cells of which one more has to be hidden, for a hidden one can be worked out; empty: none can.

    Rows and columns are the places of a map and hidden cells the roads between them: exactly those can be worked out
    that are a bridge, the only way from one part of the map to another. Whatever else leads across makes it none.
    """
    roads: dict[Line, list[tuple[Line, Cell]]] = defaultdict(list)
    for cell in sorted(hidden, key=str):
        row, column = _lines_of(cell)
        roads[row].append((column, cell))
        roads[column].append((row, cell))
    bridge = _bridge(roads)
    if bridge is None:
        return set()
    shore, to_visit = set[Line](), [_lines_of(bridge)[0]]
    while to_visit:
        place = to_visit.pop()
        if place not in shore:
            shore.add(place)
            to_visit += [other for other, road in roads[place] if road != bridge]
    return {cell for cell in cells if len(shore.intersection(_lines_of(cell))) == 1}


def _bridge(roads: Mapping[Line, list[tuple[Line, Cell]]]) -> Cell | None:
    reached: dict[Line, int] = {}
    bridges: list[Cell] = []

    def visit(place: Line, came_by: Cell | None) -> int:
        """Give the earliest place that can be reached from here without the road one came by."""
        reached[place] = earliest = len(reached)
        for other, road in roads[place]:
            if road == came_by:
                continue
            if other in reached:
                earliest = min(earliest, reached[other])
                continue
            beyond = visit(other, road)
            earliest = min(earliest, beyond)
            if beyond > reached[place]:
                bridges.append(road)
        return earliest

    for place in roads:
        if place not in reached:
            visit(place, None)
    return bridges[0] if bridges else None
