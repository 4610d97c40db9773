"""F4: masthead and tabs, opened from the counter and from a search; every look is logged."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.models import Block, Card, Library
from desk.calendar import local_date
from desk.installation import now
from desk.privacy.purposes import Purpose
from screens.curtain.curtain import CurtainScreen
from screens.dialogs.help import HelpDialog
from tests.screens.at_work import CARD, HOSTILE, OTHER_CARD, at_work
from tests.screens.borrower_page import ANNA, about_anna, logged, open_f4, open_from_search, shown, write

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


def today() -> date:
    """The local date now: a run of the tests may pass midnight."""
    return local_date(now())


@SIZES
async def test_the_masthead_says_who_it_is_and_what_to_know(home: Path, size: tuple[int, int]) -> None:
    write(
        home,
        Library.update(isil="DK-767100"),
        about_anna(
            municipality="671",
            address_protected=True,
            absent_from=today() - timedelta(days=1),
            absent_until=today() + timedelta(days=1),
            internal_note="henter for sin mor",
        ),
        Block.insert(borrower=ANNA, kind="U", set_on=date(2020, 1, 1), reason="larm"),
    )
    async with at_work(home, size) as counter:
        await open_f4(counter)
        said = " ".join(counter.text().split())
        for words in (
            "Anna Møller",
            "voksen",
            "Struer",
            "digitale tjenester: ja",
            "kort …0001",
            "BLOKERET: Udelukket siden 1. jan. 2020, indtil det ophæves.",
            "Navne- og adressebeskyttet.",
            "Fraværende til og med",
            "Note: henter for sin mor",
        ):
            assert words in said.replace("\N{NO-BREAK SPACE}", " "), words


async def test_absence_that_does_not_hold_today_is_not_in_the_masthead(home: Path) -> None:
    write(home, about_anna(absent_from=today() + timedelta(days=1), absent_until=today() + timedelta(days=9)))
    async with at_work(home) as counter:
        await open_f4(counter)
        assert "Fraværende" not in counter.text()


async def test_digital_services_are_not_for_another_municipality(home: Path) -> None:
    write(home, about_anna(municipality="101"))
    async with at_work(home) as counter:
        await open_f4(counter)
        assert "digitale tjenester: nej" in counter.text()


@SIZES
async def test_one_key_reaches_each_tab(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await open_f4(counter)
        assert "[1 Udlån 0]" in counter.text()
        for key, tab, footer in (
            ("2", "[2 Kort 1]", "N nyt kort"),
            ("3", "[3 Blokeringer og noter]", "B blokér"),
            ("4", "[4 Oplysninger]", "Esc tilbage"),
            ("5", "[5 Log]", "Esc tilbage"),
            ("1", "[1 Udlån 0]", "F forny"),
        ):
            await counter.press(key)
            assert tab in counter.text()
            assert footer in counter.text()


async def test_opening_the_page_is_one_look_and_reading_it_again_none(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_f4(counter)
        screen.load()
        await counter.press("2", "3", "1")
        assert logged(counter) == [("visit", "lending", ""), ("page", "lending", "")]


async def test_a_masked_item_is_revealed_and_an_item_changed_from_the_page(home: Path) -> None:
    write(home, about_anna(email="anna@example.dk"))
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.press("4", *["down"] * 7, "v")
        await counter.until("anna@example.dk")
        assert logged(counter)[-1] == ("reveal", "lending", "email")
        await counter.press(*["up"] * 4)
        assert "anna@example.dk" not in counter.text()
        await counter.press("enter", "ctrl+u", *"Anna Ny", "enter")
        await counter.until("Anna Ny   voksen")
        assert logged(counter)[-1] == ("change", "lending", "name")


async def test_an_item_with_a_tab_of_its_own_goes_there(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.press("4", *["down"] * 14, "enter")
        await counter.until("[2 Kort 1]")


@pytest.mark.parametrize(("login", "said"), [("mette", "Kræver vagthavende."), ("lone", "Mette K.")])
async def test_the_log_is_read_when_its_tab_is_opened_and_by_supervisors_only(
    home: Path, login: str, said: str
) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
    async with at_work(home, staff=(login, "hemmelig")) as counter:
        await open_f4(counter)
        assert "log" not in {action for action, _purpose, _keys in logged(counter)}
        await counter.press("5")
        await counter.until("[5 Log]")
        await counter.until(said)


async def test_a_page_from_a_search_has_the_purpose_that_was_chosen(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_search(counter, Purpose.FOLLOW_UP)
        assert "Anna Møller" in counter.text()
        assert "kort …" not in counter.text(), "no card was used"
        await counter.press("3", "n", *"ring", "enter")
        await counter.until("Noten er gemt.")
        assert logged(counter) == [("page", "follow_up", ""), ("change", "follow_up", "internal_note")]


@pytest.mark.parametrize("way", ["counter", "search"])
async def test_another_borrowers_card_closes_the_page(home: Path, way: str) -> None:
    async with at_work(home) as counter:
        await (open_f4(counter) if way == "counter" else open_from_search(counter))
        await counter.press("2", "n")
        await counter.scan("99999999999", OTHER_CARD)
        assert len(counter.app.screen_stack) == 1
        assert "Ib [/] Hansen" in counter.text()
        assert "Anna" not in counter.text()


async def test_what_is_scanned_while_the_page_is_open_is_lent_and_comes_into_the_list(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.scan("3000000000")
        counter.app._tick()
        await counter.until("[1 Udlån 1]")
        assert "Titel 0" in counter.text()


@pytest.mark.parametrize(("key", "page"), [("escape", "F2 UDLÅN"), ("f2", "F2 UDLÅN"), ("f3", "F3 AFLEVERING")])
async def test_keys_out_of_the_page(home: Path, key: str, page: str) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.press(key)
        assert page in counter.text()


async def test_a_page_from_a_search_comes_back_from_behind_the_curtain(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_search(counter)
        await counter.press("f9")
        assert isinstance(counter.app.screen, CurtainScreen)
        assert "Anna" not in counter.text()
        await counter.press("x")
        await shown(counter)


async def test_nobodys_page_stays_open_after_a_minute_and_it_is_gone_after_two_more(home: Path) -> None:
    async with at_work(home) as counter:
        now = [1000.0]
        counter.app.privacy._seconds = lambda: now[0]
        counter.app.privacy.touched()
        await open_from_search(counter)
        now[0] += 61
        counter.app._tick()
        await counter.settle()
        assert isinstance(counter.app.screen, CurtainScreen)
        now[0] += 121
        counter.app._tick()
        await counter.press("x")
        assert "Anna" not in counter.text()
        assert len(counter.app.screen_stack) == 1


async def test_a_second_that_passes_while_the_program_ends_breaks_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
    counter.app._tick()


async def test_a_borrower_who_is_gone_is_told(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_search(counter)
        screen.opened = type(screen.opened)(4711)
        screen.load()
        # By the page itself, or by the one below it when the page has been closed for that.
        await counter.until("Låneren er slettet")


@SIZES
@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_data_is_only_text_in_every_tab(home: Path, size: tuple[int, int], value: str) -> None:
    write(
        home,
        about_anna(name=value, internal_note=value, note_to_borrower=value),
        Block.insert(borrower=ANNA, kind="U", set_on=date(2020, 1, 1), ends_on=date(2020, 2, 1), reason=value),
        Card.insert(borrower=ANNA, number=f"9{value}"[:60]),
    )
    async with at_work(home, size) as counter:
        await counter.scan(CARD, "3100000000", "3100000003")
        await counter.press("f4")
        await counter.until("[1 Udlån 2]")
        for key, tab in (("1", "[1 "), ("2", "[2 "), ("3", "[3 "), ("4", "[4 "), ("5", "[5 ")):
            await counter.press(key)
            text = counter.text()
            assert tab in text
            assert "digitale tjenester: nej" in text, "a long name pushed the facts out"
            assert "\x1b" not in text
            assert "\u202e" not in text
            if value.isprintable() and len(value) < 60:
                assert value in text, "it is at least in the masthead"
        assert counter.app.is_running


async def test_help_names_the_keys_of_the_tabs(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.press("f1")
        assert isinstance(counter.app.screen, HelpDialog)
        for words in ("mellemrum markerer", "N udsteder et kort", "B blokerer låneren", "N skriver den interne note"):
            assert words in " ".join(counter.text().replace("│", " ").split()), words


@pytest.mark.parametrize(
    ("tab", "names"),
    [
        ("1", {"Markér", "Forny", "Forny alle"}),
        ("2", {"Nyt kort", "Spær kort", "Genåbn kort", "Ny pinkode"}),
        ("3", {"Blokér låneren", "Blokér kort", "Ophæv blokering", "Intern note", "Note til låner"}),
    ],
)
async def test_the_palette_offers_what_the_keys_do(home: Path, tab: str, names: set[str]) -> None:
    async with at_work(home) as counter:
        screen = await open_f4(counter)
        await counter.press(tab)
        offered = {command.title for command in screen.actions()}
        assert names <= offered
        assert {"Udlån", "Kort", "Blokeringer og noter"} <= offered


async def test_every_key_of_every_tab_is_told_apart_on_a_narrow_terminal(home: Path) -> None:
    async with at_work(home, (80, 24)) as counter:
        screen = await open_f4(counter)
        for tab in "1234":
            await counter.press(tab)
            (keys,) = screen.keys.lines_text()
            labels = [label.strip() for label in re.split(r"(?:^| )(?:Esc|Enter|Mellemrum|F1|[A-Z]) ", keys.strip())]
            begun = [label.removesuffix(".") for label in labels if label]
            assert len(begun) > 2, keys
            assert "F1 hjælp" in keys
            for label in begun:
                same = [other for other in begun if other.startswith(label)]
                # «forny» and «forny alle» are told apart, a label that was cut and its whole are not.
                assert len(same) == 1 or f"{label}." not in labels, keys
