"""The tab *Kort*: handing out, stopping, reopening, a new PIN."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from db.models import Card
from screens.borrower.borrower import BorrowerScreen
from screens.dialogs.new_card import NewCardDialog
from screens.dialogs.new_pin import NewPinDialog
from screens.lending.lending import CheckOutScreen
from tests.screens.at_work import CARD, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import ANNA, cards, logged, open_f4, rows, write

NEW = "2999000017"


async def at_cards(counter: AtWork) -> BorrowerScreen:
    """Open the tab."""
    screen = await open_f4(counter)
    await counter.press("2")
    return screen


def number(counter: AtWork) -> str:
    """Read the number in the dialog."""
    return counter.app.screen.query_one("#number", Input).value


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_each_card_is_listed_with_kind_state_and_whether_it_has_a_pin(home: Path, size: tuple[int, int]) -> None:
    write(
        home,
        Card.insert(borrower=ANNA, number="2000000091", kind="child", state="stolen", state_since=date(2020, 3, 1)),
        Card.insert(
            borrower=ANNA,
            number="2000000092",
            state="stopped",
            state_since=date(2020, 4, 1),
            wrong_pins=5,
            pin_hash="x",
        ),
    )
    async with at_work(home, size) as counter:
        await at_cards(counter)
        lines = counter.text().replace("\N{NO-BREAK SPACE}", " ").splitlines()
        listed = {tail: next(line for line in lines if tail in line) for tail in ("…0091", "…0092")}
        for tail, words in (
            ("…0091", ("børnelånerkort", "meldt stjålet 1. mar. 2020", "mangler")),
            ("…0092", ("lånerkort", "spærret 1. apr. 2020: forkerte pinkoder", "sat")),
        ):
            assert all(word in listed[tail] for word in words), listed[tail]
        assert "aktivt, bruges nu" in counter.text()
        assert "2000000091" not in counter.text(), "a whole number is shown"


async def test_a_new_cards_number_is_scanned_into_the_dialog_and_its_pin_typed_twice(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("n")
        await counter.scan(NEW)
        assert isinstance(counter.app.screen, NewCardDialog), "the scanner's Enter pressed something"
        assert number(counter) == NEW
        assert counter.figures() == (0, 0, 0), "the number of the new card went to the queue"
        await counter.press("enter")
        await counter.until("Ny pinkode")
        await counter.press(*"1234", "enter", *"1234", "enter")
        await counter.until("Kortet er udstedt, og pinkoden er sat.")
        assert cards(counter) == [(CARD, "library", "active"), (NEW, "library", "active")]
        await counter.until("[2 Kort 2]")
        found = await counter.app.installation.pin_check.with_card(NEW, "1234")
        assert found.borrower_id == ANNA


async def test_a_card_can_be_handed_out_without_a_pin(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("n", *"abc-77", "enter", "b", "enter")
        await counter.until("Ny pinkode")
        await counter.press("escape")
        await counter.until("Kortet er udstedt uden pinkode.")
        assert cards(counter)[1:] == [("ABC-77", "child", "active")]


async def test_what_is_scanned_after_the_new_cards_number_goes_to_the_queue(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("n")
        await counter.scan(NEW, "3000000000")
        assert number(counter) == NEW
        await counter.press("escape", "escape")
        assert "Titel 0" in counter.pile()
        assert cards(counter) == [(CARD, "library", "active")]


async def test_a_health_card_is_the_next_borrower_and_no_new_card(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("n")
        await counter.scan("0101904321")
        # Somebody else has come: the page and its dialog go with the visit, and the number waits in the lane.
        assert isinstance(counter.app.screen, CheckOutScreen)
        assert counter.figures() == (1, 0, 1)
        assert "ukendt CPR-nummer" in counter.pile()
        assert cards(counter) == [(CARD, "library", "active")]


async def test_a_scan_with_any_other_dialog_open_goes_to_the_queue(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("s")
        await counter.scan("3000000000")
        await counter.press("escape", "escape")
        assert "Titel 0" in counter.pile()


async def test_a_card_that_is_somebodys_stays_in_the_dialog_and_says_so(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("n")
        await counter.scan(OTHER_CARD)
        await counter.press("a", "enter")
        await counter.until("Kortet er allerede i brug. Intet er gemt.")
        assert number(counter) == OTHER_CARD
        assert counter.app.screen.query_one("#kind", Input).value == "A"
        assert len(cards(counter)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Scan eller tast kortets nummer."), ("0101904321", "Intet er gemt. Brug et lånerkort.")],
)
async def test_a_number_that_is_none_is_told(home: Path, typed: str, said: str) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("n", *typed, "enter", "enter")
        await counter.until(said)
        assert len(cards(counter)) == 1


async def test_a_letter_that_is_no_kind_is_told(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("n", *"4711", "enter", "x", "enter")
        await counter.until("Vælg et af bogstaverne ovenfor.")


@pytest.mark.parametrize(("letter", "state"), [("s", "stolen"), ("a", "stopped")])
async def test_stopping_a_card_asks_one_thing_and_stops_that_card(home: Path, letter: str, state: str) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("s")
        await counter.until("Hvorfor skal kort …0001 spærres?")
        await counter.press(letter)
        await counter.until("Kortet er spærret.")
        await counter.until("KORT SPÆRRET:")
        assert cards(counter) == [(CARD, "library", state)]
        assert logged(counter)[-1] == ("change", "lending", "cards")


async def test_esc_stops_no_card(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("s", "escape")
        assert cards(counter) == [(CARD, "library", "active")]


async def test_a_stolen_card_is_reopened_only_when_it_has_turned_up(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("s", "s")
        await counter.until("KORT SPÆRRET:")
        await counter.press("g", "b")
        assert cards(counter) == [(CARD, "library", "stolen")]
        await counter.press("g", "g")
        await counter.until("Kortet kan bruges igen.")
        assert cards(counter) == [(CARD, "library", "active")]


async def test_the_cursor_stays_on_the_card_that_was_stopped(home: Path) -> None:
    write(home, Card.insert(borrower=ANNA, number=NEW))
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("s", "a")
        await counter.until("KORT SPÆRRET:")
        await counter.press("g")
        await counter.until("Kortet kan bruges igen.")
        assert [state for _number, _kind, state in cards(counter)] == ["active", "active"]


async def test_a_card_stopped_by_wrong_pins_takes_a_new_pin(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        counter.app.installation.store.write_here(
            lambda transaction: transaction.run(Card.update(state="stopped", wrong_pins=5).where(Card.borrower == ANNA))
        )
        await counter.press("1", "2")
        screen = counter.app.screen
        assert isinstance(screen, BorrowerScreen)
        screen.load()
        await counter.until("spærret: forkerte pinkoder")
        await counter.press("g")
        await counter.until("Kortet er spærret af forkerte pinkoder. Intet er ændret.")
        await counter.press("p", *"2468", "enter", *"2468", "enter")
        await counter.until("Pinkoden er skiftet.")
        assert cards(counter) == [(CARD, "library", "active")]


async def test_two_pins_that_differ_change_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        await at_cards(counter)
        await counter.press("p", *"1234", "enter", *"1235", "enter")
        assert isinstance(counter.app.screen, NewPinDialog)
        await counter.press("escape")
        assert rows(counter, Card.select(Card.pin_hash).where(Card.borrower == ANNA)) == [(None,)]
