"""A borrower who is deleted on another counter: nothing of them stays on this one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from db.models import Borrower
from desk.installation import now, open_installation
from desk.privacy.erasure.eraser import erase_borrower
from screens import pages
from screens.borrower.borrower import BorrowerScreen
from screens.deletions.elsewhere import ASK_AGAIN_SECONDS
from tests.screens.at_work import CARD, AtWork, at_work
from tests.screens.borrower_page import ANNA, open_f4

PAGES = (
    pages.find,
    pages.item,
    pages.sign_up,
    pages.lists,
    pages.forms,
    pages.statistics,
    pages.deletions,
    pages.set_up,
    pages.staff_log,
    pages.till,
)
GONE = "Låneren er slettet ved en anden skranke."


def erased_elsewhere(home: Path) -> None:
    """Erase Anna as another program does."""
    with open_installation(home) as other:
        other.store.write_here(lambda transaction: erase_borrower(transaction, ANNA, now()))


async def a_minute(counter: AtWork) -> None:
    """Let a minute pass on the counter."""
    for _second in range(ASK_AGAIN_SECONDS):
        counter.app.deleted_elsewhere.tick()
    await counter.settle()


@pytest.mark.parametrize("keys", [(), ("ctrl+t",)], ids=["the page", "something over it"])
async def test_the_page_of_whoever_was_deleted_elsewhere_closes_within_a_minute(
    home: Path, keys: tuple[str, ...]
) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        await counter.until("Anna Møller")
        await counter.press(*keys)
        erased_elsewhere(home)
        await a_minute(counter)
        await counter.until(GONE)
        assert not [screen for screen in counter.app.screen_stack if isinstance(screen, BorrowerScreen)]
        assert "Anna" not in counter.text()
        assert counter.app.at_counter.place.visit is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.__name__))
async def test_every_page_stays_as_long_as_anybody_reads_it(home: Path, page: Callable[[], Screen[Any]]) -> None:
    async with at_work(home, staff=("lone", "hemmelig")) as counter:
        await counter.press("f2")
        screen = page()
        counter.app.push_screen(screen)
        await counter.settle()
        for _second in range(ASK_AGAIN_SECONDS + 1):
            counter.app._tick()
        await counter.settle()
        assert counter.app.screen is screen


async def test_a_page_that_is_read_again_closes_at_once(home: Path) -> None:
    async with at_work(home) as counter:
        await open_f4(counter)
        erased_elsewhere(home)
        screen = counter.app.screen
        assert isinstance(screen, BorrowerScreen)
        screen.load()
        await counter.until(GONE)
        assert "Anna" not in counter.text()


async def test_a_visit_of_whoever_was_deleted_elsewhere_ends_and_f10_brings_nobody_back(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.until("Anna Møller")
        erased_elsewhere(home)
        await a_minute(counter)
        await counter.until(GONE)
        assert "Anna" not in counter.text()
        await counter.press("f10")
        assert "Anna" not in counter.text()


async def test_the_store_is_asked_once_a_minute_and_not_at_all_where_nobody_is_open(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[frozenset[int]] = []

    async def look(borrower_ids: frozenset[int]) -> None:
        asked.append(borrower_ids)

    async with at_work(home) as counter:
        monkeypatch.setattr(counter.app.deleted_elsewhere, "look", look)
        await a_minute(counter)
        assert asked == []
        await counter.scan(CARD)
        for _second in range(2 * ASK_AGAIN_SECONDS):
            counter.app.deleted_elsewhere.tick()
        await counter.settle()
        assert asked == [frozenset({ANNA})] * 2
        assert counter.app.installation.store.read_here(lambda t: t.value(Borrower.select(Borrower.id))) == ANNA
