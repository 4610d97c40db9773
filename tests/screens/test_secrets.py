"""A card on the reader or a scan while a PIN or a password is typed: the digits land nowhere but in their field ."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Input

from db.models import Block, Card, Loan
from devices.card_messages import CardPresented
from screens.dialogs.new_pin import NewPinDialog
from screens.dialogs.step_up import StepUpDialog
from screens.lending.lending import LendingScreen
from screens.sign_up.sign_up import SignUpScreen
from screens.widgets.scan_line import ScanLine
from tests.screens.at_work import BLOCKED_CARD, CARD, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import ANNA, blocks, rows, write

READER = "virtual"
PIN = "2468"


class AtSecret(AtWork):
    """A counter on whose reader cards are laid."""

    def lay(self, code: str) -> None:
        """Lay a card on the reader."""
        self.app.hearing.hear(CardPresented(code, READER))

    async def handled(self) -> None:
        """Wait until nothing waits any more."""
        for _round in range(200):
            await self.settle()
            if not self.app.at_counter.work.waiting and not self.app.held_back:
                return
        raise AssertionError("scans go on waiting")

    async def codes_in_queue(self) -> list[str]:
        """Every code that lies in the queue; orders have none."""
        queue = self.app.at_counter.work._queue
        return [entry.code for entry in await queue.entries("waiting", "settled", "deciding") if entry.code]

    def in_scan_line(self) -> str:
        """What stands in the scan line of the counter's page."""
        page = next(one for one in self.app.screen_stack if isinstance(one, LendingScreen))
        return page.query_one(ScanLine).typed


@asynccontextmanager
async def at_counter(home: Path) -> AsyncIterator[AtSecret]:
    async with at_work(home) as counter:
        yield AtSecret(counter.app, counter.pilot)


def pin_hash(counter: AtWork) -> str | None:
    """What is kept of the PIN of Anna's card."""
    kept = rows(counter, Card.select(Card.pin_hash).where(Card.borrower == ANNA))[0][0]
    return None if kept is None else str(kept)


async def at_new_pin(counter: AtSecret) -> None:
    """Anna's first card is to have a new PIN."""
    await counter.scan(CARD)
    await counter.press("f4", "2", "p")
    assert isinstance(counter.app.screen, NewPinDialog)


@pytest.mark.parametrize("way", ["reader", "scanner"])
async def test_a_borrowers_card_in_the_middle_of_a_new_pin_waits_until_it_is_set(home: Path, way: str) -> None:
    async with at_counter(home) as counter:
        await at_new_pin(counter)
        await counter.press("2", "4")
        if way == "reader":
            counter.lay(OTHER_CARD)
        else:
            counter.app.heard_typed(OTHER_CARD)
        await counter.until("1 scanning venter")
        await counter.press("6", "8", "enter", *PIN)
        assert isinstance(counter.app.screen, NewPinDialog)
        assert [field.value for field in counter.app.screen.query(Input)] == [PIN, PIN]
        assert counter.in_scan_line() == ""
        assert await counter.codes_in_queue() == [OTHER_CARD]
        await counter.press("enter")
        await counter.until("Ib [/] Hansen")
        await counter.handled()
        assert isinstance(counter.app.screen, LendingScreen)
        assert pin_hash(counter) is not None, "the card that waited closed the page before the PIN was set"
        assert "Pinkoden er skiftet." in counter.text()


async def test_esc_lets_the_card_that_waits_go_on(home: Path) -> None:
    async with at_counter(home) as counter:
        await at_new_pin(counter)
        await counter.press("2", "4")
        counter.lay(OTHER_CARD)
        await counter.until("1 scanning venter")
        await counter.press("escape")
        await counter.until("Ib [/] Hansen")
        assert pin_hash(counter) is None


