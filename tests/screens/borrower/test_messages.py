"""The tab «Beskeder» and the list of what was not sent: words for states, keys for texts, names on a key only (M2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.models import AccessLog, Borrower, Message
from desk.__main__ import _faulty_templates
from desk.installation import open_installation
from screens.borrower.borrower import BorrowerScreen
from screens.borrower.messages_pane import MessagesPane
from screens.dialogs.message_text import MessageDialog
from tests.builders import TUESDAY
from tests.screens.at_work import CARD, AtWork, at_work
from tests.screens.borrower.test_reservations import until, words
from tests.screens.borrower_page import rows, write

SIZES = [(80, 24), (120, 40)]
SECRET = "Du skylder 260,00 kr. [/] \x1b[2J"


def message(number: int, **columns: Any) -> Any:
    """Give a statement that puts a message to Anna into the store."""
    usual = {
        "borrower": 1,
        "kind": "block",
        "channel": "email",
        "cause": f"block:{number}",
        "language": "da",
        "facts": "{}",
        "subject": "Emne",
        "body": SECRET,
        "created_at": TUESDAY,
        "state": "failed",
        "problem": "mailbox_unknown",
        "message_id": f"message-{number}",
    }
    return Message.insert(**(usual | columns))


WAITING = {"state": "waiting", "problem": "", "kind": "reminder", "try_at": TUESDAY, "body": None, "subject": None}


async def open_tab(counter: AtWork) -> BorrowerScreen:
    """Open the tab of Anna's page."""
    await counter.scan(CARD)
    await counter.press("f4")
    await until(counter, "digitale tjenester")
    await counter.press("8")
    screen = counter.app.screen
    assert isinstance(screen, BorrowerScreen)
    return screen


async def choose(screen: BorrowerScreen, counter: AtWork, state: str) -> None:
    """Go to the message of a state."""
    await until(counter, state)
    pane = screen.query_one(MessagesPane)
    place = next(place for place, one in enumerate(pane._messages) if state in pane._row(one)[3])
    pane.table.move_cursor(row=place)
    pane.table.focus()
    await counter.settle()


def states(counter: AtWork) -> list[tuple[Any, ...]]:
    return rows(counter, Message.select(Message.state, Message.problem).order_by(Message.id))


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_says_what_became_of_each_and_not_what_it_said(home: Path, size: tuple[int, int]) -> None:
    write(
        home,
        message(1),
        message(2, **WAITING),
        message(3, state="no_contact", channel="none", problem=""),
        message(4, state="sent", problem="", sent_at=TUESDAY, kind="receipt", channel="sms"),
    )
    async with at_work(home, size) as counter:
        await open_tab(counter)
        for said in (
            "besked om blo",
            "ikke sendt: e-mailadressen findes ikke",
            "påmindelse",
            "venter",
            "ingen kontaktoplysninger",
            "kvittering",
            "8 Beskeder 4",
        ):
            await until(counter, said)
        assert "260,00" not in counter.text()
        assert [action for (action,) in rows(counter, AccessLog.select(AccessLog.action))] == ["visit", "page"]


async def test_nothing_sent_is_said(home: Path) -> None:
    async with at_work(home) as counter:
        await open_tab(counter)
        await until(counter, "Ingen beskeder.")
        await counter.press("enter", "s", "a")
        assert "Ingen beskeder." in words(counter)


@pytest.mark.parametrize("size", SIZES)
async def test_what_one_said_is_on_enter_logged_and_hidden_by_the_curtain(home: Path, size: tuple[int, int]) -> None:
    write(home, message(1))
    async with at_work(home, size) as counter:
        screen = await open_tab(counter)
        await choose(screen, counter, "ikke sendt")
        await counter.press("enter")
        await until(counter, "Du skylder 260,00 kr. [/] [2J")
        assert isinstance(counter.app.screen, MessageDialog)
        newest = rows(counter, AccessLog.select(AccessLog.action, AccessLog.revealed))[-1]
        assert newest == ("reveal", "messages")
        await counter.press("escape")
        assert not isinstance(counter.app.screen, MessageDialog)


async def test_whose_address_is_protected_is_asked_why(home: Path) -> None:
    write(home, message(1), Borrower.update(address_protected=True).where(Borrower.id == 1))
    async with at_work(home) as counter:
        screen = await open_tab(counter)
        await choose(screen, counter, "ikke sendt")
        await counter.press("enter")
        await until(counter, "Adressebeskyttet. Hvad skal det bruges til?")
        await counter.press("escape")
        assert "260,00" not in counter.text()
        await counter.press("enter", "o")
        await until(counter, "260,00")
        assert rows(counter, AccessLog.select(AccessLog.purpose))[-1] == ("follow_up",)


