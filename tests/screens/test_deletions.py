"""F6 and the borrower's page: a borrower asks, two persons decide, the borrower is told, and it is carried out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from db.models import Borrower, DeletionRequest, Loan, LoanOccasion, Message, Staff
from desk.installation import now, open_installation
from desk.staff.records import indexed_staff_card
from screens.borrower.borrower import BorrowerScreen
from screens.deletions.deletions import DeletionsScreen
from screens.dialogs.question import QuestionDialog
from screens.dialogs.step_up import StepUpDialog
from tests.messaging import mail_server, mail_settings
from tests.screens.at_work import CARD, HOSTILE, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import ANNA, logged, open_f4, rows, write

IB = 2
LONE = ("lone", "hemmelig")
LONES_CARD = "9900001002"


@pytest.fixture
def home(home: Path) -> Path:
    """A library in which everybody has a number but one: two more supervisors, and IT."""
    with open_installation(home) as installation:
        card = installation.vault.index(indexed_staff_card(LONES_CARD))
    password = Staff.select(Staff.password_hash).where(Staff.login == "lone")
    accounts = (
        ("jonas", "Jonas H.", "supervisor", "P3"),
        ("nina", "Nina", "supervisor", None),
        ("it", "It", "it", "P5"),
    )
    write(
        home,
        Staff.update(person_number=Staff.login),
        Staff.update(card_index=card).where(Staff.login == "lone"),
        *(
            Staff.insert(login=login, name=name, role=role, password_hash=password, person_number=number)
            for login, name, role, number in accounts
        ),
    )
    return home


def asks(home: Path, *borrowers: int, by: str = "mette") -> None:
    """Register requests before the counter starts."""
    registrant = Staff.select(Staff.id).where(Staff.login == by)
    write(
        home,
        *(
            DeletionRequest.insert(
                borrower=borrower, registered_at=now(), registered_by=registrant, identity_check="card"
            )
            for borrower in borrowers
        ),
    )


def lent_to(home: Path, borrower: int) -> None:
    """Let somebody have the first item."""
    today = now().date()
    write(
        home,
        LoanOccasion.insert(id=1, borrower=borrower, visit="v", due_on=today),
        Loan.insert(item=1, borrower=borrower, occasion=1, lent_at=now(), due_on=today),
    )


def states(counter: AtWork) -> list[str]:
    """Read the requests' states, the oldest first."""
    return [
        state for (state,) in rows(counter, DeletionRequest.select(DeletionRequest.state).order_by(DeletionRequest.id))
    ]


async def open_f6(counter: AtWork) -> DeletionsScreen:
    """Open the page."""
    await counter.press("f6")
    await counter.until("F6 SLETNINGER")
    screen = counter.app.screen
    assert isinstance(screen, DeletionsScreen)
    return screen


async def step_up(counter: AtWork, login: str) -> None:
    """Type user name and password into the dialog."""
    assert isinstance(counter.app.screen, StepUpDialog)
    await counter.press(*login, "enter", *"hemmelig", "enter")


async def over(counter: AtWork) -> str:
    """Wait until what was begun has ended, and give what is said of it."""
    for _round in range(600):
        if counter.app.deletions.finished:
            await counter.pilot.pause(0.3)
            return counter.app.deletions.told
        await counter.pilot.pause(0.05)
    raise AssertionError("the deletion never ended")


