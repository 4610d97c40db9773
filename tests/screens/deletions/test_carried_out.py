"""What was approved: the borrower is told, and it is carried out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from db.models import Borrower, DeletionRequest, Message
from screens.deletions.deletions import DeletionsScreen
from screens.dialogs.question import QuestionDialog
from tests.messaging import mail_server, mail_settings
from tests.screens.at_work import CARD, OTHER_CARD, at_work
from tests.screens.borrower_page import ANNA, rows, write
from tests.screens.deletions.deleting import (
    LONE,
    approve,
    asks,
    erased,
    lent_to,
    open_f6,
    over,
    states,
    step_up,
)


async def test_the_borrower_is_told_by_mail_then_deleted(home: Path) -> None:
    write(home, Borrower.update(email="anna@struer.example").where(Borrower.id == ANNA))
    asks(home, ANNA)
    with mail_server() as post:
        async with at_work(home, staff=LONE) as counter:
            installation = counter.app.installation
            installation.settings = replace(installation.settings, mail=mail_settings(post))
            await approve(counter, "jonas")
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
        await approve(counter, "lone")
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
        await approve(counter, "lone")
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
        await approve(counter, "lone")
        await counter.until("Låneren har ikke fået besked")
        lent_to(home, ANNA)
        await counter.press("I")
        assert "venter på aflevering. Intet er slettet" in await over(counter)
        assert states(counter) == ["approved"]
        await counter.until("✗ 1 udlån")


async def test_no_letter_is_written_for_an_approval_that_a_loan_has_stopped(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await approve(counter, "lone")
        await counter.until("Låneren har ikke fået besked")
        lent_to(home, ANNA)
        await counter.press("B")
        await counter.until("Noget kom i vejen")
        assert "Intet er slettet" in " ".join(counter.text().split())
        assert not (home / "exports").exists() or list((home / "exports").iterdir()) == []
        assert rows(counter, DeletionRequest.select(DeletionRequest.state, DeletionRequest.notice)) == [
            ("approved", None)
        ]
        await counter.until("✗ 1 udlån")


async def test_a_card_scanned_between_approval_and_telling_waits_and_what_has_begun_goes_on(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        await approve(counter, "lone")
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
        await approve(counter, "lone")
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
