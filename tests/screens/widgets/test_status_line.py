"""The top line: state in words, whatever the width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screens.widgets.status_line import Status, StatusLine
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, assert_harmless, on_stage, text

QUIET = Status(
    branch="Struer",
    counter="Skranke 2",
    operator="Mette K.",
    mode="F3 AFLEVERING",
    devices=(("reader", "ok"), ("printer", "ok")),
    store="ok",
    queue=0,
    clock="10.42",
    date="tor. 24. sep.",
)
TROUBLE = replace(QUIET, devices=(("reader", "missing"), ("printer", "no_paper")), store="down", queue=3)


async def test_on_a_wide_terminal_every_state_is_said() -> None:
    line = StatusLine()
    async with on_stage(line, size=WIDE):
        line.show(QUIET)
        said = text(line)
        assert said.startswith(" Struer · Skranke 2 · Mette K.")
        assert "F3 AFLEVERING" in said
        assert "læser ok · printer ok · base ok · kø 0" in said
        assert said.endswith("tor. 24. sep. 10.42")


async def test_on_a_narrow_terminal_all_is_well_in_one_word() -> None:
    line = StatusLine()
    async with on_stage(line, size=NARROW):
        line.show(QUIET)
        said = text(line)
        assert "Struer · Skranke 2 · Mette K.   F3 AFLEVERING   kø 0 · alt ok" in said
        assert said.endswith("10.42")


@pytest.mark.parametrize("size", [(90, 24), (100, 30), WIDE])
async def test_what_does_not_work_is_always_said_in_words(size: tuple[int, int]) -> None:
    line = StatusLine()
    async with on_stage(line, size=size):
        line.show(TROUBLE)
        for words in ("læser mangler", "printer mangler papir", "base svarer ikke", "kø 3", "10.42"):
            assert words in text(line)
        assert_harmless(line)


async def test_a_supervisor_sees_what_waits() -> None:
    line = StatusLine()
    async with on_stage(line, size=NARROW):
        line.show(replace(QUIET, notice="2 sletninger venter"))
        assert "2 sletninger venter" in text(line)


async def test_however_much_a_supervisor_should_see_the_queue_is_not_cut_off() -> None:
    line = StatusLine()
    async with on_stage(line, size=NARROW):
        notice = "sletning forsinket · bevis mangler · 12 sletninger venter"
        line.show(replace(QUIET, notice=notice, queue=12))
        for words in ("sletning forsinket · bevis mangler", "kø 12"):
            assert words in text(line)
        assert text(line).endswith("10.42")
        assert_harmless(line)


async def test_the_mode_stands_still_when_a_device_fails() -> None:
    line = StatusLine()
    async with on_stage(line, size=WIDE):
        line.show(QUIET)
        before = text(line).index("F3")
        line.show(replace(QUIET, store="down"))
        assert text(line).index("F3") == before
        assert "base svarer ikke" in text(line)


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_names_leave_the_states_whole(value: str, size: tuple[int, int]) -> None:
    line = StatusLine()
    async with on_stage(line, size=size):
        line.show(replace(QUIET, branch=value, counter=value, operator=value))
        assert_harmless(line)
        assert "kø 0" in text(line)
        assert text(line).endswith("10.42")
