"""F5: the lists of a branch, by their figures; nobody is named but on a key that asks why, and scans go on (C3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.models import AccessLog, Borrower, Item
from screens.lists.lists import LISTS, ListsScreen
from tests.screens.at_work import CARD, at_work
from tests.screens.borrower.test_reservations import reserve, until, words
from tests.screens.borrower_page import rows, write

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", ["f2", "f3"])
async def test_f5_opens_the_lists_and_esc_closes_them(home: Path, size: tuple[int, int], mode: str) -> None:
    async with at_work(home, size) as counter:
        await counter.press(mode, "f5")
        await until(counter, "F5 LISTER")
        assert isinstance(counter.app.screen, ListsScreen)
        for label in ("1 Plukliste", "2 Reserveringshylde", "3 Sættes på plads", "4 I transit"):
            assert label in words(counter)
        await until(counter, "Intet skal findes frem.")
        await counter.press("escape")
        assert not isinstance(counter.app.screen, ListsScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_what_somebody_waits_for_is_fetched_scanned_and_lies_ready(home: Path, size: tuple[int, int]) -> None:
    write(home, Item.update(shelf_mark="86-096").where(Item.id == 1))
    async with at_work(home, size) as counter:
        await reserve(counter, 1)
        await counter.press("f3", "f5")
        await until(counter, "86-096")
        assert "Titel 0" in counter.text()
        assert "[1 Plukliste 1]" in words(counter)
        await counter.scan("3000000000")
        await until(counter, "Titel 0 · hylde 1 · reserveret")
        await until(counter, "2 Reserveringshylde 1")
        await until(counter, "Intet skal findes frem.")
        await counter.press("2")
        await until(counter, "Titel 0")
        assert "Anna" not in counter.text()


async def test_for_whom_it_lies_there_is_shown_on_a_key_that_asks_why(home: Path) -> None:
    write(home, Borrower.update(name="Anna [/] Møller").where(Borrower.id == 1))
    async with at_work(home) as counter:
        await reserve(counter, 1)
        await counter.press("f3")
        await counter.scan("3000000000")
        await counter.press("f5", "2")
        await until(counter, "Titel 0")
        await counter.press("v")
        await until(counter, "hvorfor vises det?")
        await counter.press("escape")
        assert "Anna" not in counter.text()
        await counter.press("v")
        await until(counter, "hvorfor vises det?")
        await counter.press("l")
        await until(counter, "Til Anna [/] Møller, lånernummer 1000 0000.")
        columns = (AccessLog.action, AccessLog.purpose, AccessLog.revealed)
        newest = rows(counter, AccessLog.select(*columns).order_by(AccessLog.number))[-1]
        assert newest == ("reveal", "borrower_asks", "name reservations")
        await counter.press("3")
        assert "Anna" not in counter.text()


async def test_what_is_put_back_is_scanned_and_goes_home(home: Path) -> None:
    async with at_work(home) as counter:
        await reserve(counter, 1)
        await counter.press("f3")
        await counter.scan("3000000000", CARD)
        await counter.press("f4", "6")
        await until(counter, "klar, hylde 1")
        await counter.press("a", "a")
        await until(counter, "er annulleret")
        await counter.press("escape", "f3", "f5", "3")
        await until(counter, "[3 Sættes på plads 1]")
        assert "3000000000" in counter.text()
        await counter.scan("3000000000")
        await until(counter, "Titel 0 · hjem")
        await until(counter, "Intet skal sættes på plads.")


async def test_what_is_in_transit_says_where_to_and_why(home: Path) -> None:
    async with at_work(home) as counter:
        await reserve(counter, 1, branch_id=2)
        await counter.press("f3")
        await counter.scan("3000000000", "3000000011")
        assert "→ Thyholm" in counter.pile()
        await counter.press("f5", "4")
        await until(counter, "[4 I transit 2]")
        assert "reserveret" in words(counter)
        assert "hører til der" in words(counter)


async def test_a_card_that_opens_a_visit_closes_the_lists(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f5")
        await until(counter, "F5 LISTER")
        await counter.scan(CARD)
        assert not isinstance(counter.app.screen, ListsScreen)
        assert "Anna" in counter.text()


async def test_nobody_opens_the_lists_before_signing_in(home: Path) -> None:
    async with at_work(home, staff=None) as counter:
        await counter.press("f5")
        counter.app.action_lists()
        assert not isinstance(counter.app.screen, ListsScreen)


async def test_the_help_explains_the_lists(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f5", "f1")
        await until(counter, "F5 Lister")


def test_every_list_has_a_figure() -> None:
    assert 1 <= len(LISTS) <= 9
    for listing in LISTS:
        assert max(listing.gives_way) < len(listing.headings)
