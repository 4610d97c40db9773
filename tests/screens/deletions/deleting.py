"""Requests to be deleted, and what is pressed on F6."""

from __future__ import annotations

from pathlib import Path

from db.models import DeletionRequest, Loan, LoanOccasion, Staff
from desk.calendar import local_date
from desk.installation import now
from screens.deletions.deletions import DeletionsScreen
from screens.dialogs.step_up import StepUpDialog
from tests.screens.at_work import AtWork
from tests.screens.borrower_page import ANNA, rows, write

IB = 2
LONE = ("lone", "hemmelig")
LONES_CARD = "9900001002"


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
    today = local_date(now())
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
            last_backup_on=local_date(now()),
            counts='{"borrower": 1, "card": 2}',
        ),
    )


async def approve(counter: AtWork, login: str) -> None:
    """Open the page with Anna's request on it, and approve that."""
    await open_f6(counter)
    await counter.until("1000 0000")
    await counter.press("g")
    await step_up(counter, login)
