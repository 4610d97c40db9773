"""The scan line: where everything typed ends."""

from __future__ import annotations

import pytest
from textual.message import Message

from screens.widgets.scan_line import ScanLine
from tests.screens.widgets.stage import HOSTILE, NARROW, Stage, assert_harmless, on_stage, text


def entered(heard: list[Message]) -> list[str]:
    return [message.code for message in heard if isinstance(message, ScanLine.Entered)]


async def test_a_typed_code_is_handed_over_with_enter() -> None:
    heard: list[Message] = []
    line = ScanLine()
    async with on_stage(line, heard=heard) as pilot:
        line.focus()
        await pilot.press(*"3000123456")
        assert text(line).strip() == "▌ 3000123456_"
        await pilot.press("enter")
        assert text(line).strip() == "▌ _"
        assert entered(heard) == ["3000123456"]


async def test_typing_can_be_taken_back() -> None:
    line = ScanLine()
    async with on_stage(line) as pilot:
        line.focus()
        await pilot.press(*"123", "backspace")
        assert line.typed == "12"
        await pilot.press("ctrl+u")
        assert line.typed == ""


@pytest.mark.parametrize("typed", ["", "  "])
async def test_enter_on_an_empty_line_is_no_scan(typed: str) -> None:
    heard: list[Message] = []
    line = ScanLine()
    async with on_stage(line, heard=heard) as pilot:
        line.focus()
        await pilot.press(*typed, "enter")
        assert entered(heard) == []
        assert line.typed == ""


async def test_esc_clears_the_line_first_and_only_then_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    line = ScanLine()
    async with on_stage(line) as pilot:
        ended: list[str] = []
        pilot.app.bind("escape", "end")
        monkeypatch.setattr(Stage, "action_end", lambda _self: ended.append("end"), raising=False)
        line.focus()
        await pilot.press(*"12", "escape")
        assert (line.typed, ended) == ("", [])
        await pilot.press("escape")
        assert ended == ["end"]


async def test_the_line_takes_no_more_than_256_characters() -> None:
    line = ScanLine()
    async with on_stage(line, size=NARROW) as pilot:
        line.focus()
        line.insert_text_at_end("7" * 250)
        await pilot.press(*"123456789")
        assert len(line.typed) == 256
        assert text(line).rstrip().endswith("123456_")
        assert "…" in text(line)
        assert_harmless(line)


async def test_f_keys_are_left_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    line = ScanLine()
    async with on_stage(line) as pilot:
        turned: list[str] = []
        pilot.app.bind("f2,pageup", "turned")
        monkeypatch.setattr(Stage, "action_turned", lambda _self: turned.append("x"), raising=False)
        line.focus()
        await pilot.press("f2", "pageup")
        assert turned == ["x", "x"]


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_typing_is_shown_harmlessly(value: str) -> None:
    line = ScanLine()
    async with on_stage(line, size=NARROW):
        line.focus()
        line.insert_text_at_end(value)
        assert_harmless(line)


def test_a_typed_code_is_not_in_a_log() -> None:
    assert "0101901234" not in repr(ScanLine.Entered("0101901234"))
