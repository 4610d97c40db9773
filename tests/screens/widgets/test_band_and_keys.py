"""The band nobody may overlook, and the keys at the bottom."""

from __future__ import annotations

import pytest

from screens.widgets.band import Band
from screens.widgets.key_line import KeyLine
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, assert_harmless, on_stage, text

KEYS = (
    ("F1", "hjælp"),
    ("F2", "udlån"),
    ("F3", "aflevering"),
    ("F4", "låner"),
    ("F8", "beslutninger (12)"),
    ("F9", "gardin"),
    ("F10", "sidste låner"),
    ("^P", "palette"),
    ("^Q", "log af"),
)


async def test_the_band_fills_the_width_and_goes_away() -> None:
    band = Band()
    async with on_stage(band, size=NARROW) as pilot:
        assert band.size.height == 0
        band.show("IKKE GEMT – stop scanning")
        await pilot.pause()
        assert "IKKE GEMT – stop scanning" in text(band)
        assert band.size.width == NARROW[0]
        ground = band.screen.styles.background
        filled = {
            segment.style.bgcolor for strip in band.render_lines(band.size.region) for segment in strip if segment.style
        }
        assert len(filled) == 1
        assert filled != {ground.rich_color}
        band.show("")
        await pilot.pause()
        assert band.size.height == 0


async def test_stop_and_look_are_filled_in_colours_of_their_own() -> None:
    band = Band()
    async with on_stage(band) as pilot:
        band.show("OFFLINE siden 10.42 · 37 venter", "stop")
        await pilot.pause()
        stop = band.render_lines(band.size.region)
        band.show("OFFLINE siden 10.42 · 37 venter", "look")
        await pilot.pause()
        assert band.render_lines(band.size.region) != stop


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_words_stay_in_band_and_keys(value: str) -> None:
    band, keys = Band(), KeyLine()
    async with on_stage(band, keys, size=NARROW) as pilot:
        band.show(value)
        keys.show((("F1", value), (value, "hjælp")))
        await pilot.pause()
        assert_harmless(band)
        assert_harmless(keys)


async def test_a_wide_terminal_names_every_key() -> None:
    keys = KeyLine()
    async with on_stage(keys, size=WIDE):
        keys.show(KEYS)
        for key, label in KEYS:
            assert f"{key} {label}" in text(keys)


async def test_a_narrow_terminal_shortens_labels_before_it_drops_keys_and_keeps_the_count() -> None:
    keys = KeyLine()
    async with on_stage(keys, size=NARROW):
        keys.show(KEYS)
        said = text(keys)
        assert len(said) <= NARROW[0]
        assert "F8 beslutn. (12)" in said
        for key in ("F1", "F2", "F3", "F4", "F9"):
            assert f"{key} " in said


async def test_other_keys_take_the_place_of_the_first() -> None:
    keys = KeyLine()
    async with on_stage(keys):
        keys.show(KEYS)
        keys.show((("F1", "hjælp"),))
        assert text(keys).split() == ["F1", "hjælp"]
