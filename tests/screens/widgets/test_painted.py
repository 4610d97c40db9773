"""Painting what has changed leaves the terminal as painting everything would."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from rich.cells import cell_len
from textual.geometry import Region
from textual.strip import Strip

from screens.widgets.painted import Painted
from screens.widgets.pile import Pile, PileLine, Tone
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, on_stage, painted, text

TITLES = (*HOSTILE, "Kongens Fald", "Kongens Far", "Kongens", "海辺のカフカ", "a海辺の")
TONES: tuple[Tone, ...] = ("plain", "look", "stop")


def look(strip: Strip) -> list[tuple[str, str]]:
    """Give every character with its colour; blanks look alike."""
    return [
        (character, "" if character == " " else str(segment.style and segment.style.color))
        for segment in strip
        for character in segment.text
    ]


@contextmanager
def asked_to_repaint(widget: Painted) -> Iterator[list[Region]]:
    regions: list[Region] = []
    refresh = widget.refresh

    def noted(*asked: Region, **how: Any) -> Painted:
        regions.extend(asked)
        return refresh(*asked, **how)

    with patch.object(widget, "refresh", noted):
        yield regions


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_nothing_that_has_changed_is_left_unpainted(size: tuple[int, int]) -> None:
    chance = random.Random(20260924)
    pile = Pile("check_out")
    async with on_stage(pile, size=size):
        rows = pile.render_lines(pile.size.region)
        for number in [chance.randint(1, 60) for _ in range(400)]:
            title, author, note = (chance.choice(TITLES) for _ in range(3))
            line = PileLine(number, title, author, chance.choice(["", "24. okt."]), note, chance.choice(TONES))
            with asked_to_repaint(pile) as regions:
                pile.update_line(line)
            painted_to = {region.y: region.right for region in regions}
            now = pile.render_lines(pile.size.region)
            for y, (before, after) in enumerate(zip(rows, now, strict=True)):
                end = painted_to.get(y, 0)
                assert look(before.crop(end)) == look(after.crop(end)), (y, end)
            rows = now


async def test_a_region_ends_with_the_last_cell_that_differs() -> None:
    pile = Pile("return")
    async with on_stage(pile, size=NARROW):
        pile.update_line(PileLine(1, "Sne", "", "hjem", "", "plain"))
        with asked_to_repaint(pile) as regions:
            pile.update_line(PileLine(1, "Sny", "", "hjem", "", "plain"))
        row = painted(pile)[1]
        assert regions == [Region(0, 1, cell_len(row[: row.index("Sny") + 3]), 1)]


async def test_what_has_not_changed_is_not_painted() -> None:
    pile = Pile("check_out")
    line = PileLine(1, "Sne", "Orhan Pamuk", "24. okt.", "", "plain")
    async with on_stage(pile):
        pile.update_line(line)
        with asked_to_repaint(pile) as regions:
            pile.update_line(line)
        assert regions == []


async def test_another_size_of_the_terminal_is_painted_whole() -> None:
    pile = Pile("check_out")
    async with on_stage(pile, size=WIDE) as pilot:
        for number in range(1, 61):
            pile.update_line(PileLine(number, f"Bog {number}", "Orhan Pamuk", "24. okt.", "", "plain"))
        for columns, rows in (NARROW, WIDE, (80, 40)):
            await pilot.resize_terminal(columns, rows)
            await pilot.pause()
            assert painted(pile) == pile.lines_text()
            assert "Bog 60" in text(pile)
            assert ("Orhan" in text(pile)) == (columns == 120)


async def test_another_theme_takes_effect_at_once() -> None:
    pile = Pile("check_out")
    async with on_stage(pile) as pilot:
        pile.update_line(PileLine(1, "Sne", "Orhan Pamuk", "–", "udlånes ikke", "stop"))
        dark = look(pile.render_lines(pile.size.region)[1])
        pilot.app.theme = "light"
        await pilot.pause()
        assert look(pile.render_lines(pile.size.region)[1]) != dark
