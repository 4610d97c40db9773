"""Every word can be read in every theme: contrast computed from what is painted (WCAG: 4.5, high contrast 7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.color import Color, ColorSystem
from rich.segment import Segment
from textual.containers import Horizontal

from screens.theme import THEMES
from screens.widgets.band import Band
from screens.widgets.counter import PileCounter
from screens.widgets.key_line import KeyLine
from screens.widgets.lane import DecisionLane
from screens.widgets.masthead import BorrowerStrip, Strip
from screens.widgets.painted import Painted
from screens.widgets.pile import Pile, PileLine
from screens.widgets.scan_line import ScanLine
from screens.widgets.status_line import StatusLine
from tests.screens.widgets.stage import on_stage
from tests.screens.widgets.test_lane import LIMITS, RESERVED
from tests.screens.widgets.test_masthead import BLOCK, NOTE
from tests.screens.widgets.test_status_line import TROUBLE

LEAST = {"dark": 4.5, "light": 4.5, "high-contrast": 7.0}


def luminance(color: Color) -> float:
    parts = [part / 255 for part in color.get_truecolor()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(segment: Segment, colors: ColorSystem) -> float:
    assert segment.style is not None
    assert segment.style.color is not None
    assert segment.style.bgcolor is not None
    one, other = (luminance(color.downgrade(colors)) for color in (segment.style.color, segment.style.bgcolor))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def words(*widgets: Painted) -> Iterator[Segment]:
    for widget in widgets:
        for strip in widget.render_lines(widget.size.region):
            yield from (segment for segment in strip if segment.text.strip())


@pytest.mark.parametrize("colors", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT])
@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_every_word_is_readable(theme: str, colors: ColorSystem) -> None:
    status, stop, look, strip, keys, line = StatusLine(), Band(), Band(), BorrowerStrip(), KeyLine(), ScanLine()
    pile, counter, lane = Pile("check_out"), PileCounter(), DecisionLane()
    lane.styles.width = counter.styles.width = 30
    everything = (status, stop, look, strip, pile, counter, lane, line, keys)
    async with on_stage(status, stop, look, strip, Horizontal(pile, counter, lane), line, keys, theme=theme) as pilot:
        status.show(TROUBLE)
        stop.show("IKKE GEMT – stop scanning", "stop")
        look.show("OFFLINE siden 10.42 · 37 venter", "look")
        strip.show(Strip("Anna", ("voksen",), (BLOCK, NOTE), ("60,00 kr.",)))
        pile.update_line(PileLine(1, "Sne", "Orhan Pamuk", "24. okt.", "reservering opfyldt", "plain"))
        pile.update_line(PileLine(2, "Sne", "Orhan Pamuk", "24. okt.", "2 dele – tæl efter", "look"))
        pile.update_line(PileLine(3, "Sne", "Orhan Pamuk", "–", "udlånes ikke", "stop"))
        pile.update_line(PileLine(4, "…", "", "", "", "plain", pending=True))
        counter.show(12, 11, 1)
        lane.show((RESERVED, LIMITS))
        keys.show((("F1", "hjælp"),))
        for focused in (line, lane):
            focused.focus()
            await pilot.pause()
            faint = {
                (segment.text.strip(), round(ratio, 1))
                for segment in words(*everything)
                if (ratio := contrast(segment, colors)) < LEAST[theme]
            }
            assert not faint


def test_there_is_a_theme_for_each_word_of_the_settings() -> None:
    assert {theme.name for theme in THEMES} == set(LEAST)