async def test_a_pin_typed_on_behind_a_curtain_whose_visit_has_ended_lands_nowhere(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_counter(home) as counter:
        await at_new_pin(counter)
        await counter.press("2", "4")
        privacy = counter.app.privacy
        drawn = privacy._touched_at + 61
        for seconds in (drawn, drawn + 121):
            monkeypatch.setattr(privacy, "_seconds", partial(float, seconds))
            counter.app._tick()
            await counter.settle()
        assert counter.app.at_counter.place.visit is None
        await counter.until("Tryk Enter for at fortsætte")
        await counter.press("6", "8", "enter")
        assert isinstance(counter.app.screen, LendingScreen)
        assert counter.in_scan_line() == ""
        assert await counter.codes_in_queue() == []
        assert "Anna" not in counter.text()


async def test_a_card_that_was_on_its_way_before_the_dialog_opened_waits_as_well(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_counter(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4", "2")
        # Taken by the handling already: nothing can hold it any more.
        handle = counter.app.at_counter.work._handling.handle

        async def after_the_dialog_is_there(*arguments: object) -> object:
            while not isinstance(counter.app.screen, NewPinDialog):
                await counter.pilot.pause()
            return await handle(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(counter.app.at_counter.work._handling, "handle", after_the_dialog_is_there)
        counter.lay(OTHER_CARD)
        await counter.pilot.press("p")
        for _round in range(200):
            await counter.pilot.pause(0.01)
            if not counter.app.at_counter.work.waiting:
                break
        await counter.press("2", "4")
        assert isinstance(counter.app.screen, NewPinDialog)
        assert counter.in_scan_line() == ""
        await counter.press("escape")
        await counter.until("Ib [/] Hansen")
        assert isinstance(counter.app.screen, LendingScreen)


async def test_a_card_laid_down_during_a_step_up_waits_and_the_staff_card_does_not(home: Path) -> None:
    async with at_counter(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u", *"aftalt")
        counter.lay(OTHER_CARD)
        await counter.until("1 scanning venter")
        counter.lay("99LONE99")
        await counter.settle()
        assert isinstance(counter.app.screen, StepUpDialog)
        assert counter.app.screen.secret.has_focus
        await counter.press(*"1234")
        assert counter.in_scan_line() == ""
        await counter.press("enter")
        await counter.until("Ib [/] Hansen")
        await counter.handled()
        assert rows(counter, Loan.select(Loan.borrower)) == [(3,)]


async def test_a_wrong_pin_asks_again_and_the_card_waits_on(home: Path) -> None:
    async with at_counter(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u", *"aftalt", "enter")
        counter.lay(OTHER_CARD)
        await counter.press(*"lone", "enter", *"forkert", "enter")
        await counter.until("Forkert brugernavn eller adgangskode.")
        await counter.until("1 scanning venter")
        assert isinstance(counter.app.screen, StepUpDialog)
        assert counter.app.at_counter.borrower is not None
        assert counter.app.at_counter.borrower.name == "Karl Blok"
        await counter.press("escape")
        await counter.until("Ib [/] Hansen")


async def test_a_card_laid_down_waits_until_a_supervisor_has_lifted_the_block(home: Path) -> None:
    write(home, Block.insert(borrower=ANNA, kind="U", set_on=date(2020, 1, 1), reason="larm"))
    async with at_counter(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4", "3", "o", *"aftalt", "enter")
        counter.lay(OTHER_CARD)
        await counter.press(*"lone", "enter", *"forkert", "enter")
        await counter.until("Forkert brugernavn eller adgangskode.")
        await counter.until("1 scanning venter")
        # After a wrong try the next has to wait.
        await counter.pilot.pause(counter.app.installation.settings.sign_in.delay_seconds)
        await counter.press(*"lone", "enter", *"hemmelig", "enter")
        await counter.until("Ib [/] Hansen")
        assert blocks(counter)[-1][3] == "aftalt", "the card that waited closed the page before the block was lifted"
        assert "Blokeringen er ophævet." in counter.text()


async def test_a_card_laid_down_while_a_new_borrower_chooses_a_pin_waits_for_the_sign_up(home: Path) -> None:
    async with at_counter(home) as counter:
        counter.app.push_screen(SignUpScreen())
        await counter.settle()
        form = counter.app.screen.query_one("#card", Input)
        form.value = "2000000077"
        counter.app.screen.query_one("#pin").focus()
        await counter.press("space")
        assert isinstance(counter.app.screen, NewPinDialog)
        await counter.press("2", "4")
        counter.lay(OTHER_CARD)
        await counter.until("1 scanning venter")
        await counter.press("6", "8", "enter", *PIN, "enter")
        await counter.until("valgt")
        assert isinstance(counter.app.screen, SignUpScreen)
        assert counter.in_scan_line() == ""
        assert counter.app.at_counter.work.waiting == 1
