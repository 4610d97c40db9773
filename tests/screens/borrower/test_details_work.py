"""Revealing and changing a borrower's details, over a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from db.models import BorrowerGroup, LendingRule
from db.store import Transaction
from desk.texts import _
from screens.sentences import INPUT
from screens.text import plain
from tests.screens.at_work import HOSTILE
from tests.screens.borrower.record import (
    ANNA,
    CHILD,
    EMAIL,
    HIDDEN,
    OTHER_CPR,
    STREET,
    TELEPHONE,
    make_home,
    on_record,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


async def test_the_page_opens_with_everything_masked(home: Path) -> None:
    async with on_record(home) as record:
        shown = record.text()
        assert "Anna Møller" in shown
        for secret in (STREET, TELEPHONE, EMAIL, "1234"):
            assert secret not in shown
        assert record.value("cpr") == "610180-•••• · erstatningsnummer"
        assert record.value("telephone") == "•••• · 2 telefoner"


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("cpr", "610180-1234"),
        ("address", STREET),
        ("telephone", f"{TELEPHONE} (sms)"),
        ("email", EMAIL),
    ],
)
async def test_v_shows_a_masked_item_and_the_log_notes_it(home: Path, key: str, secret: str) -> None:
    async with on_record(home) as record:
        await record.choose(key)
        await record.press("v")
        assert secret in record.text()
        newest = (await record.log())[0]
        assert (newest.action, newest.purpose, newest.revealed) == ("reveal", "borrower_asks", (key,))


async def test_what_is_shown_is_hidden_when_one_goes_on_to_the_next_line(home: Path) -> None:
    async with on_record(home) as record:
        await record.choose("email")
        await record.press("v")
        assert EMAIL in record.text()
        await record.press("down")
        assert EMAIL not in record.text()
        await record.press("up")
        assert EMAIL not in record.text()


async def test_the_curtain_hides_what_is_shown_and_it_stays_hidden(home: Path) -> None:
    async with on_record(home, with_card=True) as record:
        await record.choose("address")
        await record.press("v")
        await record.press("f9")
        assert STREET not in record.text()
        await record.press("space")
        assert "Anna Møller" in record.text()
        assert STREET not in record.text()


async def test_an_answer_that_comes_behind_the_curtain_is_not_shown(home: Path) -> None:
    async with on_record(home, with_card=True) as record:
        await record.choose("address")
        record.details.action_reveal()
        record.counter.app.action_curtain()
        await record.settle()
        await record.press("space")
        assert "Anna Møller" in record.text()
        assert STREET not in record.text()


async def test_another_tab_hides_what_is_shown(home: Path) -> None:
    async with on_record(home) as record:
        await record.choose("address")
        await record.press("v", "5", "4")
        assert "Anna Møller" in record.text()
        assert STREET not in record.text()


@pytest.mark.parametrize("key", ["address", "email"])
async def test_a_protected_borrowers_fields_ask_for_the_purpose_first(home: Path, key: str) -> None:
    async with on_record(home, HIDDEN) as record:
        await record.choose(key)
        await record.press("v")
        assert "Hvad skal det bruges til?" in record.text()
        assert STREET not in record.text()
        assert "reveal" not in [line.action for line in await record.log()]
        await record.press("o")
        assert {"address": STREET, "email": EMAIL}[key] in record.text()
        newest = (await record.log())[0]
        assert (newest.action, newest.purpose, newest.revealed) == ("reveal", "follow_up", (key,))


async def test_esc_to_the_purpose_shows_nothing_and_notes_nothing(home: Path) -> None:
    async with on_record(home, HIDDEN) as record:
        await record.choose("address")
        await record.press("v", "escape")
        assert STREET not in record.text()
        assert [line.action for line in await record.log()] == ["page"]


async def test_a_protected_address_is_changed_for_the_purpose_that_was_asked(home: Path) -> None:
    async with on_record(home, HIDDEN) as record:
        await record.choose("address")
        await record.press("enter")
        assert "Hvad skal det bruges til?" in record.text()
        await record.press("r")
        await record.counter.until(STREET)
        await record.press("enter", "enter", "enter", "enter")
        newest = (await record.log())[:2]
        assert [(line.action, line.purpose) for line in newest] == [("change", "correction"), ("reveal", "correction")]


async def test_the_address_is_revealed_and_logged_before_it_is_changed(home: Path) -> None:
    async with on_record(home) as record:
        await record.choose("address")
        await record.press("enter")
        assert STREET in record.text()
        assert (await record.log())[0].action == "reveal"
        await record.press("escape")
        assert STREET not in record.text()


@pytest.mark.parametrize(
    ("key", "typed", "value", "told"),
    [
        ("name", ("Åse [b]Østergård",), "Åse [b]Østergård", "Navnet er gemt."),
        ("birth_date", ("17.5.79",), "17. maj 1979", "Fødselsdatoen er gemt."),
        ("cpr", ("110790-1234",), "110790-••••", "CPR-nummeret er gemt."),
        ("cpr", ("-",), "ikke oplyst", "CPR-nummeret er fjernet."),
        ("address", ("Ib", "Vej 1", "7600", "Struer"), "••••", "Adressen er gemt."),
        ("email", ("ny@example.dk",), "••••", "E-mailadressen er gemt."),
        ("email", ("",), "ikke oplyst", "E-mailadressen er fjernet."),
        ("telephone", ("97850003", "", "", "", "", "", "1"), "•••• · 1 telefon", "Telefonerne er gemt."),
        ("telephone", ("97850003", "97850004", "", "", "", "", ""), "2 telefoner", "Ingen af dem får sms."),
        ("absence", ("24.12.2030", "2.1.2031"), "24. dec. 2030–2. jan. 2031", "Reserveringer på pause: 24. dec. 2030"),
        ("absence", ("", "2.1.2031"), "til og med 2. jan. 2031 · reserveringer på pause", "Reserveringer på pause"),
        ("municipality", ("0661",), "661 Holstebro · digitale tjenester: nej", "Digitale tjenester: nej."),
        ("municipality", ("671",), "671 Struer · digitale tjenester: ja", "Digitale tjenester: ja."),
        ("protection", ("J", "31.12.2030"), "til og med 31. dec. 2030", "Navne- og adressebeskyttelsen er gemt."),
        ("guardian", ("2000000004",), "••••", "Den økonomisk ansvarlige er gemt."),
        ("guardian", (OTHER_CPR,), "••••", "Den økonomisk ansvarlige er gemt."),
        ("guardian", ("48291174",), "••••", "Den økonomisk ansvarlige er gemt."),
    ],
)
async def test_an_item_is_changed_told_shown_and_noted(
    home: Path, key: str, typed: tuple[str, ...], value: str, told: str
) -> None:
    async with on_record(home) as record:
        await record.change(key, *typed)
        assert value in record.value(key)
        assert told in record.says()
        newest = (await record.log())[0]
        assert (newest.action, newest.revealed) == ("change", (key,))


@pytest.mark.parametrize(
    ("key", "answer", "value", "told"),
    [
        ("group", "2", "Barn", "Lånetid og lånegrænse følger den fra næste lån."),
        ("home_branch", "2", "Thyholm [/]", "Tilhørsfilialen er skiftet."),
        ("language", "2", "engelsk", "Sproget er skiftet."),
    ],
)
async def test_a_key_chooses_among_what_there_is(home: Path, key: str, answer: str, value: str, told: str) -> None:
    async with on_record(home) as record:
        await record.choose(key)
        await record.press("enter", answer)
        assert record.value(key).lower() == value.lower()
        assert told in record.says()
        assert (await record.log())[0].revealed == (key,)


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("name", "x" * 201, "Navnet er længere end 200 tegn. Intet er gemt. Gør det kortere."),
        ("name", "", "Navnet mangler. Intet er gemt. Skriv det."),
        ("cpr", "3213901234", "Datoen i CPR-nummeret findes ikke. Intet er gemt. Skriv det igen."),
        ("cpr", "01019012345", "Et CPR-nummer har 10 cifre. Intet er gemt. Skriv det igen."),
        ("cpr", "010190abcd", "Et CPR-nummer har 10 cifre. Intet er gemt. Skriv det igen."),
        ("cpr", OTHER_CPR, "En anden låner har det CPR-nummer. Intet er gemt. Find den låner."),
        ("email", "anna.example.dk", "En e-mailadresse ser ud som navn@sted.dk. Intet er gemt. Ret den."),
        ("birth_date", "1.1.2099", "Fødselsdatoen ligger før 1850 eller efter i dag. Intet er gemt. Ret den."),
        ("municipality", "67", "Et kommunenr. er 3 cifre, f.eks. 671. Intet er gemt. Ret det."),
        ("guardian", "99999999", "Den økonomisk ansvarlige findes ikke som låner. Intet er gemt. Vælg en anden."),
        (
            "guardian",
            "48291171",
            "Låneren kan ikke sættes som økonomisk ansvarlig for sig selv. Intet er gemt. Vælg en anden.",
        ),
    ],
)
async def test_what_is_refused_is_said_in_its_place_with_what_was_typed_kept(
    home: Path, key: str, typed: str, said: str
) -> None:
    async with on_record(home) as record:
        before = record.value(key)
        await record.change(key, typed)
        assert record.says().startswith(said)
        assert record.page.app.screen.query_one(f"#{key}", Input).value == typed
        await record.press("escape")
        assert record.value(key) == before
        assert "change" not in [line.action for line in await record.log()]


async def test_an_absence_that_ends_before_it_begins_is_asked_again_at_its_end(home: Path) -> None:
    async with on_record(home) as record:
        await record.change("absence", "24.12.2030", "23.12.2030")
        assert record.says() == "Fraværsperioden slutter, før den begynder. Intet er gemt. Ret datoerne."
        assert record.page.app.focused is not None
        assert record.page.app.focused.id == "absence"
        await record.write("25.12.2030")
        await record.press("enter")
        assert record.value("absence") == "24.–25. dec. 2030"


async def test_a_telephone_with_letters_is_refused_and_nothing_is_written(home: Path) -> None:
    async with on_record(home) as record:
        await record.change("telephone", "97 85 00 0x", "", "", "", "", "", "")
        assert "kun cifre, mindst 4" in record.says()
        await record.press("escape", "v")
        assert TELEPHONE in record.text()


async def test_sms_goes_to_a_line_that_has_a_telephone(home: Path) -> None:
    async with on_record(home) as record:
        await record.change("telephone", "", "97850009", "", "", "", "", "1")
        assert record.says() == "Der står ingen telefon i den linje."
        await record.write("2")
        await record.press("enter", "v")
        assert "97850009 (sms)" in record.text()


async def test_a_child_without_anybody_responsible_is_looked_at_until_there_is_one(home: Path) -> None:
    async with on_record(home, CHILD) as record:
        assert record.value("guardian") == "mangler: låneren er under 14 år"
        await record.change("birth_date", "1.1.2020")
        assert "en økonomisk ansvarlig mangler" in record.says()
        await record.change("guardian", "2000000004")
        assert record.value("guardian") == "••••"
        await record.press("v")
        assert "Pia Forælder [/] · 4829 1174" in record.text()


async def test_whoever_answers_for_others_is_shown_how_many(home: Path) -> None:
    async with on_record(home, CHILD) as record:
        await record.change("guardian", "2000000001")
        await record.page.app.pop_screen()
    async with on_record(home, ANNA) as record:
        assert record.value("guardian") == "låneren selv · ansvarlig for 1 låner"


async def test_enter_on_an_item_with_a_tab_of_its_own_goes_there(home: Path) -> None:
    async with on_record(home) as record:
        await record.choose("cards")
        assert "Har sin egen fane: 2 Kort." in record.text()
        await record.press("enter")
        assert "[2 Kort 1]" in record.text()


async def test_the_borrower_number_cannot_be_changed(home: Path) -> None:
    async with on_record(home) as record:
        await record.choose("number")
        assert "Ses af personalet, rettes ikke i skranken" in record.text()
        screens = len(record.page.app.screen_stack)
        await record.press("enter")
        assert len(record.page.app.screen_stack) == screens


async def test_another_borrowers_card_closes_the_dialog_and_nothing_is_written(home: Path) -> None:
    async with on_record(home) as record:
        await record.choose("name")
        await record.press("enter")
        await record.write("Forkert")
        await record.counter.scan("2000000004")
        assert "Forkert" not in record.text()
        assert "change" not in [line.action for line in await record.log()]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_is_shown_and_typed_as_it_reads(tmp_path: Path, name: str) -> None:
    async with on_record(make_home(tmp_path / "home", name), size=(80, 24)) as record:
        await record.choose("name")
        await record.press("enter")
        field = record.counter.app.screen.query_one("#name", Input)
        assert field.value == plain(name)
        assert record.counter.app.is_running
        await record.press("enter")
        assert record.says() == "Navnet er gemt."
        assert plain(name)[:20].strip() in record.text()
        assert "\x1b" not in record.text()


async def test_a_group_that_is_gone_meanwhile_is_said_and_another_can_be_chosen(home: Path) -> None:
    async with on_record(home) as record:
        await record.choose("group")
        await record.press("enter")
        institution = BorrowerGroup.select(BorrowerGroup.id).where(BorrowerGroup.code == "institution")

        def close_down(transaction: Transaction) -> None:
            transaction.run(LendingRule.delete().where(LendingRule.borrower_group == institution))
            transaction.run(BorrowerGroup.delete().where(BorrowerGroup.code == "institution"))

        await record.counter.app.installation.store.write(close_down)
        await record.press("3")
        assert record.says() == _(INPUT["group", ""])
        await record.press("2")
        assert record.value("group") == "barn"


async def test_what_was_saved_before_is_not_told_below_the_next_dialog(home: Path) -> None:
    async with on_record(home) as record:
        await record.change("name", "Åse Østergård")
        await record.counter.until("Navnet er gemt.")
        await record.change("email", "ingen adresse")
        await record.counter.until("Intet er gemt.")
        assert "Navnet er gemt." not in record.text()
        await record.press("escape")
        assert "Navnet er gemt." not in record.text()
