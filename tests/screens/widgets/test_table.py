"""A list whose columns fit the width."""

from __future__ import annotations

import pytest

from screens.widgets.table import Table
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, on_stage

HEADINGS = ("Titel", "Afleveres", "Bemærkning")


def rows(table: Table) -> list[str]:
    """Give the rows as they stand on the terminal, without the headings."""
    return [strip.text.rstrip() for strip in table.render_lines(table.size.region)][1:]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_title_is_cut_and_the_date_never(size: tuple[int, int]) -> None:
    table = Table(HEADINGS, gives_way=(0, 2), id="t")
    async with on_stage(table, size=size) as pilot:
        table.fill({1: ("x" * 200, "24. okt. 2025", "reserveret af en anden")})
        await pilot.pause()
        assert "…  24. okt. 2025  reserveret af en anden" in rows(table)[0]
        assert table.virtual_size.width <= size[0]


async def test_where_one_column_is_not_enough_the_next_gives_way_too() -> None:
    table = Table(HEADINGS, gives_way=(0, 2), id="t")
    async with on_stage(table, size=NARROW) as pilot:
        table.fill({1: ("x" * 200, "24. okt.", "y" * 200)})
        await pilot.pause()
        assert rows(table)[0].startswith(" xxxxxxx…  24. okt.")
        assert rows(table)[0].endswith("…")
        assert table.virtual_size.width <= NARROW[0]


async def test_the_cursor_stays_on_what_it_was_on() -> None:
    table = Table(HEADINGS, gives_way=(0,), id="t")
    async with on_stage(table):
        table.fill({number: (str(number), "", "") for number in (1, 2, 3)})
        table.move_cursor(row=0)
        table.fill({number: (str(number), "", "") for number in (2, 3, 1)})
        assert table.chosen == 1
        table.fill({number: (str(number), "", "") for number in (2, 3)})
        assert table.chosen in {2, 3}
        table.fill({})
        assert table.chosen is None


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_cells_are_only_text(value: str, size: tuple[int, int]) -> None:
    table = Table(HEADINGS, gives_way=(0, 2), id="t")
    async with on_stage(table, size=size) as pilot:
        table.fill({1: (value, "24. okt.", value), 2: ("Æble", "25. okt.", "")})
        await pilot.pause()
        for row in rows(table):
            assert row.isprintable(), repr(row)
        assert "24. okt." in rows(table)[0]
        assert table.virtual_size.width <= size[0]
