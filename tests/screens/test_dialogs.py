"""Dialogs among scans: what is typed stays typed, what is scanned goes to the queue (C1, C3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from screens.dialogs.ask_text import TextDialog
from tests.screens.at_work import BLOCKED_CARD, CARD, at_work


@pytest.mark.parametrize("ending", ["\r", "\t"])
async def test_a_scan_right_after_a_typed_letter_of_the_note_goes_to_the_queue(home: Path, ending: str) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4", "3", "n")
        await counter.burst(f"husk kortet3000000000{ending}")
        assert isinstance(counter.app.screen, TextDialog), "the scanner's ending saved the note"
        assert counter.app.screen.query_one(Input).value == "husk kortet"
        assert isinstance(counter.app.focused, Input)
        await counter.press("escape", "escape")
        assert "Titel 0" in counter.pile()


async def test_a_scan_right_after_a_typed_letter_of_the_reason_goes_to_the_queue(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u")
        await counter.burst("aftalt3000000001\r")
        assert counter.app.screen.query_one("#reason", Input).value == "aftalt"
        assert counter.app.screen.query_one("#reason", Input).has_focus
        await counter.until("1 scanning venter")
        await counter.press("escape")
        await counter.until("2 til dig")
        assert counter.figures() == (2, 0, 2)


async def test_the_due_date_dialog_names_the_title(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000", "3000000001")
        await counter.press("ctrl+d")
        assert "»Titel 1«" in counter.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_title_that_is_long_or_hostile_is_cut_in_the_due_date_dialog(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await counter.scan(CARD)
        for number, begins in ((0, "»Ib [/] Hansen«"), (3, "»æææ"), (5, "»[@click=app.exit]x«")):
            await counter.scan(f"31000000{number:02}")
            await counter.press("ctrl+d")
            await counter.until(begins)
            assert counter.app.screen.query_one("#about").size.height == 1
            await counter.press("escape")


async def test_a_due_date_that_is_refused_stays_in_the_dialog_with_the_reason(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        await counter.press("ctrl+d", *"1.1.2020", "enter", *"rejse", "enter")
        await counter.until("Datoen er passeret.")
        fields = [field.value for field in counter.app.screen.query(Input)]
        assert fields == ["1.1.2020", "rejse"]
        assert "»Titel 0«" in counter.text()


async def test_the_due_date_is_said_in_full_before_the_reason_is_asked_for(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        await counter.press("ctrl+d", *"2.3.41", "enter")
        assert "Afleveres senest lør. 2. mar. 2041." in counter.text().replace("\u00a0", " ")
        await counter.press("enter")
        assert "Skriv en årsag." in counter.text()
        assert "Afleveres senest" not in counter.text()


async def test_a_due_date_beyond_the_calendar_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        monkeypatch.setattr("desk.circulation.check_out.moved_to_open_day", lambda *_: None)
        day = (counter.app.today() + timedelta(days=60)).strftime("%d.%m.%Y")
        await counter.press("ctrl+d", *day, "enter", *"rejse", "enter")
        await counter.until("Kalenderen har ingen åben dag")
        assert counter.app.screen.query_one("#day", Input).value == day


async def test_a_due_date_set_by_hand_says_that_closed_days_moved_it_too(home: Path) -> None:
    async with at_work(home, (120, 40)) as counter:
        await counter.scan(CARD, "3000000000")
        christmas = f"25.12.{counter.app.today().year + 1}"
        await counter.press("ctrl+d", *christmas, "enter", *"ferie", "enter")
        await counter.until("lukket · dato ændret")