def erased(home: Path) -> None:
    """Let Anna have been deleted, with a proof that failed."""
    asks(home, ANNA)
    approver = Staff.select(Staff.id).where(Staff.login == "lone")
    write(
        home,
        DeletionRequest.update(
            state="unproven",
            borrower=None,
            decided_at=now(),
            decided_by=approver,
            erased_at=now(),
            files_scanned=214,
            hits=2,
            tombstone=b"t" * 32,
            last_backup_on=now().date(),
            counts='{"borrower": 1, "card": 2}',
        ),
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
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await step_up(counter, login)
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
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await step_up(counter, "lone")
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


# Telling, and carrying out.


async def test_the_borrower_is_told_by_mail_then_deleted(home: Path) -> None:
    write(home, Borrower.update(email="anna@struer.example").where(Borrower.id == ANNA))
    asks(home, ANNA)
    with mail_server() as post:
        async with at_work(home, staff=LONE) as counter:
            installation = counter.app.installation
            installation.settings = replace(installation.settings, mail=mail_settings(post))
            await open_f6(counter)
            await counter.until("1000 0000")
            await counter.press("g")
            await step_up(counter, "jonas")
            said = await over(counter)
            assert said.startswith("Slettet")
            assert said in " ".join(counter.text().split())
            notice = DeletionRequest.select(DeletionRequest.borrower, DeletionRequest.notice)
            assert rows(counter, notice) == [(None, "email")]
            assert rows(counter, Borrower.select(Borrower.id).where(Borrower.id == ANNA)) == []
            assert "1000 0000" not in counter.text()
    assert len(post.mails) == 1


async def test_a_letter_is_printed_first_and_goes_with_the_borrower(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await step_up(counter, "lone")
        await counter.until("Låneren har ikke fået besked: Låneren har ingen")
        await counter.press("B")
        await counter.until("Udskriv det nu")
        (letter,) = (home / "exports").iterdir()
        assert letter.name.startswith("10000000-sletning-")
        assert states(counter) == ["approved"]
        await counter.press("S")
        await over(counter)
        assert list((home / "exports").iterdir()) == []
        assert rows(counter, DeletionRequest.select(DeletionRequest.notice)) == [("print",)]


async def test_an_approval_that_was_left_is_gone_on_with_later(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await step_up(counter, "lone")
        await counter.until("Låneren har ikke fået besked")
        await counter.press("escape")
        await counter.until("Godkendt. Intet er slettet endnu")
        assert rows(counter, DeletionRequest.select(DeletionRequest.state, DeletionRequest.notice)) == [
            ("approved", None)
        ]
        await counter.press("g")
        await step_up(counter, "jonas")
        await counter.until("Låneren har ikke fået besked")
        await counter.press("I")
        await over(counter)
        assert rows(counter, DeletionRequest.select(DeletionRequest.borrower, DeletionRequest.notice)) == [
            (None, "none")
        ]


async def test_a_loan_after_the_approval_stops_the_deletion_and_the_request_stays_approved(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await step_up(counter, "lone")
        await counter.until("Låneren har ikke fået besked")
        lent_to(home, ANNA)
        await counter.press("I")
        assert "venter på aflevering. Intet er slettet" in await over(counter)
        assert states(counter) == ["approved"]
        await counter.until("✗ 1 udlån")


async def test_a_card_scanned_between_approval_and_telling_waits_and_what_has_begun_goes_on(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await step_up(counter, "lone")
        await counter.until("Låneren har ikke fået besked")
        await counter.scan(OTHER_CARD)
        assert isinstance(counter.app.screen, QuestionDialog)
        await counter.press("I")
        await over(counter)
        await counter.until("Ib [/] Hansen")
        assert rows(counter, Borrower.select(Borrower.id).where(Borrower.id == ANNA)) == []


async def test_a_borrower_whose_visit_is_open_is_gone_from_the_counter_and_f10_brings_nobody_back(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.until("Anna Møller")
        await open_f6(counter)
        await counter.until("1000 0000")
        await counter.press("g")
        await step_up(counter, "lone")
        await counter.until("Låneren har ikke fået besked")
        await counter.press("I")
        await over(counter)
        assert rows(counter, Message.select(Message.id)) == []
        await counter.press("escape")
        assert "Anna" not in counter.text()
        await counter.press("f10")
        assert counter.app.at_counter.place.visit is None
        assert "Anna" not in counter.text()
        await counter.scan(CARD)
        assert counter.app.at_counter.place.visit is None


async def test_a_supervisor_writes_the_certificate_and_staff_do_not(home: Path) -> None:
    erased(home)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("slettet, bevis fejlede")
        await counter.press("u")
        await counter.until("Kræver vagthavende.")
        assert not (home / "exports").exists()
    async with at_work(home, staff=LONE) as counter:
        await open_f6(counter)
        await counter.until("slettet, bevis fejlede")
        await counter.press("u")
        await counter.until("sletteattest-1.pdf")
        assert sorted(path.name for path in (home / "exports").iterdir()) == [
            "sletteattest-1.json",
            "sletteattest-1.pdf",
        ]


async def test_a_failed_proof_is_red_and_tells_whom_to_ask(home: Path) -> None:
    erased(home)
    async with at_work(home) as counter:
        screen = await open_f6(counter)
        await counter.until("slettet, bevis fejlede")
        await counter.until("Slettet, bevis fejlede: 2 fund. Kontakt it.")
        await counter.until("3 rækker er slettet.")
        red = counter.app.theme_variables["text-error"]
        cell = screen.requests.get_row_at(0)[-1]
        assert red in str(cell.style)
        await counter.press("g", "t", "enter")
        assert isinstance(counter.app.screen, DeletionsScreen)
