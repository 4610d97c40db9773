"""F5 · F: the inbox of the website's forms, opened one at a time, handled with one key."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events

from db.models import Form, PurchaseWish, Reservation
from desk.forms.commands import ReceiveForm
from desk.forms.reading import read_form
from desk.forms.records import FormContent
from desk.installation import new_id, now
from desk.settings import FILE
from screens.forms.inbox import FormsScreen
from screens.lists.lists import ListsScreen
from tests.desk.forms.sent import EMAIL, NAME, WISH, drop, form
from tests.screens.at_work import BLOCKED_CARD, CARD, HOSTILE, OTHER_CARD, AtWork, at_work
from tests.screens.borrower.test_reservations import until, words
from tests.screens.borrower_page import rows

SIZES = [(80, 24), (120, 40)]


async def received(counter: AtWork, kind: str = "appointment", *, at: datetime | None = None, **more: Any) -> None:
    """Take a form in past the folder."""
    app = counter.app
    content = read_form(form(kind, at=at or app.now(), **more), app.now(), None)
    assert isinstance(content, FormContent)
    await app.installation.desk.do(ReceiveForm(command_id=new_id(), who=app.who, at=app.now(), content=content))


async def inbox(counter: AtWork) -> None:
    """Go to the inbox."""
    await counter.press("f2", "f5", "f")
    await until(counter, "FORMULARER")
    assert isinstance(counter.app.screen, FormsScreen)


async def asked(counter: AtWork, question: str) -> None:
    """Open the form one is on and press the key that handles it: what is not open yet is not handled."""
    await counter.press("enter")
    await until(counter, "E-mail:")
    await counter.press("k")
    await until(counter, question)


@pytest.mark.parametrize("size", SIZES)
async def test_what_waited_longest_stands_first_and_is_red_in_words_after_90_days(
    home: Path, size: tuple[int, int]
) -> None:
    async with at_work(home, size) as counter:
        await received(counter)
        await received(counter, "holiday_bag", at=counter.app.now() - timedelta(days=95))
        await inbox(counter)
        await until(counter, "skulle være ekspederet")
        said = words(counter)
        assert said.index("Ferietaske") < said.index("Book en tid")
        assert NAME not in said
        assert WISH not in said
        await counter.press("escape")
        await until(counter, "F Formularer 2")


@pytest.mark.parametrize("size", SIZES)
async def test_a_booked_time_is_opened_handled_and_gone(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await received(counter)
        await inbox(counter)
        await until(counter, "Book en tid")
        await counter.press("k")
        await until(counter, "Åbn en formular først")
        await counter.press("enter")
        for text in (f"Emne: {WISH}", f"Navn: {NAME}", f"E-mail: {EMAIL}", "Ønsket kl.: 14:30"):
            await until(counter, text)
        await counter.press("k")
        await until(counter, "står den i kalenderen?")
        await counter.press("escape")
        assert rows(counter, Form.select(Form.id))
        await counter.press("k")
        await until(counter, "står den i kalenderen?")
        await counter.press("j")
        await until(counter, "Ekspederet. Formularen er slettet.")
        await until(counter, "Ingen formularer venter.")
        assert NAME not in counter.text()
        assert rows(counter, Form.select(Form.id)) == []
        await counter.press("escape")
        await until(counter, "F Formularer N")


@pytest.mark.parametrize("size", SIZES)
async def test_a_long_form_is_read_to_its_end(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        # As long as a form may be, with broad letters.
        await received(counter, about="W " * 150, name="W" * 100, email=f"{'w' * 64}@{'w' * 60}.example")
        for _another in range(9):
            await received(counter, name="Ib", id=str(_another))
        await inbox(counter)
        await until(counter, "Book en tid")
        await counter.press("enter")
        await until(counter, "Emne: W W")
        await counter.settle()
        assert ("PgDn mere" in counter.text()) is (size == (80, 24))
        seen = ""
        for _page in range(4):
            seen += counter.text()
            await counter.press("pagedown")
        assert "Telefon: +45 20 99 47 16" in seen
        assert isinstance(counter.app.screen, FormsScreen)
        await counter.press("escape")
        await counter.press("pagedown")
        await counter.press("enter")
        await until(counter, "Navn: Ib")


async def test_what_a_form_says_leaves_the_screen_with_it_and_behind_the_curtain(home: Path) -> None:
    async with at_work(home) as counter:
        await received(counter)
        await inbox(counter)
        await until(counter, "Book en tid")
        await counter.press("enter")
        await until(counter, NAME)
        await counter.press("escape")
        assert NAME not in counter.text()
        assert isinstance(counter.app.screen, FormsScreen)
        await counter.press("enter")
        await until(counter, NAME)
        await counter.press("f9")
        await counter.settle()
        assert NAME not in counter.text()
        await counter.press("x")
        await counter.settle()
        assert NAME not in counter.text()


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_data_that_means_to_do_something_is_only_read(home: Path, hostile: str) -> None:
    async with at_work(home) as counter:
        # Past the reader, which refuses control characters: another program may have written the store.
        values: dict[str, str | int] = {"about": hostile, "name": hostile, "email": EMAIL}
        content = FormContent("appointment", counter.app.now(), "", values)
        command = ReceiveForm(command_id=new_id(), who=counter.app.who, at=counter.app.now(), content=content)
        await counter.app.installation.desk.do(command)
        await inbox(counter)
        await until(counter, "Book en tid")
        await counter.press("enter")
        await until(counter, "Emne:")
        assert "\x1b" not in counter.text()
        assert isinstance(counter.app.screen, FormsScreen)


async def fetching(counter: AtWork) -> None:
    """Go to the question who fetches a reading group's three books."""
    await received(counter, "reading_group", title="Titel 3", copies=3)
    await inbox(counter)
    await until(counter, "Læsekreds")
    await asked(counter, "hvor kommer bøgerne fra?")
    await counter.press("r")
    await until(counter, "Hvad skal reserveres?")
    await counter.press("enter")
    await until(counter, "Hvem henter bøgerne?")
    await until(counter, "Der ønskes 3")