async def test_what_was_not_sent_is_sent_again_on_a_key(home: Path) -> None:
    write(home, message(1))
    async with at_work(home) as counter:
        screen = await open_tab(counter)
        await choose(screen, counter, "ikke sendt")
        await counter.press("s")
        await until(counter, "Beskeden venter og sendes ved næste kørsel.")
        assert states(counter) == [("waiting", "")]


async def test_what_may_have_arrived_is_sent_again_only_after_a_question(home: Path) -> None:
    write(home, message(1, problem="uncertain"))
    async with at_work(home) as counter:
        screen = await open_tab(counter)
        await choose(screen, counter, "uvist, om den er sendt")
        await counter.press("s")
        await until(counter, "Den kan være nået frem. Send den igen?")
        await counter.press("b")
        assert states(counter) == [("failed", "uncertain")]
        await counter.press("s")
        await until(counter, "Den kan være nået frem. Send den igen?")
        await counter.press("s")
        await until(counter, "Beskeden venter")
        assert states(counter) == [("waiting", "")]


async def test_what_waits_is_cancelled_after_a_question(home: Path) -> None:
    write(home, message(1, **WAITING))
    async with at_work(home) as counter:
        screen = await open_tab(counter)
        await choose(screen, counter, "venter")
        await counter.press("s")
        await until(counter, "Kun en besked, der ikke er sendt, kan sendes igen.")
        await counter.press("a")
        await until(counter, "Annullér beskeden (påmindelse)?")
        await counter.press("a")
        await until(counter, "ikke sendt: annulleret i skranken")
        assert states(counter) == [("failed", "cancelled")]


@pytest.mark.parametrize("size", SIZES)
async def test_f5_lists_what_was_not_sent_and_names_nobody_until_asked_why(home: Path, size: tuple[int, int]) -> None:
    write(home, message(1), Borrower.update(name="Anna [/] Møller").where(Borrower.id == 1))
    async with at_work(home, size) as counter:
        await counter.press("f5")
        await until(counter, "Ikke sendte beskeder 1")
        await counter.press("5")
        await until(counter, "e-mailadressen findes ikke")
        assert "Anna" not in counter.text()
        await counter.press("v")
        await until(counter, "hvorfor vises det?")
        await counter.press("o")
        await until(counter, "Til Anna [/] Møller, låner 1000 0000.")
        assert rows(counter, AccessLog.select(AccessLog.action, AccessLog.purpose))[-1] == ("reveal", "follow_up")


async def test_a_faulty_template_is_told_at_sign_in_and_stops_no_scan(home: Path) -> None:
    folder = home / "templates" / "da"
    folder.mkdir(parents=True)
    (folder / "bill.sms.txt").write_text("Betal $belob [/]", "utf-8")
    installation = open_installation(home)
    warning = await _faulty_templates(installation)
    installation.close()
    assert "bill.sms.txt, linje 1: feltet $belob findes ikke i denne besked. Beskeder af den slags venter." in warning
    async with at_work(home, staff=None) as counter:
        counter.app.warning = warning
        await counter.app.screen.recompose()
        await until(counter, "linje 1: feltet $belob findes ikke")


async def test_without_templates_of_its_own_a_library_starts_without_reading_any(home: Path) -> None:
    installation = open_installation(home)
    assert await _faulty_templates(installation) == ""
    installation.close()


async def open_not_sent(counter: AtWork) -> None:
    """Open the list of what was not sent."""
    await counter.press("f5", "5")
    await until(counter, "[5 Ikke sendt")
    await until(counter, "besked om blo")


async def test_f5_sends_the_one_you_are_on_again(home: Path) -> None:
    write(home, message(1), message(2))
    async with at_work(home) as counter:
        await open_not_sent(counter)
        await counter.press("s")
        await until(counter, "1 besked venter og sendes ved næste kørsel.")
        assert sorted(states(counter)) == [("failed", "mailbox_unknown"), ("waiting", "")]
        log = rows(counter, AccessLog.select(AccessLog.action, AccessLog.purpose, AccessLog.revealed))
        assert log[-1] == ("change", "follow_up", "messages")


@pytest.mark.parametrize("size", SIZES)
async def test_f5_sends_all_that_are_marked_again_after_a_question_when_some_may_have_arrived(
    home: Path, size: tuple[int, int]
) -> None:
    write(home, message(1), message(2, problem="uncertain"), message(3, **WAITING, created_at=TUESDAY))
    async with at_work(home, size) as counter:
        await open_not_sent(counter)
        assert "S send igen" in words(counter)
        await counter.press("a")
        await until(counter, "●")
        await counter.press("s")
        await until(counter, "1 besked kan være nået frem. Send den igen?")
        await counter.press("escape")
        assert ("waiting", "") not in states(counter)[:2]
        await counter.press("a", "s")
        await until(counter, "1 besked kan være nået frem. Send den igen?")
        await counter.press("s")
        await until(counter, "2 beskeder venter og sendes ved næste kørsel.")
        assert states(counter) == [("waiting", "")] * 3
