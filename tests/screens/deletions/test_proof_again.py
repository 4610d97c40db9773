"""A proof that failed is tried again on F6, by a supervisor."""

from __future__ import annotations

from pathlib import Path

from tests.screens.at_work import AtWork, at_work
from tests.screens.borrower_page import ANNA
from tests.screens.deletions.deleting import approve, asks, erased, open_f6, over, states, step_up


async def deleted_without_proof(home: Path, counter: AtWork) -> Path:
    """Delete Anna, whose name stands in a list of somebody's; gives the list."""
    liste = home / "liste.txt"
    liste.write_text("Ring til Anna Møller", "utf-8")
    await approve(counter, "lone")
    await counter.until("Låneren har ikke fået besked")
    await counter.press("I")
    assert "bevis fejlede" in await over(counter)
    assert states(counter) == ["unproven"]
    return liste


async def test_when_the_cause_is_gone_a_supervisor_proves_it(home: Path) -> None:
    asks(home, ANNA)
    async with at_work(home) as counter:
        liste = await deleted_without_proof(home, counter)
        liste.unlink()
        counter.app.deletions.finished = 0
        await counter.until("bevis igen")
        await counter.press("b")
        await counter.until("Prøv beviset til sletteattest nr. 1 igen.")
        await step_up(counter, "lone")
        assert "bevist: 0 fund" in await over(counter)
        assert states(counter) == ["proven"]
        assert "bevis igen" not in counter.text()


async def test_what_is_not_kept_here_cannot_be_tried_again_and_that_is_said(home: Path) -> None:
    erased(home)
    async with at_work(home) as counter:
        await open_f6(counter)
        await counter.until("slettet, bevis fejlede")
        await counter.press("b")
        await step_up(counter, "lone")
        assert "ligger ikke på denne maskine" in await over(counter)
        assert states(counter) == ["unproven"]
