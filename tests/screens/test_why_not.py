"""A scan that nobody here can lend says every reason at once, until the next scan (C5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Static

from db.models import Card, Item, Loan
from db.store import Transaction
from desk.circulation.refusals import Blocked, LimitReached, StatusForbids
from desk.installation import open_installation
from screens.refusals import sentences
from tests.screens.at_work import BLOCKED_CARD, CARD, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import rows, write


@pytest.fixture
def with_a_discarded_item(home: Path) -> Path:
    """A library whose first item has been discarded."""

    def discard(transaction: Transaction) -> None:
        transaction.run(Item.update(status="discarded").where(Item.barcode == "3000000000"))

    with open_installation(home) as installation:
        installation.store.write_here(discard)
    return home


def said(counter: AtWork) -> str:
    """What is said above the scan line, however many lines it takes."""
    return str(counter.app.screen.query_one("#hint", Static).visual)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_reason_is_said_what_nobody_can_override_first(
    with_a_discarded_item: Path, size: tuple[int, int]
) -> None:
    async with at_work(with_a_discarded_item, size) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        assert "kasseret" in counter.pile()
        words = " ".join(counter.text().replace("\n", " ").split())
        assert "Titel 0 · Kasseret." in words
        assert said(counter).endswith(
            "Udelukket siden 1.\xa0jan.\xa02020, indtil det ophæves. Det kan vagthavende tilsidesætte."
        )


async def test_what_is_lent_next_takes_it_off(with_a_discarded_item: Path) -> None:
    async with at_work(with_a_discarded_item) as counter:
        await counter.scan(CARD, "3000000000")
        assert "Kasseret" in said(counter)
        await counter.scan("3000000001")
        assert said(counter) == ""


async def test_the_next_borrower_sees_nothing_of_it(with_a_discarded_item: Path) -> None:
    async with at_work(with_a_discarded_item) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000", CARD)
        assert "Udelukket" not in counter.text()
        assert "Titel 0" not in counter.text()


def test_who_may_lend_anyway_is_said_once_when_it_is_the_same_for_all() -> None:
    first, second = sentences((Blocked("U", date(2026, 1, 2), None, "larm"), LimitReached(15, 15)), date(2026, 3, 10))
    assert "Vagthavende" not in first
    assert second.endswith("Vagthavende kan låne ud alligevel.")


def test_a_reason_that_nobody_may_override_leaves_to_the_others_what_may_be_done_about_them() -> None:
    first, second = sentences((StatusForbids("discarded"), LimitReached(15, 15)), date(2026, 3, 10))
    assert "Vagthavende" not in first
    assert second.endswith("Vagthavende kan låne ud alligevel.")


async def test_a_stolen_card_ends_the_visit_before_it_and_says_why(home: Path) -> None:
    write(home, Card.update(state="stolen", state_since=date(2026, 1, 5)).where(Card.number == OTHER_CARD))
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000", OTHER_CARD, "3000000001")
        assert "Anna Møller" not in counter.text()
        assert "Titel 0" not in counter.text()
        assert "kortet er meldt stjålet" in counter.pile()
        assert "Titel 1" in counter.pile()
        assert len(rows(counter, Loan.select(Loan.id))) == 1
        assert counter.figures() == (2, 1, 1), "the first two went with their visit"
