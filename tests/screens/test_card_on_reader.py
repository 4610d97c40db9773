"""The card that lies on the reader: taking it off draws the curtain, laying it back brings the session back (C7)."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from db.models import Loan
from desk.installation import open_installation
from devices.card_messages import CardPresented, CardRemoved
from devices.messages import Device, DeviceChanged
from screens.curtain.curtain import CurtainScreen
from screens.dialogs.step_up import StepUpDialog
from screens.lending.lending import LendingScreen
from tests.screens.at_work import BLOCKED_CARD, CARD, OTHER_CARD, AtWork, at_work

READER = "virtual"
STAFF_CARD = "99LONE99"


async def lay(counter: AtWork, code: str) -> None:
    """Lay a card on the reader."""
    counter.app.hearing.hear(CardPresented(code, READER))
    await counter.settle()


async def take_off(counter: AtWork) -> None:
    """Take the card off."""
    counter.app.hearing.hear(CardRemoved(READER))
    await counter.settle()


def is_hidden(counter: AtWork) -> bool:
    return isinstance(counter.app.screen, CurtainScreen)


async def test_taking_the_card_off_draws_the_curtain_and_laying_it_back_raises_it(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        await counter.scan("3000000000")
        for _time in range(2):
            await take_off(counter)
            assert is_hidden(counter)
            assert "Anna" not in counter.text()
            await lay(counter, CARD)
            await counter.until("Anna Møller")
            assert "Titel 0" in counter.pile()


async def test_any_key_brings_the_session_back_without_the_card(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        await take_off(counter)
        await counter.press("space")
        await counter.until("Anna Møller")
        await take_off(counter)
        assert not is_hidden(counter)


async def test_what_was_scanned_meanwhile_is_lent_when_the_card_is_laid_back(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        await take_off(counter)
        await counter.scan("3000000000")
        await lay(counter, CARD)
        await counter.until("Titel 0")
        assert isinstance(counter.app.screen, LendingScreen)


async def test_another_card_starts_the_next_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        await take_off(counter)
        await lay(counter, OTHER_CARD)
        await counter.until("Ib [/] Hansen")
        assert "Anna" not in counter.text()
        await take_off(counter)
        assert is_hidden(counter)


async def test_after_two_minutes_the_same_card_opens_a_new_visit(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        await counter.scan("3000000000")
        await take_off(counter)
        monkeypatch.setattr(counter.app.privacy, "_seconds", partial(float, counter.app.privacy._touched_at + 130))
        counter.app._tick()
        await counter.settle()
        counter.app.at_counter.work._intake.forget()
        await lay(counter, CARD)
        await counter.until("Anna Møller")
        assert "Titel 0" not in counter.pile()


@pytest.mark.parametrize("also_laid", [False, True])
async def test_a_visit_that_a_scanner_opened_is_not_hidden_by_a_card_that_goes(home: Path, also_laid: bool) -> None:
    async with at_work(home) as counter:
        await lay(counter, OTHER_CARD)
        await counter.scan(CARD)
        if also_laid:
            await take_off(counter)
            await lay(counter, CARD)
        await take_off(counter)
        assert not is_hidden(counter)
        assert "Anna Møller" in counter.text()


async def test_a_card_that_is_gone_before_its_visit_opens_leaves_the_curtain_behind(home: Path) -> None:
    async with at_work(home) as counter:
        counter.app.hearing.hear(CardPresented(CARD, READER))
        counter.app.hearing.hear(CardRemoved(READER))
        await counter.settle()
        assert is_hidden(counter)
        await counter.press("space")
        await counter.until("Anna Møller")


async def test_a_supervisors_card_takes_the_borrowers_place_on_the_reader_during_a_step_up(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, BLOCKED_CARD)
        await counter.scan("3000000000")
        await counter.press("f8", "u", *"aftalt")
        await take_off(counter)
        await lay(counter, STAFF_CARD)
        screen = counter.app.screen
        assert isinstance(screen, StepUpDialog)
        assert screen.secret.has_focus
        await take_off(counter)
        await counter.press(*"1234", "enter")
        await counter.until("Scan eller tast for at fortsætte")
        await counter.press("space")
        await counter.until("Titel 0")


async def test_a_card_laid_back_before_the_step_up_is_done_draws_no_curtain(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, BLOCKED_CARD)
        await counter.scan("3000000000")
        await counter.press("f8", "u")
        await take_off(counter)
        await lay(counter, BLOCKED_CARD)
        await counter.press("escape")
        await counter.until("allerede åben")
        assert not is_hidden(counter)


async def test_a_staff_card_that_is_taken_off_hides_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        await take_off(counter)
        await counter.press("space")
        await lay(counter, STAFF_CARD)
        await take_off(counter)
        assert not is_hidden(counter)


async def test_the_same_card_scanned_at_the_curtain_raises_it(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        counter.app.at_counter.work._intake.forget()
        await counter.press("f9")
        assert is_hidden(counter)
        await counter.scan(CARD)
        await counter.until("Anna Møller")


async def test_devices_stand_in_one_order_whichever_was_heard_of_first(home: Path) -> None:
    async with at_work(home, (120, 40)) as counter:
        heard: tuple[Device, ...] = ("printer", "pad", "reader")
        for device in heard:
            counter.app.call_from_device(DeviceChanged(device, "ok"))
        await counter.until("læser ok · plade ok · printer ok")


async def test_cards_exchanged_in_one_breath_open_the_last_ones_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        for turns in range(40):
            # The removal draws the curtain, and the next card raises it before it has been laid out.
            counter.app.call_from_device(CardRemoved(READER))
            for _turn in range(turns):
                await asyncio.sleep(0)
            counter.app.call_from_device(CardPresented(OTHER_CARD if turns % 2 else CARD, READER))
            await counter.settle()
        await lay(counter, CARD)
        await counter.until("Anna Møller")
        assert not is_hidden(counter)


async def test_a_book_that_came_behind_the_curtain_is_not_lent_to_whoever_left_when_the_next_card_is_laid(
    home: Path,
) -> None:
    async with at_work(home) as counter:
        await lay(counter, CARD)
        await take_off(counter)
        await counter.scan("3000000000")
        await lay(counter, OTHER_CARD)
        await counter.until("Ib [/] Hansen")
        assert not is_hidden(counter)
        await counter.until("Ingen låner valgt.")
        with open_installation(home) as again:
            assert again.store.read_here(lambda transaction: transaction.all(Loan.select(Loan.borrower))) == []
