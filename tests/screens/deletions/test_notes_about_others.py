"""Somebody's number in a note about another: told on the checklist, opened from there, and gone when it is edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.models import AccessLog, Borrower
from screens.deletions.deletions import DeletionsScreen
from tests.screens.at_work import AtWork, at_work
from tests.screens.borrower_page import ANNA, rows, write
from tests.screens.deletions.deleting import IB, LONE, approve, asks, open_f6, over, states, step_up

ANNAS_NUMBER = "10000000"


def names_anna(home: Path) -> None:
    """Let Ib's note name Anna."""
    write(home, Borrower.update(internal_note=f"henter for {ANNAS_NUMBER}").where(Borrower.id == IB))


def nothing_names_anna(home: Path) -> None:
    """Edit it."""
    write(home, Borrower.update(internal_note="henter for en nabo").where(Borrower.id == IB))


def looks(counter: AtWork) -> int:
    """Count the looks at somebody's page."""
    return len(rows(counter, AccessLog.select(AccessLog.number).where(AccessLog.action == "page")))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_checklist_tells_and_n_opens_the_page_as_a_logged_look(home: Path, size: tuple[int, int]) -> None:
    names_anna(home)
    asks(home, ANNA)
    async with at_work(home, size, staff=LONE) as counter:
        await open_f6(counter)
        await counter.until("! står med nummer i 1 note om andre")
        assert "henter for" not in counter.text()
        before = looks(counter)
        await counter.press("n")
        await counter.until("Ib [/] Hansen")
        assert looks(counter) == before + 1
        nothing_names_anna(home)
        await counter.press("escape")
        await counter.settle()
        assert isinstance(counter.app.screen, DeletionsScreen)
        assert "står med nummer" not in counter.text()


async def test_deleted_all_the_same_it_is_proven_once_the_note_is_edited(home: Path) -> None:
    names_anna(home)
    asks(home, ANNA)
    async with at_work(home) as counter:
        await approve(counter, "lone")
        await counter.until("Låneren har ikke fået besked")
        await counter.press("I")
        assert "bevis fejlede: 1 fund" in await over(counter)
        await counter.until("! Står med nummer i 1 note om andre.")
        await counter.press("n")
        await counter.until("Ib [/] Hansen")
        nothing_names_anna(home)
        await counter.press("escape")
        counter.app.deletions.finished = 0
        await counter.until("bevis igen")
        await counter.press("b")
        await step_up(counter, "lone")
        assert "bevist: 0 fund" in await over(counter)
        assert states(counter) == ["proven"]
