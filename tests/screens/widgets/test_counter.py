"""The pile counter: always whole, big where there is room."""

from __future__ import annotations

import pytest

from screens.widgets.counter import PileCounter
from tests.screens.widgets.stage import NARROW, assert_harmless, on_stage, painted, rows_painted, text


def counter(width: int, height: int) -> PileCounter:
    made = PileCounter()
    made.styles.width, made.styles.height = width, height
    return made


async def test_the_counter_reads_as_on_the_wall() -> None:
    shown = counter(78, 1)
    async with on_stage(shown, size=NARROW):
        shown.show(12, 11, 1)
        assert text(shown).strip() == "12 scannet · 11 klaret · 1 til dig"


@pytest.mark.parametrize(("width", "height"), [(30, 1), (30, 3), (30, 11), (78, 1), (30, 12)])
@pytest.mark.parametrize("figures", [(0, 0, 0), (12, 11, 1), (128, 120, 8), (1284, 1270, 14)])
async def test_all_three_figures_are_there_whatever_the_room(
    width: int, height: int, figures: tuple[int, int, int]
) -> None:
    shown = counter(width, height)
    async with on_stage(shown):
        shown.show(*figures)
        assert_harmless(shown)
        for count in figures:
            assert str(count) in text(shown)
        # The one figure that somebody has to act on is never without its words.
        assert f"{figures[2]} til dig" in text(shown)


async def test_big_figures_are_three_rows_high() -> None:
    shown = counter(30, 11)
    async with on_stage(shown):
        shown.show(47, 0, 0)
        top = [row[: row.rindex("█") + 1] if "█" in row else row for row in painted(shown)[:3]]
        assert "█ █ ▀▀█" in top[0]
        assert painted(shown)[2].rstrip().endswith("▀   ▀")


async def test_a_figure_that_stays_is_not_painted_again() -> None:
    shown = counter(30, 3)
    async with on_stage(shown):
        shown.show(12, 11, 1)
        with rows_painted(shown) as rows:
            shown.show(13, 11, 1)
        assert rows == [0]
        assert "13 scannet" in text(shown)
