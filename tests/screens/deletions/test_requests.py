"""F6 and the borrower's page: a borrower asks, and two persons decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.models import DeletionRequest, Staff
from screens.borrower.borrower import BorrowerScreen
from screens.deletions.deletions import DeletionsScreen
from tests.screens.at_work import HOSTILE, at_work
from tests.screens.borrower_page import ANNA, logged, open_f4, rows, write
from tests.screens.deletions.deleting import (
    IB,
    LONE,
    LONES_CARD,
    approve,
    asks,
    lent_to,
    open_f6,
    states,
    step_up,
)

# Asking.


async def test_a_borrower_asks_at_the_counter_and_the_page_says_so(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.press("d")
        await counter.until("Hvilken legitimation er set?")
        await counter.press("2")
        await counter.until("Skal nyhedsbrevet også afmeldes?")
        await counter.press("J")
        await counter.until("Registreret. Klar under F6. Skal godkendes af en anden end Mette K.")
        await counter.until("Sletning ønsket")
        columns = (DeletionRequest.borrower, DeletionRequest.identity_check, DeletionRequest.newsletter)
        assert rows(counter, DeletionRequest.select(*columns)) == [(ANNA, "photo_id", "leave")]
        assert ("change", "lending", "deletion_requests") in logged(counter)


async def test_esc_at_either_question_registers_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        for keys in (("d", "escape"), ("d", "1", "escape")):
            await counter.press(*keys)
            assert isinstance(counter.app.screen, BorrowerScreen)
        assert states(counter) == []


async def test_a_borrower_with_something_out_is_told_when_it_is_offered_again(home: Path) -> None:
    lent_to(home, ANNA)
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.press("d", "1", "N")
        await counter.until("Registreret. Meldes klar, når alt er afleveret og betalt.")
        await counter.until("venter på aflevering")


async def test_a_borrower_who_has_asked_can_take_it_back_with_a_reason(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.press("d")
        await counter.until("T træk tilbage")
        await counter.press("T", "enter")
        await counter.until("Skriv en årsag.")
        await counter.press(*"fortryder", "enter")
        await counter.until("Anmodningen er trukket tilbage.")
        assert states(counter) == ["withdrawn"]
        assert "Sletning ønsket" not in counter.text()


# The list.


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_list_shows_what_is_ready_first_and_names_nobody(home: Path, size: tuple[int, int]) -> None:
    lent_to(home, ANNA)
    asks(home, ANNA, IB)
    async with at_work(home, size) as counter:
        await open_f6(counter)
        await counter.until("1000 0001")
        lines = [line.split() for line in counter.text().splitlines() if "1000 000" in line]
        assert [(line[0], line[-1]) for line in lines] == [("2", "klar"), ("1", "aflevering")]
        for name in ("Anna", "Møller", "Hansen"):
            assert name not in counter.text()
        await counter.until("✓ ingen udlån")
        await counter.until("Klar. Skal godkendes af en anden end Mette K.")
        await counter.press("down")
        await counter.until("✗ 1 udlån – skal afleveres")


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_of_staff_are_data_and_nothing_else(home: Path, name: str) -> None:
    write(home, Staff.update(name=name).where(Staff.login == "mette"))
    asks(home, ANNA)
    async with at_work(home, (80, 24), staff=LONE) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.until("✓ ingen udlån")
        assert "\x1b" not in counter.text()


async def test_a_return_clears_the_list_while_the_page_is_open(home: Path) -> None:
    lent_to(home, ANNA)
    asks(home, ANNA)
    async with at_work(home) as counter:
        await counter.press("f3")
        await open_f6(counter)
        await counter.until("✗ 1 udlån")
        await counter.scan("3000000000")
        counter.app.screen.tick()  # type: ignore[attr-defined]
        await counter.until("✓ ingen udlån")
        await counter.until("Klar. Skal godkendes")


async def test_a_supervisor_sees_on_the_status_line_how_many_wait_and_staff_do_not(home: Path) -> None:
    asks(home, ANNA, IB)
    async with at_work(home, staff=LONE) as counter:
        counter.app.deletions.tick()
        await counter.until("2 sletninger venter")
    async with at_work(home) as counter:
        counter.app.deletions.tick()
        await counter.settle()
        assert "sletninger venter" not in counter.text()


async def test_nothing_waits_is_said_in_words(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("Ingen sletninger venter.")
        await counter.press("g", "a", "t", "enter")
        assert isinstance(counter.app.screen, DeletionsScreen)


async def test_enter_opens_the_borrowers_page_which_is_logged_and_esc_comes_back(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("enter")
        await counter.until("Anna Møller")
        assert logged(counter)[-1][:2] == ("page", "follow_up")
        await counter.press("escape")
        assert isinstance(counter.app.screen, DeletionsScreen)


# Four eyes on the screen, as every role.


@pytest.mark.parametrize(
    ("signed_in", "by", "login", "said"),
    [
        ("mette", "mette", "mette", "Kræver vagthavende. Intet er ændret."),
        ("mette", "lone", "it", "Kræver vagthavende. Intet er ændret."),
        ("lone", "lone", "lone", "Registreret af samme person."),
        ("mette", "lone", "lone", "Registreret af samme person."),
        ("lone", "mette", "nina", "har intet"),
        ("lone", "nina", "jonas", "har intet"),
        ("lone", "mette", "ingen", "Forkert brugernavn eller adgangskode."),
    ],
)
async def test_who_may_not_neither_approves_nor_rejects(
    home: Path, signed_in: str, by: str, login: str, said: str
) -> None:
    asks(home, ANNA, by=by)
    async with at_work(home, staff=(signed_in, "hemmelig")) as counter:
        await approve(counter, login)
        await counter.until(said)
        await counter.press("escape")
        await counter.press("a")
        await counter.press(*"forkert person", "enter")
        await step_up(counter, login)
        await counter.until(said)
        await counter.press("escape")
        assert isinstance(counter.app.screen, DeletionsScreen)
        assert states(counter) == ["waiting"]


async def test_a_card_alone_approves_nothing_and_a_card_with_its_pin_does(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await counter.scan(LONES_CARD)
        await counter.until("Kort alene er ikke nok.")
        await counter.press("enter")
        assert states(counter) == ["waiting"]
        await counter.press(*"1234", "enter")
        await counter.until("Låneren har ikke fået besked")
        assert states(counter) == ["approved"]


async def test_another_supervisor_tries_where_the_first_had_the_same_eyes(home: Path) -> None:
    asks(home, ANNA, by="lone")
    async with at_work(home, staff=LONE) as counter:
        await approve(counter, "lone")
        await counter.until("Registreret af samme person.")
        await step_up(counter, "jonas")
        await counter.until("Låneren har ikke fået besked")
        assert states(counter) == ["approved"]


async def test_a_supervisor_rejects_with_a_reason(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("a", *"ikke låneren selv", "enter")
        await step_up(counter, "lone")
        await counter.until("Anmodningen er afvist.")
        reason = DeletionRequest.select(DeletionRequest.state, DeletionRequest.decision_reason)
        assert rows(counter, reason) == [("rejected", "ikke låneren selv")]
        await counter.until("Ingen sletninger venter.")


async def test_what_is_not_ready_asks_nobody_for_a_password(home: Path) -> None:
    lent_to(home, ANNA)
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("venter på aflevering")
        await counter.press("g")
        await counter.until("Ikke klar: venter på aflevering. Intet er ændret.")
        assert isinstance(counter.app.screen, DeletionsScreen)


async def test_a_loan_made_at_another_counter_meanwhile_is_told_in_clear_words(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        lent_to(home, ANNA)
        await step_up(counter, "lone")
        await counter.until("1 udlån skal afleveres først.")
        assert states(counter) == ["waiting"]
