"""The pile: a line a scan, a page at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from screens.widgets.pile import Pile, PileLine
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, assert_harmless, on_stage, painted, rows_painted, text

FALD = PileLine(1, "Kongens Fald", "Johannes V. Jensen", "24. okt.", "", "plain")
KUNSTEN = replace(FALD, title="Kunsten at græde i kor og andre lange titler, som ingen orker at læse til ende")


def lines(count: int) -> list[PileLine]:
    return [replace(FALD, number=number, title=f"Bog {number}") for number in range(1, count + 1)]


async def test_a_line_says_title_author_and_due_date() -> None:
    pile = Pile("check_out")
    async with on_stage(pile):
        pile.update_line(FALD)
        head, line = painted(pile)[:2]
        assert head.split() == ["#", "Titel", "Forfatter", "Afleveres", "Bemærkning"]
        assert line.split() == ["1", "Kongens", "Fald", "Johannes", "V.", "Jensen", "24.", "okt."]


async def test_the_heads_stand_above_their_columns() -> None:
    pile = Pile("check_out")
    async with on_stage(pile):
        pile.update_line(replace(FALD, note="2 dele – tæl efter", tone="look"))
        head, line = painted(pile)[:2]
        for above, below in (
            ("Titel", "Kongens"),
            ("Forfatter", "Johannes"),
            ("Afleveres", "24."),
            ("Bemærkning", "2 dele"),
        ):
            assert head.index(above) == line.index(below)


async def test_a_narrow_terminal_does_without_authors() -> None:
    pile = Pile("check_out")
    async with on_stage(pile, size=NARROW):
        pile.update_line(FALD)
        assert "Johannes" not in text(pile)
        assert "Forfatter" not in text(pile)
        assert "Kongens Fald" in text(pile)


@pytest.mark.parametrize("size", [NARROW, (100, 30), WIDE])
@pytest.mark.parametrize("due", ["24. okt.", "24. dec. 2027"])
async def test_due_date_and_note_are_never_cut(size: tuple[int, int], due: str) -> None:
    pile = Pile("check_out")
    note = "lånegrænsen er nået (15/15)."
    assert len(note) == 28
    async with on_stage(pile, size=size):
        pile.update_line(replace(KUNSTEN, due=due, note=note, tone="stop"))
        line = painted(pile)[1]
        assert due in line
        assert note in line
        assert "…" in line


async def test_a_return_says_where_it_goes() -> None:
    pile = Pile("return")
    async with on_stage(pile, size=NARROW):
        pile.update_line(PileLine(1, "Nordkraft", "Jakob Ejersbo", "→ Thyholm", "seddel udskrevet", "plain"))
        head, line = painted(pile)[:2]
        assert "Til" in head
        assert "Forfatter" not in head
        assert "→ Thyholm" in line
        assert "seddel udskrevet" in line


async def test_a_full_page_is_followed_by_an_empty_one() -> None:
    pile = Pile("check_out")
    async with on_stage(pile, size=NARROW):
        room = pile.size.height - 1
        for line in lines(room):
            pile.update_line(line)
        assert "Bog 1 " in text(pile)
        assert f"Bog {room}" in text(pile)
        assert "side" not in text(pile)
        pile.update_line(replace(FALD, number=room + 1))
        assert [row.split()[:3] for row in painted(pile)[1:] if row] == [[str(room + 1), "Kongens", "Fald"]]
        assert "side 2" in painted(pile)[0]


async def test_earlier_pages_can_be_read_and_the_next_scan_comes_back() -> None:
    pile = Pile("check_out")
    async with on_stage(pile, size=NARROW):
        many = 2 * (pile.size.height - 1) + 1
        pile.show_lines(lines(many))
        assert f"Bog {many}" in text(pile)
        pile.turn(-1)
        pile.turn(-1)
        pile.turn(-1)
        assert "Bog 1 " in text(pile)
        assert "side 1 af 3" in painted(pile)[0]
        pile.turn(1)
        assert "side 2 af 3" in painted(pile)[0]
        pile.update_line(replace(FALD, number=many + 1))
        assert "Kongens Fald" in text(pile)


async def test_a_sentence_that_makes_the_pile_shorter_hides_no_line_that_was_turned_to() -> None:
    pile = Pile("check_out")
    async with on_stage(pile, size=NARROW) as pilot:
        pile.show_lines(lines(60))
        pile.turn_to(20)
        await pilot.resize_terminal(80, 14)
        assert "Bog 20 " in text(pile)
        pile.update_line(replace(FALD, number=61))
        await pilot.resize_terminal(80, 24)
        assert "Kongens Fald" in text(pile)
        pile.turn(-1)
        first = painted(pile)[1].split()[0]
        await pilot.resize_terminal(80, 10)
        assert first in [row.split()[0] for row in painted(pile)[1:] if row]
        pile.turn(99)
        await pilot.resize_terminal(80, 24)
        assert "Kongens Fald" in text(pile)


async def test_a_settled_line_takes_the_place_of_the_waiting_one() -> None:
    pile = Pile("check_out")
    async with on_stage(pile):
        pile.update_line(PileLine(1, "…", "", "", "", "plain", pending=True))
        pile.update_line(replace(FALD, number=2))
        pile.update_line(FALD)
        assert [row.split()[0] for row in painted(pile)[1:] if row] == ["1", "2"]
        assert "Kongens Fald" in painted(pile)[1]


async def test_a_scan_paints_its_own_row_and_no_other() -> None:
    pile = Pile("check_out")
    async with on_stage(pile):
        pile.show_lines(lines(10))
        with rows_painted(pile) as rows:
            pile.update_line(replace(FALD, number=11))
        assert rows == [11]


async def test_a_decision_answered_late_leaves_the_page_where_it_is() -> None:
    pile = Pile("return")
    async with on_stage(pile, size=NARROW):
        pile.show_lines(lines(600))
        page = painted(pile)
        pile.update_line(replace(FALD, number=3))
        assert painted(pile) == page


async def test_a_long_day_keeps_the_latest_lines_only() -> None:
    pile = Pile("return")
    async with on_stage(pile, size=NARROW):
        for line in lines(1200):
            pile.update_line(line)
        seen = set()
        for _ in range(80):
            seen |= {int(row.split()[0]) for row in painted(pile)[1:] if row}
            pile.turn(-1)
        assert max(seen) == 1200
        assert 600 < min(seen) <= 1200 - 400


async def test_nothing_of_a_pile_is_left_when_it_ends() -> None:
    pile = Pile("check_out")
    async with on_stage(pile, size=NARROW):
        pile.show_lines(lines(60))
        pile.show_lines(())
        assert "Bog" not in text(pile)
        assert "side" not in text(pile)


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_data_stays_in_its_line(value: str, size: tuple[int, int]) -> None:
    pile = Pile("check_out")
    async with on_stage(pile, size=size):
        pile.update_line(PileLine(1, value, value, "24. okt.", "2 dele – tæl efter", "look"))
        pile.update_line(PileLine(2, "Sne", value, value, value, "stop"))
        assert_harmless(pile)
        assert "24. okt." in painted(pile)[1]
        assert "2 dele – tæl efter" in painted(pile)[1]


async def test_a_refused_line_is_marked_by_a_sign_as_well_as_a_colour() -> None:
    pile = Pile("check_out")
    async with on_stage(pile):
        pile.update_line(FALD)
        pile.update_line(replace(FALD, number=2, tone="stop", note="udlånes ikke"))
        pile.update_line(replace(FALD, number=3, tone="look", note="2 dele – tæl efter"))
        first = [row.strip()[0] for row in painted(pile)[1:4]]
        assert first == ["1", "×", "►"]
        colours = [next(iter(strip)).style for strip in pile.render_lines(pile.size.region)[1:4]]
        assert len({str(colour) for colour in colours}) == 3
