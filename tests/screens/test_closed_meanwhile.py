"""A page that has closed while the store was asked: the answer is let be, and the counter goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.errors import StoreIsBusy
from desk.privacy.purposes import Purpose
from screens import pages
from screens.base import DeskScreen
from screens.borrower.opened import Opened
from tests.screens.at_work import at_work

Page = Callable[[], DeskScreen[None]]

PAGES: dict[str, Page] = {
    "F4": lambda: pages.borrower(Opened(1, 1, None, Purpose.LENDING)),
    "F5": pages.lists,
    "F5 T": pages.statistics,
    "F6": pages.deletions,
    "F7": pages.set_up,
    "till": pages.till,
    "log of a member of staff": pages.staff_log,
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("is_down", [False, True], ids=["answered", "refused"])
async def test_what_the_store_says_of_a_closed_page_ends_nothing(
    home: Path, page: str, is_down: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(home, staff=("lone", "hemmelig")) as counter:
        screen = PAGES[page]()
        await counter.app.push_screen(screen)
        await counter.settle()
        assert not screen.is_gone
        await counter.app.pop_screen()
        await counter.until("F2 UDLÅN")
        assert screen.is_gone
        if is_down:

            async def refuse(*_asked: object, **_more: object) -> None:
                raise StoreIsBusy("store.db", "locked")

            monkeypatch.setattr(counter.app.installation.desk, "ask", refuse)
        # As its worker does it, when the store is slower than whoever closed the page.
        load = type(screen).load.__wrapped__
        await (load(screen, from_top=True) if page == "F5 T" else load(screen))
        monkeypatch.undo()
        await counter.scan("3000000001")
        assert "F2 UDLÅN" in counter.text()