async def test_a_reading_groups_title_is_reserved_for_those_who_fetch(home: Path) -> None:
    async with at_work(home) as counter:
        await fetching(counter)
        await counter.press(*f"{CARD} {OTHER_CARD}", "enter")
        await until(counter, "2 eksemplarer er reserveret, ét til hver. Formularen er slettet.")
        assert rows(counter, Reservation.select(Reservation.borrower).order_by(Reservation.id)) == [(1,), (2,)]
        assert rows(counter, Form.select(Form.id)) == []


async def test_a_card_nobody_has_and_one_that_is_blocked_are_named_and_nothing_is_reserved(home: Path) -> None:
    async with at_work(home) as counter:
        await fetching(counter)
        await counter.press(*f"{CARD} X-9", "enter")
        await until(counter, "X-9 er ingen låners. Intet er reserveret.")
        await counter.press("backspace", "backspace", "backspace", *BLOCKED_CARD, "enter")
        await until(counter, f"{BLOCKED_CARD}: Ikke reserveret: ")
        assert f"{CARD} {BLOCKED_CARD}" in counter.text()
        await counter.press("escape")
        assert rows(counter, Reservation.select(Reservation.id)) == []
        assert len(rows(counter, Form.select(Form.id))) == 1


async def test_cards_are_scanned_where_they_are_asked_for(home: Path) -> None:
    async with at_work(home) as counter:
        await fetching(counter)
        await counter.scan(CARD, OTHER_CARD, CARD)
        await counter.scan("0706610106")
        await until(counter, "Sundhedskort kan ikke bruges her")
        assert "0706610106" not in counter.text()
        assert counter.app.at_counter.place.visit is None
        await counter.press("enter")
        await until(counter, "2 eksemplarer er reserveret, ét til hver. Formularen er slettet.")
        assert rows(counter, Reservation.select(Reservation.borrower).order_by(Reservation.id)) == [(1,), (2,)]


async def test_two_keys_in_one_packet_close_the_question_and_not_the_page(home: Path) -> None:
    async with at_work(home) as counter:
        await received(counter)
        await inbox(counter)
        await until(counter, "Book en tid")
        await asked(counter, "står den i kalenderen?")
        for _twice in range(2):
            counter.app.post_message(events.Key("n", "n"))
        await counter.settle()
        await counter.pilot.pause(0.2)
        assert isinstance(counter.app.screen, FormsScreen)


async def test_a_suggestion_goes_on_the_purchase_list_without_a_name(home: Path) -> None:
    async with at_work(home) as counter:
        await received(counter, "purchase_suggestion")
        await inbox(counter)
        await until(counter, "Forslag til indkøb")
        await asked(counter, "skal den købes?")
        await counter.press("i")
        await until(counter, "Titlen står på indkøbslisten")
        assert rows(counter, PurchaseWish.select(PurchaseWish.title, PurchaseWish.author)) == [(WISH, "Ib")]
        assert rows(counter, Form.select(Form.id)) == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_takes_in_the_folder_first_and_says_what_was_refused(home: Path, size: tuple[int, int]) -> None:
    folder = home / "dropped"
    toml = home / FILE
    toml.write_text(toml.read_text("utf-8").replace('# folder = ""', f"folder = {json.dumps(str(folder))}"), "utf-8")
    drop(folder, "god.json", form(at=now()))
    drop(folder, "dårlig.json", form(at=now(), name="<b>Ib</b>"))
    async with at_work(home, size) as counter:
        await inbox(counter)
        await until(counter, "Book en tid")
        await until(counter, "Ikke taget ind fra mappen: dårlig.json: »Navn« har opmærkning")
        assert [path.name for path in folder.iterdir()] == ["dårlig.json"]


async def test_a_colleague_handled_it_meanwhile(home: Path) -> None:
    async with at_work(home) as counter:
        await received(counter)
        await inbox(counter)
        await until(counter, "Book en tid")
        counter.app.installation.store.write_here(lambda transaction: transaction.run(Form.delete()))
        await counter.press("enter")
        await until(counter, "Formularen er ekspederet i mellemtiden.")
        await until(counter, "Ingen formularer venter.")
        await counter.press("escape")
        assert isinstance(counter.app.screen, ListsScreen)


async def test_a_scan_goes_to_the_counter_below_and_into_no_dialog(home: Path) -> None:
    async with at_work(home) as counter:
        await received(counter)
        await inbox(counter)
        await until(counter, "Book en tid")
        await asked(counter, "står den i kalenderen?")
        await counter.scan("3000000001")
        assert len(rows(counter, Form.select(Form.id))) == 1
