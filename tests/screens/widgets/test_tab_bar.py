"""The tabs of a page."""

from __future__ import annotations

import pytest

from screens.widgets.tab_bar import Tab, TabBar
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, assert_harmless, on_stage, painted, text

TABS = (
    Tab("1", "Udlån", "14"),
    Tab("2", "Kort", "2"),
    Tab("3", "Blokeringer og noter", "2"),
    Tab("4", "Oplysninger"),
    Tab("5", "Log"),
)
MORE = (*TABS, Tab("6", "Reserveringer", "2"), Tab("7", "Mellemværende", "260,00"), Tab("8", "Beskeder", "9"))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_every_tab_has_its_key_and_the_open_one_stands_in_brackets(size: tuple[int, int]) -> None:
    bar = TabBar()
    async with on_stage(bar, size=size):
        bar.show(TABS, "3")
        assert text(bar) == " 1 Udlån 14   2 Kort 2  [3 Blokeringer og noter 2]  4 Oplysninger   5 Log"


async def test_nothing_moves_when_another_tab_opens() -> None:
    bar = TabBar()
    async with on_stage(bar):
        bar.show(TABS, "1")
        before = {tab.label: painted(bar)[0].index(tab.label) for tab in TABS}
        bar.show(TABS, "4")
        assert {tab.label: painted(bar)[0].index(tab.label) for tab in TABS} == before


async def test_more_tabs_than_a_row_has_room_for_take_two_and_are_not_shortened() -> None:
    bar = TabBar()
    async with on_stage(bar, size=NARROW) as pilot:
        bar.show(MORE, "6")
        await pilot.pause()
        assert "[6 Reserveringer 2]  7 Mellemværende 260,00   8 Beskeder 9" in painted(bar)[1]
        bar.show(TABS, "1")
        await pilot.pause()
        assert len(painted(bar)) == 1


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_labels_stay_in_the_row(value: str, size: tuple[int, int]) -> None:
    bar = TabBar()
    async with on_stage(bar, size=size):
        bar.show((Tab("1", value, value), Tab("2", "Kort")), "2")
        assert_harmless(bar)
