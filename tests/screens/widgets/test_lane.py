"""The decision lane: asks, waits, never takes a letter that was not meant for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.containers import Horizontal
from textual.message import Message

from screens.widgets.lane import DecisionLane, LaneEntry
from screens.widgets.scan_line import ScanLine
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, assert_harmless, on_stage, painted, text

RESERVED = LaneEntry(
    key=41,
    title="De hvide mænds land",
    line_number=4,
    reasons=("Reserveret af en anden (på hylden siden 12. sep.).",),
    answers=(("T", "tilbage på hylden"), ("U", "udlån alligevel (vagth.)"), ("V", "vent")),
)
LIMITS = LaneEntry(
    key=42,
    title="Kongens Fald",
    line_number=7,
    reasons=(
        "Lånegrænsen på 15 er nået. Aflevér 1 lån, så er der plads. Vagthavende kan låne ud alligevel.",
        "Gebyrgrænsen er nået: låner skylder 260,00 kr. Ophæves ved betaling til under 200 kr.",
        "Aldersgrænse 15 år. Låneren fylder 15 den 2. feb. Vagthavende kan låne ud alligevel.",
    ),
    answers=(("U", "udlån alligevel (vagth.)"), ("V", "vent"), ("X", "intet")),
)


def beside() -> tuple[DecisionLane, Horizontal]:
    lane = DecisionLane()
    lane.styles.width = 30
    return lane, Horizontal(lane)


def answers(heard: list[Message]) -> list[tuple[int, str]]:
    return [(message.key, message.letter) for message in heard if isinstance(message, DecisionLane.Answered)]


def one_line(lane: DecisionLane) -> str:
    return " ".join(text(lane).split())


async def test_an_empty_lane_says_so() -> None:
    lane, row = beside()
    async with on_stage(row):
        assert text(lane).strip().startswith("Ingen beslutninger.")


async def test_a_decision_says_title_reason_and_answers() -> None:
    lane, row = beside()
    async with on_stage(row):
        lane.show((RESERVED,))
        said = one_line(lane)
        assert "F8 beslutninger (1)" in said
        assert "4 De hvide mænds land" in said
        assert "Reserveret af en anden (på hylden siden 12. sep.)." in said
        for answer in ("T tilbage på hylden", "U udlån alligevel (vagth.)", "V vent"):
            assert answer in said


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_all_reasons_are_read_at_once_in_the_lane(size: tuple[int, int]) -> None:
    lane, row = beside()
    if size == NARROW:
        lane.styles.width = 78
        lane.styles.height = "auto"
    async with on_stage(row if size == WIDE else lane, size=size) as pilot:
        lane.show((LIMITS,))
        lane.focus()
        await pilot.pause()
        said = one_line(lane)
        for reason in LIMITS.reasons:
            assert reason in said
        assert "U udlån alligevel (vagth.)" in said


async def test_below_the_pile_it_keeps_to_four_rows() -> None:
    lane = DecisionLane()
    lane.styles.height = "auto"
    async with on_stage(lane, size=NARROW) as pilot:
        assert lane.size.height <= 4
        lane.show((LIMITS, RESERVED))
        await pilot.pause()
        assert lane.size.height <= 4
        said = one_line(lane)
        assert "F8 beslutninger (2)" in said
        assert "Kongens Fald" in said
        assert "U udlån alligevel (vagth.)" in said


async def test_letters_answer_only_in_the_lane() -> None:
    heard: list[Message] = []
    lane, row = beside()
    line = ScanLine()
    async with on_stage(row, line, heard=heard) as pilot:
        lane.show((RESERVED,))
        line.focus()
        await pilot.press("t")
        assert (answers(heard), line.typed) == ([], "t")
        lane.focus()
        await pilot.press("x", "7", "t")
        assert (answers(heard), line.typed) == ([(41, "T")], "t")


async def test_another_decision_is_chosen_with_the_arrows() -> None:
    heard: list[Message] = []
    lane, row = beside()
    async with on_stage(row, heard=heard) as pilot:
        lane.show((RESERVED, LIMITS))
        lane.focus()
        await pilot.press("down", "down")
        assert "Gebyrgrænsen er nået" in one_line(lane)
        await pilot.press("x")
        await pilot.press("up", "t")
        assert answers(heard) == [(42, "X"), (41, "T")]


async def test_the_chosen_one_stays_chosen_when_others_come_and_go() -> None:
    lane, row = beside()
    async with on_stage(row) as pilot:
        lane.show((RESERVED, LIMITS))
        lane.focus()
        await pilot.press("down")
        lane.show((replace(RESERVED, key=40), RESERVED, LIMITS))
        assert lane.chosen == LIMITS
        lane.show((RESERVED,))
        assert lane.chosen == RESERVED


async def test_esc_goes_back_to_scanning() -> None:
    heard: list[Message] = []
    lane, row = beside()
    async with on_stage(row, heard=heard) as pilot:
        lane.show((RESERVED,))
        lane.focus()
        await pilot.press("escape")
        assert [type(message) for message in heard if isinstance(message, DecisionLane.Left)] == [DecisionLane.Left]


async def test_the_lane_is_dimmer_while_letters_go_elsewhere() -> None:
    lane, row = beside()
    async with on_stage(row) as pilot:
        lane.show((RESERVED,))
        await pilot.pause()
        away = [strip for strip in lane.render_lines(lane.size.region) if "tilbage" in strip.text]
        lane.focus()
        await pilot.pause()
        here = [strip for strip in lane.render_lines(lane.size.region) if "tilbage" in strip.text]
        assert [segment.style for segment in away[0]] != [segment.style for segment in here[0]]


async def test_a_decision_left_for_later_says_since_when() -> None:
    lane, row = beside()
    async with on_stage(row):
        lane.show((replace(RESERVED, line_number=0, waiting_since="10.42"),))
        assert "venter siden kl. 10.42" in one_line(lane)


async def test_the_chosen_decision_is_in_sight_among_many() -> None:
    lane, row = beside()
    async with on_stage(row, size=(100, 24)) as pilot:
        lane.show(tuple(replace(RESERVED, key=n, line_number=n, title=f"Bog {n}") for n in range(1, 31)))
        lane.focus()
        await pilot.press(*["down"] * 20)
        assert "Bog 21" in text(lane)
        assert "V vent" in one_line(lane)
        assert "F8" in painted(lane)[0] or "(30)" in painted(lane)[0]


@pytest.mark.parametrize("focused", [False, True])
@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_titles_and_reasons_stay_in_the_lane(value: str, focused: bool) -> None:
    hostile = LaneEntry(1, value, 1, (value, value), (("V", value or "vent"),), value)
    side, row = beside()
    row.styles.height = 12
    below = DecisionLane()
    below.styles.height = 4
    async with on_stage(row, below) as pilot:
        for lane in (side, below):
            lane.show((hostile, RESERVED))
            if focused:
                lane.focus()
            await pilot.pause()
            assert_harmless(lane)


def test_no_title_is_in_a_log() -> None:
    assert "hvide" not in repr(RESERVED)
