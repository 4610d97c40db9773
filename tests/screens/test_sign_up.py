"""A borrower is created at the counter: what a clerk sees and presses, with a real desk and store below."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from db.models import AccessLog, Borrower, Card, Loan, Telephone
from screens.curtain.curtain import CurtainScreen
from screens.dialogs.new_pin import NewPinDialog
from screens.dialogs.question import QuestionDialog
from screens.lending.lending import CheckOutScreen
from screens.sign_up.sign_up import SignUpScreen
from tests.screens.at_work import CARD, HOSTILE, OTHER_CARD, AtWork, at_work, make_home

CPR = "6101904004"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("library") / "home")


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


def rows(counter: AtWork, query: Any) -> list[tuple[Any, ...]]:
    """Read rows past the desk."""
    return counter.app.installation.store.read_here(lambda transaction: transaction.all(query))


async def open_from_scan(counter: AtWork, cpr: str = CPR) -> SignUpScreen:
    """Scan an unknown health card and press O in the lane."""
    await counter.scan(cpr)
    await counter.press("f8", "o")
    return await opened(counter)


async def open_from_palette(counter: AtWork) -> SignUpScreen:
    """Open the page without a number."""
    await counter.press("ctrl+p", *"ny låner")
    await counter.until("Opret en låner")
    await counter.press("enter")
    return await opened(counter)


async def opened(counter: AtWork) -> SignUpScreen:
    """Wait until the page proposes what it proposes."""
    await counter.until("671")
    screen = counter.app.screen
    assert isinstance(screen, SignUpScreen)
    return screen


async def fill(counter: AtWork, **fields: str) -> None:
    """Type into fields, one after another, and leave the last."""
    for name, text in fields.items():
        counter.app.screen.query_one(f"#{name}").focus()
        await counter.settle()
        await counter.press(*(("space" if letter == " " else letter) for letter in text))
    await counter.press("tab")


async def save(counter: AtWork, wanted: str) -> None:
    """Save, and wait for what comes of it."""
    await counter.press("ctrl+s")
    await counter.until(wanted)
    await counter.settle()


ORDINARY = {"name": "Bo Nør", "street": "Ågade 3", "postcode": "7600", "mobile": "20 30 40 50"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_name_address_and_mobile_are_enough(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await open_from_scan(counter)
        assert "610190-••••" in counter.text()
        assert "erstatningsnummer" in counter.text()
        assert CPR not in counter.text()
        await fill(counter, **ORDINARY)
        await counter.until("Struer")
        await save(counter, "F2 UDLÅN")
        await counter.until("Bo Nør")
        assert isinstance(counter.app.screen, CheckOutScreen)
        assert counter.app.at_counter.work.decisions == {}
        columns = (Borrower.street, Borrower.city, Borrower.municipality, Borrower.borrower_group, Borrower.language)
        (created,) = rows(counter, Borrower.select(*columns).where(Borrower.name == "Bo Nør"))
        assert created == ("Ågade 3", "Struer", "671", 1, "da")
        assert rows(counter, Telephone.select(Telephone.number, Telephone.takes_sms)) == [("20 30 40 50", 1)]


async def test_what_is_scanned_meanwhile_is_the_new_borrowers_in_order(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_scan(counter)
        await fill(counter, name="Bo Nør")
        await counter.scan("3000000000", "3000000001")
        await counter.press("b", "o")
        await counter.scan("3000000002")
        counter.app.screen.tick()  # type: ignore[attr-defined]
        await counter.until("3 scanninger venter")
        assert isinstance(counter.app.screen, SignUpScreen)
        await save(counter, "Titel 2")
        assert counter.figures() == (3, 3, 0)
        assert re.findall(r"Titel (\d)", counter.pile()) == ["0", "1", "2"]


async def test_a_card_that_is_scanned_meanwhile_waits_and_then_ends_the_new_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_scan(counter)
        await fill(counter, name="Bo Nør")
        await counter.scan(CARD)
        assert "Bo Nør" in counter.text()
        await save(counter, "Anna Møller")


async def test_esc_asks_only_when_something_was_typed(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_scan(counter)
        await counter.scan("3000000000")
        await counter.press("escape")
        assert isinstance(counter.app.screen, CheckOutScreen)
        assert len(counter.app.at_counter.work.decisions) == 2, "the number and the book both wait for an answer"
        await counter.press("f8", "o")
        await opened(counter)
        await counter.press("b", "o", "escape")
        assert isinstance(counter.app.screen, QuestionDialog)
        await counter.press("b")
        assert "bo" in counter.text()
        await counter.press("escape", "k")
        assert isinstance(counter.app.screen, CheckOutScreen)
        assert rows(counter, Borrower.select(Borrower.id).where(Borrower.name == "bo")) == []


async def test_x_in_the_lane_leaves_it_and_forgets_the_number(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CPR)
        assert "CPR-nummeret er ukendt." in counter.text()
        await counter.press("f8", "x")
        assert "ukendt CPR-nummer" in counter.pile()
        assert counter.app.at_counter.work.decisions == {}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_unknown_number_takes_the_borrower_before_off_the_page(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await counter.scan(CARD, "3000000000")
        await counter.press("f4")
        await counter.scan(CPR, "3000000001")
        assert isinstance(counter.app.screen, CheckOutScreen)
        text = counter.text()
        assert "Anna Møller" not in text
        assert "Titel 0" not in text
        assert "CPR-nummeret er ukendt." in text
        assert "Titel 1" in counter.pile()
        assert counter.figures() == (2, 0, 2)
        assert not any(decision.waits for decision in counter.app.at_counter.work.decisions.values())
        assert rows(counter, Loan.select(Loan.borrower)) == [(1,)]


async def test_in_return_an_unknown_number_is_a_refused_line(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f3")
        await counter.scan(CPR)
        assert "ukendt CPR-nummer" in counter.pile()
        assert counter.app.at_counter.work.decisions == {}


async def test_another_borrowers_visit_goes_on_and_it_is_said(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CPR, CARD)
        await counter.press("f8", "o")
        await opened(counter)
        await fill(counter, name="Bo Nør")
        await save(counter, "oprettet, scan for at åbne")
        assert "Anna Møller" in counter.text()
        assert counter.app.at_counter.work.decisions == {}
        await counter.scan(CPR)
        assert "Bo Nør" in counter.text()


async def test_a_number_that_somebody_has_shows_who_and_opens_them_instead(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_scan(counter)
        await fill(counter, **ORDINARY)
        await save(counter, "F2 UDLÅN")
        await counter.press("escape")
        await open_from_palette(counter)
        await fill(counter, cpr="6101904004")
        await counter.until("Nummeret tilhører Bo Nør, født 1990, Ågade 3.")
        await fill(counter, name="En anden")
        await counter.press("ctrl+s")
        await counter.settle()
        assert isinstance(counter.app.screen, SignUpScreen), "a second one was made"
        await counter.press("ctrl+o", "1")
        await counter.until("Bo Nør")
        assert isinstance(counter.app.screen, CheckOutScreen)
        assert len(rows(counter, Borrower.select(Borrower.id).where(Borrower.cpr_index.is_null(False)))) == 1


async def test_doubles_are_shown_and_do_not_block(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_palette(counter)
        await fill(counter, born="1.1.1980", name="anna moeller")
        await counter.until("Findes måske allerede: Anna Møller, født 1980")
        shown = AccessLog.select(AccessLog.number).where(
            (AccessLog.action == "search") & (AccessLog.purpose == "sign_up") & AccessLog.subject.is_null(False)
        )
        assert len(rows(counter, shown)) == 1
        await save(counter, "F2 UDLÅN")
        await counter.until("anna moeller")


async def test_a_double_is_opened_instead_and_nobody_is_created(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_scan(counter)
        before = len(rows(counter, Borrower.select(Borrower.id)))
        await fill(counter, born="01011980", name="Anna Møller")
        await counter.until("Findes måske allerede")
        await counter.press("ctrl+o", "1")
        await counter.until("F2 UDLÅN")
        await counter.settle()
        assert "Anna Møller" in counter.text()
        assert len(rows(counter, Borrower.select(Borrower.id))) == before
        assert counter.app.at_counter.work.decisions == {}


BAD = {
    "letters for a number": ({"cpr": "abc"}, "cpr"),
    "eleven figures": ({"cpr": "61019040041"}, "cpr"),
    "a day that never was": ({"cpr": "3102901234"}, "cpr"),
    "nobody born yet": ({"cpr": "0101575000"}, "cpr"),
    "no birth date": ({"born": "32.13.1980"}, "born"),
    "an e-mail without @": ({"email": "ib"}, "email"),
    "a telephone with letters": ({"mobile": "ring mig"}, "mobile"),
    "a postcode with markup": ({"postcode": "[/]"}, "postcode"),
    "no municipality": ({"municipality": "x"}, "municipality"),
    "an unknown guardian": ({"guardian": "findes-ikke"}, "guardian"),
    "somebody's card": ({"card": CARD}, "card"),
    "an item for a card": ({"card": "3000000000"}, "card"),
    "a CPR number for a card": ({"card": "6101904004"}, "card"),
    "a staff card for a card": ({"card": "99mette99"}, "card"),
    "a borrower number for a card": ({"card": "10000000"}, "card"),
    "a card that cannot be printed": ({"card": "kø1"}, "card"),
    "a town for a postcode": ({"postcode": "struer"}, "postcode"),
    "a birth date that is not the number's": ({"born": "1.1.1980", "cpr": "6101904004"}, "born"),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_is_refused_is_said_at_its_field_and_what_was_typed_stays(home: Path, what: str) -> None:
    typed, at = BAD[what]
    async with at_work(home) as counter:
        screen = await open_from_palette(counter)
        before = len(rows(counter, Borrower.select(Borrower.id)))
        await fill(counter, name="Bo Nør", street="Ågade 3", **typed)
        await counter.press("ctrl+s")
        await counter.settle()
        for _round in range(1000):
            if screen.form.field(at).has_fault and not screen._saving:
                break
            await counter.pilot.pause(0.02)
        assert screen.form.field(at).has_fault
        assert counter.app.screen is screen
        assert screen.form.text("street") == "Ågade 3"
        assert len(rows(counter, Borrower.select(Borrower.id))) == before


async def test_another_number_brings_another_birth_date(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_palette(counter)
        await fill(counter, cpr="6101904004")
        assert screen.form.text("born") == "1.1.1990"
        await fill(counter, cpr="6202904004")
        assert screen.form.text("born") == "2.2.1990"
        assert not screen.form.field("born").has_fault


async def test_everything_that_is_refused_is_said_at_once(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_palette(counter)
        await fill(counter, email="ib", mobile="ring")
        await save(counter, "Navnet mangler")
        assert all(screen.form.field(name).has_fault for name in ("name", "email", "mobile"))
        assert screen.focused is screen.query_one("#name")


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_is_only_text(home: Path, name: str) -> None:
    async with at_work(home) as counter:
        screen = await open_from_scan(counter)
        screen.query_one("#name", Input).value = name
        await fill(counter, street="Ågade 3")
        await counter.press("ctrl+s")
        await counter.settle()
        await counter.until("F2 UDLÅN")
        assert "\x1b" not in counter.text()
        assert "\u202e" not in counter.text()


async def test_a_name_that_is_too_long_is_refused_and_kept(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_scan(counter)
        screen.query_one("#name", Input).value = "[/]\u202e" + "æ" * 200
        await save(counter, "200 tegn")
        assert screen.form.field("name").has_fault
        assert len(screen.form.text("name")) == 203


async def test_a_child_without_anybody_responsible_is_a_note_and_not_refused(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_palette(counter)
        await fill(counter, born="1.1.2020", name="Villads")
        await counter.until("Et barn har som regel en økonomisk ansvarlig.")
        assert screen.form.is_child
        await fill(counter, guardian=CARD)
        await counter.until("født 1980")
        assert screen.form.text("guardian") == "Anna Møller"
        assert "Et barn har" not in counter.text()
        await save(counter, "F2 UDLÅN")
        guardian = Borrower.select(Borrower.guardian, Borrower.borrower_group).where(Borrower.name == "Villads")
        assert rows(counter, guardian) == [(1, 2)]


async def test_an_institution_is_proposed_without_a_number(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_palette(counter)
        await counter.press("enter")
        await counter.until("uden CPR-nummer")
        await counter.until("institution")


async def test_what_is_chosen_by_hand_is_not_proposed_away(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_palette(counter)
        screen.form.group.focus()
        await counter.press("i")
        assert "institution" in counter.text()
        await fill(counter, born="1.1.1980")
        assert not screen.form.is_child
        await counter.until("institution")


async def test_a_card_scanned_into_its_field_is_taken_there_with_a_pin(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_scan(counter)
        await fill(counter, name="Bo Nør")
        screen.query_one("#card").focus()
        await counter.scan("4000000001")
        assert screen.form.text("card") == "4000000001"
        assert counter.app.at_counter.work.waiting == 0
        for _round in range(1000):
            if getattr(screen.focused, "id", "") == "pin":
                break
            await counter.pilot.pause(0.02)
        await counter.press("space")
        assert isinstance(counter.app.screen, NewPinDialog)
        await counter.press(*"4711", "enter", *"4711", "enter")
        await counter.until("valgt")
        assert "4711" not in counter.text()
        await save(counter, "F2 UDLÅN")
        await counter.until("Bo Nør")
        (card,) = rows(counter, Card.select(Card.kind, Card.pin_hash).where(Card.number == "4000000001"))
        assert card[0] == "library"
        assert card[1].startswith("$argon2id$")


async def test_a_book_scanned_into_the_card_field_goes_on_to_the_queue(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_scan(counter)
        await fill(counter, name="Bo Nør")
        screen.query_one("#card").focus()
        await counter.scan("3000000000")
        await counter.until("Det var et materiale.")
        assert screen.form.text("card") == ""
        await save(counter, "Titel 0")
        assert counter.figures() == (1, 1, 0)


async def test_a_health_card_scanned_into_the_number_is_taken_there(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_palette(counter)
        await counter.scan(CPR)
        await counter.until("610190-••••")
        assert screen.form.cpr == CPR
        assert counter.app.at_counter.work.waiting == 0
        await counter.press("shift+tab")
        screen.query_one("#cpr").focus()
        await counter.press("end", "backspace")
        assert (screen.form.cpr, screen.form.text("cpr")) == ("", "")


async def test_the_curtain_and_the_lock_keep_what_was_typed(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_scan(counter)
        await fill(counter, name="Bo Nør")
        await counter.press("f9")
        assert isinstance(counter.app.screen, CurtainScreen)
        assert "Bo Nør" not in counter.text()
        await counter.scan(OTHER_CARD)
        assert isinstance(counter.app.screen, CurtainScreen), "a card passed a sign-up"
        await counter.press("x")
        assert counter.app.screen_stack[-1] is screen
        counter.app.privacy.lock()
        await counter.settle()
        assert "Bo Nør" not in counter.text()
        counter.app.privacy.unlock(await counter.app.installation.sign_in.with_password("lone", "hemmelig"))
        await counter.settle()
        assert counter.app.screen_stack[-1] is screen
        assert screen.form.text("name") == "Bo Nør"
        await save(counter, "Ib [/] Hansen")


async def test_signing_off_leaves_nothing_of_a_sign_up(home: Path) -> None:
    async with at_work(home) as counter:
        await open_from_palette(counter)
        await fill(counter, name="Bo Nør")
        await counter.press("ctrl+q")
        assert isinstance(counter.app.screen, QuestionDialog)
        await counter.press("b", "ctrl+p", *"log af")
        await counter.until("Log af, eller")
        await counter.press("enter")
        await counter.until("Brugernavn")
        await counter.app.signed_in(await counter.app.installation.sign_in.with_password("mette", "hemmelig"))
        await counter.settle()
        assert isinstance(counter.app.screen, CheckOutScreen)


async def test_the_question_is_there_again_after_a_restart(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CPR)
    async with at_work(home) as counter:
        assert "CPR-nummeret er ukendt." in counter.text()
        await counter.press("f8", "o")
        await opened(counter)
        assert "610190-••••" in counter.text()
        await fill(counter, name="Bo Nør")
        await save(counter, "F2 UDLÅN")
        await counter.until("Bo Nør")
        assert rows(counter, Loan.select(Loan.id)) == []
