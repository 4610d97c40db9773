"""F7: a supervisor decides, sees what it would do, and only then saves; staff are told whose work it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from db.models import BorrowerGroup, Branch, CalendarDay, LendingRule, Loan, SetUpChange, Staff
from desk import texts
from desk.command import Who
from desk.installation import new_id, now
from desk.set_up.changes import LendingRuleChange
from desk.set_up.commands import ChangeSetUp
from desk.set_up.queries import what_is_decided
from devices.card_messages import CardPresented
from screens.dialogs.help import HelpDialog
from screens.dialogs.step_up import StepUpDialog
from screens.set_up.asking import FieldsDialog
from screens.set_up.saving import SavingDialog
from screens.set_up.set_up import ROOM_KEYS, SetUpScreen
from screens.set_up.typed import as_ore, minutes, ore, span, whole
from tests.screens.at_work import CARD, HOSTILE, AtWork, at_work
from tests.screens.borrower_page import rows, write

LONE = ("lone", "hemmelig")
LONES_CARD = "99LONE99"
SIZES = [(80, 24), (120, 40)]


@asynccontextmanager
async def set_up(home: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[AtWork]:
    """Run a counter with a supervisor at F7."""
    async with at_work(home, size, staff=LONE) as counter:
        await counter.press("f7")
        await counter.until("30 dages lån")
        yield counter


async def type_over(counter: AtWork, text: str) -> None:
    """Type in the place of what stands in the field."""
    await counter.press("ctrl+u", *text)


async def save_rule(counter: AtWork, days: str) -> None:
    """Change the days of the rule one is on, as far as what it would do."""
    await counter.press("enter")
    await type_over(counter, days)
    await counter.press(*["enter"] * 5)


def loan_days(counter: AtWork) -> int:
    """Read the first rule."""
    return int(rows(counter, LendingRule.select(LendingRule.loan_days).where(LendingRule.id == 1))[0][0])


async def step_up(counter: AtWork, login: str, password: str) -> None:
    """Press F7 as one who may not, and let somebody type a user name and a password."""
    await counter.press("f7")
    await counter.until("Opsætning er for vagthavende.")
    await counter.press(*login, "enter", *password, "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_staff_ask_a_supervisor_who_steps_up_in_place_and_whose_name_is_written_down(
    home: Path, size: tuple[int, int]
) -> None:
    async with at_work(home, size) as counter:
        await step_up(counter, *LONE)
        await counter.until("30 dages lån")
        assert isinstance(counter.app.screen, SetUpScreen)
        assert "Åbnet af Lone B." in counter.text()
        await save_rule(counter, "14")
        await counter.until("G gem")
        await counter.press("g")
        await counter.until("Gemt.")
        ((by,),) = rows(counter, SetUpChange.select(Staff.login).join(Staff, on=(SetUpChange.staff == Staff.id)))
        assert (by, loan_days(counter)) == ("lone", 14)
        # It was for this page only.
        await counter.press("escape", "f7")
        await counter.until("Opsætning er for vagthavende.")


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [("lone", "forkert", "Forkert brugernavn eller adgangskode."), ("mette", "hemmelig", "Kræver vagthavende.")],
    ids=["wrong password", "no supervisor"],
)
async def test_who_is_no_supervisor_opens_nothing_and_may_try_again(
    home: Path, login: str, password: str, said: str
) -> None:
    async with at_work(home) as counter:
        await step_up(counter, login, password)
        await counter.until(said)
        assert isinstance(counter.app.screen, StepUpDialog)
        await counter.press("escape")
        await counter.until("F2 UDLÅN")
        assert not isinstance(counter.app.screen, SetUpScreen)


async def test_a_supervisors_card_and_pin_do_as_well(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f7")
        await counter.until("Opsætning er for vagthavende.")
        counter.app.hearing.hear(CardPresented(LONES_CARD, "reader"))
        await counter.settle()
        await counter.press(*"1234", "enter")
        await counter.until("30 dages lån")


@pytest.mark.parametrize("key", ["f9", "lock"])
async def test_behind_the_curtain_or_a_lock_it_closes_for_the_supervisor_is_not_there(home: Path, key: str) -> None:
    async with at_work(home) as counter:
        await step_up(counter, *LONE)
        await counter.until("30 dages lån")
        if key == "lock":
            counter.app.privacy.lock()
        else:
            await counter.press(key)
        await counter.settle()
        assert not any(isinstance(screen, SetUpScreen) for screen in counter.app.screen_stack)


@pytest.mark.parametrize("way", [["f3"], ["f4"], []], ids=["F3", "F4", "F2"])
async def test_it_opens_from_everywhere_and_esc_goes_back(home: Path, way: list[str]) -> None:
    async with at_work(home, staff=LONE) as counter:
        await counter.scan(CARD)
        await counter.press(*way)
        before = counter.app.screen
        await counter.press("f7")
        await counter.until("F7 OPSÆTNING")
        await counter.press("escape")
        assert counter.app.screen is before


async def test_a_rule_is_saved_after_it_has_said_what_it_would_do(home: Path) -> None:
    async with at_work(home, (80, 24), staff=LONE) as counter:
        await counter.scan(CARD, "3000000000", "3000000001")
        await counter.press("f7")
        await counter.until("30 dages lån")
        await save_rule(counter, "14")
        await counter.until("alm. låner × 30 dages lån: lånedage 30 → 14")
        assert "Gælder nye lån og fornyelser; 2 åbne lån beholder deres" in counter.text()
        assert loan_days(counter) == 30
        await counter.press("g")
        await counter.until("Gemt.")
        assert loan_days(counter) == 14
        await counter.press("9")
        await counter.until("Lone B. · alm. låner × 30 dages lån · lånedage 30 → 14")


async def test_what_is_not_saved_is_not_saved(home: Path) -> None:
    async with set_up(home) as counter:
        await save_rule(counter, "14")
        await counter.until("G gem")
        await counter.press("escape")
        await counter.until("Intet er gemt.")
        assert loan_days(counter) == 30
        assert rows(counter, SetUpChange.select(SetUpChange.id)) == []


async def test_what_cannot_be_is_asked_again_with_what_was_typed(home: Path) -> None:
    async with set_up(home) as counter:
        await save_rule(counter, "0")
        await counter.until("Lånedage er fra 1 til 3650.")
        assert counter.app.screen.query_one("#loan_days").value == "0"  # type: ignore[attr-defined]
        await type_over(counter, "fjorten")
        await counter.press(*["enter"] * 5)
        await counter.until("Tast et helt tal")
        await type_over(counter, "21")
        await counter.press(*["enter"] * 5)
        await counter.until("lånedage 30 → 21")
        await counter.press("r")
        await counter.until("Kan fornyes")
        await type_over(counter, "22")
        await counter.press(*["enter"] * 5)
        await counter.until("lånedage 30 → 22")
        await counter.press("g")
        await counter.until("Gemt.")
        assert loan_days(counter) == 22


async def test_the_later_of_two_supervisors_is_told_and_sees_what_is_new(home: Path) -> None:
    async with set_up(home) as counter:
        app = counter.app
        decided = await app.installation.desk.ask(app.who, what_is_decided)
        rule = decided.rules[0]
        assert rule.values is not None
        change = LendingRuleChange(1, 1, rule.values, replace(rule.values, loan_days=28))
        await app.installation.desk.do(
            ChangeSetUp(command_id=new_id(), who=Who(app.who.staff_id), at=app.now(), change=change)
        )
        await save_rule(counter, "14")
        await counter.until("Ændret imens af Lone B kl.")
        await counter.until(" 28 ")
        assert loan_days(counter) == 28


async def test_closing_days_moves_the_loans_and_says_so(home: Path) -> None:
    async with at_work(home, (120, 40), staff=LONE) as counter:
        await counter.scan(CARD, "3000000000")
        (due,) = rows(counter, Loan.select(Loan.due_on))[0]
        await counter.press("f7", "6")
        await counter.until("Struer: man.–fre. 10.00–18.00, lør. 10.00–14.00")
        await counter.press("l")
        await counter.until("Luk dage, Struer")
        await type_over(counter, f"{due.day}.{due.month}.{due.year}")
        await counter.press("enter")
        await type_over(counter, f"{due.day}.{due.month}.{due.year}")
        await counter.press("enter", *"flytning", "enter")
        await counter.until("1 lån skal afleveres dér; det flyttes til")
        await counter.press("g")
        await counter.until("Gemt. 1 lån har fået en senere afleveringsdato.")
        assert rows(counter, Loan.select(Loan.due_on))[0][0] > due
        assert rows(counter, CalendarDay.select(CalendarDay.day, CalendarDay.reason)) == [(due, "flytning")]


async def test_a_day_in_words_and_the_months_go_by(home: Path) -> None:
    async with set_up(home) as counter:
        await counter.press("6")
        await counter.until("åbn dage")
        month = counter.app.screen.query_one("Month")
        month.go_to(month.day.replace(month=12, day=24))  # type: ignore[attr-defined]
        await counter.until("helligdag")
        assert "24 lukket]" in counter.text()
        await counter.press("right")
        await counter.until("25.\u00a0dec.: lukket – helligdag")
        await counter.press("pagedown")
        await counter.until("jan. ")
        await counter.press("f")
        await counter.until("Thyholm: man.–fre.")


async def test_a_calendar_that_never_opens_is_refused_in_the_form(home: Path) -> None:
    async with set_up(home) as counter:
        await counter.press("6", "t")
        await counter.until("Åbningstider, Struer")
        for _day in range(7):
            await type_over(counter, "")
            await counter.press("enter")
        await counter.until("Ingen åben dag det næste år")
        assert rows(counter, SetUpChange.select(SetUpChange.id)) == []


async def test_groups_tiers_places_and_channels_are_changed_by_their_keys(home: Path) -> None:
    async with set_up(home) as counter:
        await counter.press("2", "n")
        await counter.until("Ny lånergruppe med samme låneregler som alm. låner")
        await counter.press(*"Skole", "enter", "enter", "enter", "enter", "g")
        await counter.until("Gemt.")
        assert rows(counter, BorrowerGroup.select(BorrowerGroup.code).order_by(BorrowerGroup.id))[-1] == ("skole",)
        await counter.press("5", "down", "down", "f")
        await counter.until("fra dag 31: 230")
        await counter.press("g")
        await counter.until("Gemt.")
        await counter.press("5", "n", *"8", "enter", *"1", "enter", *"1", "enter")
        await counter.until("Der er allerede et trin fra den dag.")
        await counter.press("escape", "7", "n", *"Vejrum", "enter", *"V-1", "enter", "enter", "g")
        await counter.until("Vejrum")
        assert rows(counter, Branch.select(Branch.isil).order_by(Branch.id))[-1] == ("V-1",)
        await counter.press("8", "enter", "ctrl+u", "n", "enter", "enter")
        await counter.until("Beskeder: reservering klar: sms ja → nej")
        await counter.press("g")
        await counter.until("Gemt.")
        await counter.press("4", "enter")
        await type_over(counter, "150,50")
        await counter.press("enter")
        await counter.until("gebyrgrænse 200\u00a0kr. → 150,50\u00a0kr.")
        await counter.press("g")
        await counter.until("Gemt.")


async def test_that_a_staff_number_was_changed_from_the_command_line_stands_among_the_changes(home: Path) -> None:
    change = {"what": "person_number", "about": '["mette"]', "before": '"none"', "after": '"one"'}
    write(home, SetUpChange.insert(at=now(), **change))
    async with set_up(home, (120, 40)) as counter:
        await counter.press(ROOM_KEYS[-1])
        await counter.until("Medarbejdernummer, mette")
        assert "kommandolinjen" in counter.text()
        assert "intet → et" in counter.text()


async def test_a_scan_while_something_is_typed_goes_to_the_counter(home: Path) -> None:
    async with set_up(home) as counter:
        await counter.press("2", "n", *"Sko")
        await counter.scan(CARD, "3000000000")
        assert isinstance(counter.app.screen, FieldsDialog)
        assert counter.app.screen.query_one("#name").value == "Sko"  # type: ignore[attr-defined]
        await counter.press("escape", "escape")
        assert "Anna Møller" in counter.text()
        assert "Titel 0" in counter.pile()


async def test_a_colleague_who_takes_over_finds_nothing_half_decided(home: Path) -> None:
    async with set_up(home) as counter:
        await save_rule(counter, "14")
        await counter.until("G gem")
        assert isinstance(counter.app.screen, SavingDialog)
        counter.app.privacy.lock()
        await counter.settle()
        await counter.press("tab", "ctrl+u", *"mette", "enter", *"hemmelig", "enter")
        await counter.until("F2 UDLÅN")
        assert "Mette K." in counter.text()
        assert loan_days(counter) == 30


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", texts.LANGUAGES)
async def test_every_room_fits_with_hostile_names_in_it(home: Path, size: tuple[int, int], language: str) -> None:
    write(
        home,
        *(BorrowerGroup.insert(code=f"h{number}", name=name, loan_limit=5) for number, name in enumerate(HOSTILE)),
        *(Branch.insert(isil=f"H{number}", name=name) for number, name in enumerate(HOSTILE)),
    )
    async with at_work(home, size, staff=LONE) as counter:
        # Made in the language of the counter, spoken in this one.
        texts.use(language)
        await counter.press("f7")
        await counter.until("Ib [/]")
        for key in ROOM_KEYS:
            await counter.press(key)
            text = counter.text()
            assert "\x1b" not in text
            assert "\u202e" not in text
            assert all(len(line) <= size[0] for line in text.splitlines())
            assert text.splitlines()[-1].strip().startswith("Esc")
        await counter.press("7", "down", "down", "down", "down", "down", "enter")
        assert isinstance(counter.app.screen, FieldsDialog)
        await counter.press("escape")
        await counter.press("6", *["f"] * 8)


async def test_f1_explains_and_the_palette_has_every_key(home: Path) -> None:
    async with set_up(home) as counter:
        await counter.press("f1")
        assert isinstance(counter.app.screen, HelpDialog)
        await counter.press("x")
        await counter.press("6")
        screen = counter.app.screen
        named = {command.title for command in counter.app.get_system_commands(screen)}
        assert {"Luk dage", "Åbn dage", "Dage som ugeplanen", "Åbningstider", "Næste filial", "Kalender"} <= named
        await counter.press("escape")
        assert "Opsætning" in {command.title for command in counter.app.get_system_commands(counter.app.screen)}


@pytest.mark.parametrize(
    ("text", "amount"),
    [("200", 20_000), ("1.250,50", 125_050), ("120,00 kr.", 12_000), ("-5", -500), ("12,5", None), ("1.2", None)],
)
def test_amounts_are_read_as_they_are_typed(text: str, amount: int | None) -> None:
    assert ore(text) == amount


def test_figures_and_hours_are_read_as_they_are_typed() -> None:
    assert (whole("14"), whole("-1"), whole("14,5"), whole("")) == (14, -1, None, None)
    assert (span("10-18"), span("9.30–14.00"), span("0-24"), span("10"), span("10.75-18")) == (
        (600, 1080),
        (570, 840),
        (0, 1440),
        None,
        None,
    )
    assert (minutes("24.30"), as_ore(12_050), as_ore(20_000)) == (None, "120,50", "200")
