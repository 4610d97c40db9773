"""The borrower above the pile."""

from __future__ import annotations

import pytest

from screens.widgets.masthead import BorrowerStrip, Strip, Warning_
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, assert_harmless, on_stage, painted, text

ANNA = Strip("Anna Kirstine Møller Jensen", ("voksen", "alm. låner", "kort …4711"))
BLOCK = Warning_(
    "BLOKERET: Gebyrgrænsen er nået: låner skylder 260,00 kr. Ophæves ved betaling til under 200 kr.", "stop"
)
NOTE = Warning_("Note (MK 3. sep.): henter for sin mor, aftalt", "look")


async def test_without_a_borrower_it_asks_for_a_card() -> None:
    strip = BorrowerStrip()
    async with on_stage(strip):
        assert text(strip).strip() == "Scan et lånerkort."


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_it_says_who_is_being_served(size: tuple[int, int]) -> None:
    strip = BorrowerStrip()
    async with on_stage(strip, size=size):
        strip.show(ANNA)
        assert "Anna Kirstine Møller Jensen" in painted(strip)[0]
        assert "voksen · alm. låner · kort …4711" in painted(strip)[0]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_block_is_readable_to_its_end(size: tuple[int, int]) -> None:
    strip = BorrowerStrip()
    async with on_stage(strip, size=size) as pilot:
        strip.show(Strip(ANNA.name, ANNA.facts, (BLOCK, NOTE), ("mellemværende 260,00 kr.",)))
        await pilot.pause()
        said = " ".join(text(strip).split())
        assert "under 200 kr." in said
        assert "henter for sin mor, aftalt" in said
        assert "mellemværende 260,00 kr." in painted(strip)[0]


async def test_two_blocks_and_a_note_are_readable_on_a_narrow_terminal() -> None:
    strip = BorrowerStrip()
    lost = Warning_("BLOKERET: Kortet er meldt stjålet 3. sep. Udsted et nyt kort. Kan ikke tilsidesættes.", "stop")
    async with on_stage(strip, size=NARROW) as pilot:
        strip.show(Strip(ANNA.name, ANNA.facts, (lost, BLOCK, NOTE)))
        await pilot.pause()
        said = " ".join(text(strip).split())
        for end in ("Kan ikke tilsidesættes.", "under 200 kr.", "aftalt"):
            assert end in said


async def test_many_warnings_go_unsaid_by_none() -> None:
    strip = BorrowerStrip()
    async with on_stage(strip) as pilot:
        strip.show(Strip(ANNA.name, ANNA.facts, tuple(Warning_(f"Blok {n}.", "stop") for n in range(1, 6))))
        await pilot.pause()
        for n in range(1, 6):
            assert f"Blok {n}." in text(strip)


async def test_the_next_borrower_wipes_the_last() -> None:
    strip = BorrowerStrip()
    async with on_stage(strip) as pilot:
        strip.show(Strip(ANNA.name, ANNA.facts, (BLOCK, NOTE)))
        await pilot.pause()
        strip.show(Strip("Ib", ("voksen",)))
        await pilot.pause()
        assert text(strip).split() == ["Ib", "voksen"]
        strip.show(None)
        await pilot.pause()
        assert "Ib" not in text(strip)


LASTING = ("Struer", "digitale tjenester: ja")


async def test_facts_that_last_stand_beside_the_others_where_there_is_room() -> None:
    strip = BorrowerStrip()
    async with on_stage(strip, size=WIDE) as pilot:
        strip.show(Strip(ANNA.name, ANNA.facts, lasting=LASTING))
        await pilot.pause()
        assert "voksen · alm. låner · kort …4711 · Struer · digitale tjenester: ja" in painted(strip)[0]


async def test_facts_that_last_have_a_row_of_their_own_above_the_warnings() -> None:
    strip = BorrowerStrip()
    async with on_stage(strip, size=NARROW) as pilot:
        strip.show(Strip(ANNA.name, ANNA.facts, (BLOCK, NOTE, BLOCK, NOTE, BLOCK), lasting=LASTING))
        await pilot.pause()
        assert painted(strip)[0].endswith("kort …4711")
        assert painted(strip)[1].strip() == "Struer · digitale tjenester: ja"
        assert painted(strip)[2].startswith(" BLOKERET")


async def test_no_name_is_too_long_for_the_facts_that_last() -> None:
    strip = BorrowerStrip()
    async with on_stage(strip, size=NARROW) as pilot:
        strip.show(Strip("æ" * 200, ANNA.facts, lasting=LASTING))
        await pilot.pause()
        assert "voksen · alm. låner · kort …4711 · Struer · digitale tjenester: ja" in painted(strip)[1]


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_names_and_notes_stay_in_the_strip(value: str, size: tuple[int, int]) -> None:
    strip = BorrowerStrip()
    async with on_stage(strip, size=size) as pilot:
        strip.show(Strip(value, ("voksen", value), (Warning_(value, "look"), NOTE), ("60,00 kr.",)))
        await pilot.pause()
        assert_harmless(strip)
        assert painted(strip)[0].endswith("60,00 kr.")


def test_no_name_is_in_a_log() -> None:
    assert "Anna" not in repr(ANNA)
