"""The front screen says in red, and in words, that an erasure has no proof (G4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from db.models import DeletionRequest, Staff
from db.store import Transaction
from desk.installation import open_installation
from tests.builders import TUESDAY
from tests.screens.at_work import at_work


def erase_without_proof(home: Path, state: str) -> None:
    """Put an erasure into the store as it is when its borrower has gone."""

    def put(transaction: Transaction) -> None:
        for login in ("mette", "lone"):
            transaction.run(Staff.update(person_number=login).where(Staff.login == login))
        ids = dict(transaction.all(Staff.select(Staff.login, Staff.id)))
        transaction.run(
            DeletionRequest.insert(
                state=state,
                registered_at=TUESDAY,
                registered_by=ids["mette"],
                identity_check="card",
                decided_at=TUESDAY,
                decided_by=ids["lone"],
                erased_at=TUESDAY,
                tombstone=b"t" * 32,
            )
        )

    with open_installation(home) as installation:
        installation.store.write_here(put)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("unproven", "1 sletning: slettet, bevis fejlede. En vagthavende skal"),
        ("erased", "1 sletning: slettet, bevis mangler. Genoptages ved"),
    ],
)
async def test_it_stands_there_before_anybody_signs_in(
    home: Path, size: tuple[int, int], state: str, words: str
) -> None:
    erase_without_proof(home, state)
    async with at_work(home, size, staff=None) as counter:
        assert words in counter.text()
        shown = counter.app.screen.query_one("#unproven", Static)
        assert shown.styles.color == counter.app.screen.query_one("#warning", Static).styles.color


async def test_nothing_is_said_when_every_erasure_is_proven(home: Path) -> None:
    async with at_work(home, staff=None) as counter:
        assert "bevis" not in counter.text()


async def test_it_is_asked_again_when_somebody_has_signed_off(home: Path) -> None:
    async with at_work(home) as counter:
        erase_without_proof(home, "unproven")
        counter.app.sign_off()
        await counter.settle()
        assert "bevis fejlede" in counter.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(("state", "words"), [("unproven", "bevis fejlede"), ("erased", "bevis mangler")])
async def test_a_supervisor_at_work_sees_it_on_the_status_line(
    home: Path, size: tuple[int, int], state: str, words: str
) -> None:
    erase_without_proof(home, state)
    async with at_work(home, size, staff=("lone", "hemmelig")) as counter:
        counter.app._tick()
        await counter.until(words)
    async with at_work(home, size) as counter:
        counter.app._tick()
        await counter.settle()
        assert words not in counter.text()
