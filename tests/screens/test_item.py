"""The item page (C15): Ctrl+T, a search as one types, a title's copies and what is done with one."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from db.models import AccessLog, Item, Loan, Reservation
from desk.errors import StoreIsUnreachable
from screens.borrower.borrower import BorrowerScreen
from screens.curtain.curtain import CurtainScreen
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.help import HelpDialog
from screens.dialogs.question import QuestionDialog
from screens.finding.finding import FindScreen
from screens.item.item import ItemScreen
from screens.lending.lending import LendingScreen
from screens.widgets.title_list import TitleList
from tests.screens.at_work import CARD, HOSTILE, OTHER_CARD, AtWork, at_work

BOTH = pytest.mark.parametrize("size", [(80, 24), (120, 40)])
ITEM, OTHER_ITEM = "3000000003", "3000000004"


def rows(counter: AtWork, query: Any) -> list[tuple[Any, ...]]:
    """Read rows past the desk."""
    return counter.app.installation.store.read_here(lambda transaction: transaction.all(query))


def status_of(counter: AtWork, barcode: str = ITEM) -> tuple[str, str]:
    """Give an item's status and its reason."""
    ((status, reason),) = rows(counter, Item.select(Item.status, Item.status_reason).where(Item.barcode == barcode))
    return status, reason


def log_of(counter: AtWork) -> list[tuple[Any, ...]]:
    """Give what the log says of looks and changes."""
    query = AccessLog.select(AccessLog.action, AccessLog.purpose, AccessLog.revealed).order_by(AccessLog.number)
    return [row for row in rows(counter, query) if row[0] in {"reveal", "change"}]


async def type_in(counter: AtWork, text: str) -> None:
    await counter.press(*("space" if character == " " else character for character in text))


async def find(counter: AtWork, text: str, wanted: str = "1 fundet") -> None:
    """Open the page, type a search and wait for its answer."""
    await counter.press("ctrl+t")
    assert isinstance(counter.app.screen, ItemScreen)
    await type_in(counter, text)
    await counter.until(wanted)


async def open_title(counter: AtWork, text: str = ITEM) -> ItemScreen:
    """Go to the page of the title that a search finds first."""
    await find(counter, text)
    await counter.press("enter")
    await counter.until("eksemplar ·")
    screen = counter.app.screen
    assert isinstance(screen, ItemScreen)
    return screen


async def lend(counter: AtWork) -> None:
    """Lend an item to Anna Møller, and end her visit."""
    await counter.scan(CARD, ITEM)
    await counter.press("escape")


async def set_status(counter: AtWork, letter: str, reason: str) -> None:
    await counter.press("s")
    assert isinstance(counter.app.screen, QuestionDialog)
    await counter.press(letter)
    assert isinstance(counter.app.screen, TextDialog)
    await type_in(counter, reason)
    await counter.press("enter")


def found(counter: AtWork) -> list[str]:
    return [line for line in counter.app.screen.query_one(TitleList).lines_text()[1:] if line]


@BOTH
async def test_ctrl_t_finds_a_title_by_what_is_typed_and_enter_shows_its_copies(
    home: Path, size: tuple[int, int]
) -> None:
    async with at_work(home, size) as counter:
        await find(counter, "pet tit 3")
        (line,) = found(counter)
        assert ("Titel 3" in line, "Peter" in line) == (True, True)
        await counter.press("enter")
        await counter.until("1 eksemplar · ingen reserveringer")
        text = counter.text()
        assert all(
            word in text for word in (ITEM, "Struer", "hjemme", "S status", "L etiket", "R reservér", "V vis låner")
        )


async def test_the_page_opens_from_return_from_a_borrower_and_from_the_palette(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f3", "ctrl+t")
        assert isinstance(counter.app.screen, ItemScreen)
        await counter.press("escape")
        assert isinstance(counter.app.screen, LendingScreen)
        await counter.press("f4", "ctrl+t")
        assert isinstance(counter.app.screen, ItemScreen)
        await counter.press("escape")
        assert isinstance(counter.app.screen, FindScreen)
        await counter.press("escape")
        await counter.scan(CARD)
        await counter.press("f4", "ctrl+t", "escape")
        assert isinstance(counter.app.screen, BorrowerScreen)
        commands = {one.title: one for one in counter.app.get_system_commands(counter.app.screen)}
        commands["Find materiale"].callback()
        await counter.settle()
        assert isinstance(counter.app.screen, ItemScreen)
        # Once is enough.
        counter.app.action_item()
        await counter.settle()
        assert sum(isinstance(screen, ItemScreen) for screen in counter.app.screen_stack) == 1


async def test_a_barcode_opens_its_title_on_that_very_copy(home: Path) -> None:
    async with at_work(home) as counter:
        title = Item.select(Item.title).where(Item.barcode == ITEM)
        counter.app.installation.store.write_here(
            lambda transaction: transaction.run(
                Item.insert(barcode="0000000001", title=title, material_group=1, branch=1)
            )
        )
        await find(counter, ITEM)
        await counter.press("enter")
        await counter.until("2 eksemplarer")
        await counter.settle()
        screen = counter.app.screen
        assert isinstance(screen, ItemScreen)
        assert screen.copy is not None
        assert screen.copy.barcode == ITEM


async def test_letters_in_the_field_are_text_and_do_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("ctrl+t")
        await type_in(counter, "slv")
        assert counter.app.screen.query_one("#typed", Input).value == "slv"
        await counter.until("Intet fundet på »slv«")


async def test_hostile_titles_are_shown_as_they_are_and_do_nothing(home: Path) -> None:
    async with at_work(home, (80, 24)) as counter:
        for number, name in enumerate(HOSTILE):
            await find(counter, f"31000000{number:02}")
            await counter.press("enter")
            await counter.until("1 eksemplar ·")
            assert "\x1b" not in counter.text()
            assert "\u202e" not in counter.text()
            if name.startswith(("Ib", "[@")):
                assert name in counter.text()
            await set_status(counter, "s", "[/] x")
            await counter.until("Gemt: savnet.")
            await counter.press("escape", "escape")
            assert isinstance(counter.app.screen, LendingScreen)


# Status.


@BOTH
async def test_a_status_is_set_with_a_reason_and_told(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await open_title(counter)
        await set_status(counter, "b", "ryggen er løs")
        await counter.until("Gemt: beskadiget.")
        assert status_of(counter) == ("damaged", "ryggen er løs")
        assert "årsag: ryggen er løs" in counter.text()
        await set_status(counter, "h", "limet")
        await counter.until("Gemt: hjemme.")
        assert status_of(counter) == ("available", "limet")


async def test_without_a_reason_or_with_esc_nothing_is_set(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("s", "s", "enter")
        assert "Skriv en årsag." in counter.text()
        assert "ingen navne" in counter.text()
        await counter.press("escape")
        await counter.press("s", "escape")
        assert isinstance(counter.app.screen, ItemScreen)
        assert status_of(counter) == ("available", "")


async def test_only_what_can_be_is_offered(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("s")
        assert all(word in counter.text() for word in ("S savnet", "K kasseret", "T bortkommet", "U udlånes ikke"))
        assert "P påstås afleveret" not in counter.text()
        assert "H hjemme" not in counter.text()
        await counter.press("p")
        assert isinstance(counter.app.screen, QuestionDialog)


async def test_the_claim_that_it_was_returned_says_what_then_happens(home: Path) -> None:
    async with at_work(home) as counter:
        await lend(counter)
        await open_title(counter)
        await counter.press("s", "p")
        await counter.until("Lånet står åbent, til")
        await type_in(counter, "lå i boksen")
        await counter.press("enter")
        await counter.until("Se efter på hylden")
        assert status_of(counter) == ("claimed_returned", "lå i boksen")
        assert rows(counter, Loan.select(Loan.returned_at)) == [(None,)]
        assert log_of(counter) == [("change", "borrower_asks", "loans")]
        await set_status(counter, "l", "tog fejl")
        await counter.until("Gemt: udlånt.")


async def test_somebody_elses_status_meanwhile_is_told_not_overwritten(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("s", "k")
        counter.app.installation.store.write_here(
            lambda transaction: transaction.run(Item.update(status="discarded").where(Item.barcode == ITEM))
        )
        await type_in(counter, "slidt")
        await counter.press("enter")
        await counter.until("Materialet har allerede den status. Intet er ændret.")
        assert status_of(counter) == ("discarded", "")


# Who has it.


async def test_nobody_is_named_before_it_is_said_why(home: Path) -> None:
    async with at_work(home) as counter:
        await lend(counter)
        await open_title(counter)
        assert "Anna" not in counter.text()
        await counter.press("v")
        assert isinstance(counter.app.screen, QuestionDialog)
        await counter.press("escape")
        assert "Anna" not in counter.text()
        assert log_of(counter) == []
        await counter.press("v", "o")
        await counter.until("Udlånt til Anna Møller, 1000 0000.")
        assert log_of(counter) == [("reveal", "follow_up", "name number loans")]


async def test_the_name_goes_behind_the_curtain_and_with_the_next_thing_done(home: Path) -> None:
    async with at_work(home) as counter:
        await lend(counter)
        await open_title(counter)
        await counter.press("v", "l")
        await counter.until("Anna Møller")
        await counter.press("f9")
        assert isinstance(counter.app.screen, CurtainScreen)
        await counter.press("x")
        assert isinstance(counter.app.screen, ItemScreen)
        assert "Anna" not in counter.text()
        await counter.press("v", "l")
        await counter.until("Anna Møller")
        await counter.press("escape")
        assert "Anna" not in counter.text()


async def test_a_copy_that_nobody_has_says_so_and_logs_nothing(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("v")
        await counter.until("Ingen har det")
        assert log_of(counter) == []


async def test_a_copy_that_came_back_meanwhile_names_nobody(home: Path) -> None:
    async with at_work(home) as counter:
        await lend(counter)
        await open_title(counter)
        await counter.press("v")
        counter.app.installation.store.write_here(
            lambda transaction: transaction.run(
                Loan.update(returned_at=counter.app.now(), closed_on=counter.app.today())
            )
        )
        await counter.press("l")
        await counter.until("Ingen har det længere")
        assert log_of(counter) == []


async def test_a_copy_on_the_pickup_shelf_says_where_and_the_queue_how_long(home: Path) -> None:
    async with at_work(home) as counter:

        def set_aside(transaction: Any) -> None:
            ((item_id, title_id),) = transaction.all(Item.select(Item.id, Item.title).where(Item.barcode == ITEM))
            transaction.run(Item.update(status="on_shelf").where(Item.id == item_id))
            more = {"pickup_number": 34, "ready_at": counter.app.now(), "pickup_deadline": counter.app.today()}
            transaction.run(
                Reservation.insert(
                    borrower=1,
                    title=title_id,
                    pickup_branch=1,
                    reserved_at=counter.app.now(),
                    expires_on=counter.app.today(),
                    state="readyForPickup",
                    trapped_item=item_id,
                    **more,
                )
            )

        counter.app.installation.store.write_here(set_aside)
        await open_title(counter)
        await counter.until("1 reservering")
        assert "hylde 34, Struer" in counter.text()
        await set_status(counter, "s", "ligger der ikke")
        await counter.until("har igen sin plads i køen")
        await counter.until("intet eksemplar tilbage.")
        assert rows(counter, Reservation.select(Reservation.state)) == [("reserved",)]


# Reserving.


async def test_a_title_is_reserved_for_the_borrower_whose_visit_is_open(home: Path) -> None:
    async with at_work(home) as counter:
        await lend(counter)
        await counter.scan(OTHER_CARD)
        await open_title(counter)
        await counter.press("r")
        assert isinstance(counter.app.screen, QuestionDialog)
        await counter.press("1")
        await counter.until("Nr. 1 i køen")
        await counter.until("1 reservering")
        assert rows(counter, Reservation.select(Reservation.borrower, Reservation.state)) == [(2, "reserved")]
        await counter.press("r", "1")
        await counter.until("allerede")
        assert len(rows(counter, Reservation.select(Reservation.id))) == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_copy_and_no_other_is_reserved_on_a_key(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await lend(counter)
        await counter.scan(OTHER_CARD)
        await open_title(counter)
        assert "R reservér" in counter.text()
        assert "E eks" in counter.text()
        await counter.press("e")
        await counter.until("Reservér kun dette eksemplar")
        await counter.press("1")
        await counter.until("Nr. 1 i køen")
        ((borrower, copy),) = rows(counter, Reservation.select(Reservation.borrower, Reservation.item))
        assert (borrower, copy is not None) == (2, True)


async def test_without_a_visit_nothing_is_reserved_and_it_says_what_to_do(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("r")
        await counter.until("Scan låners kort først")
        assert rows(counter, Reservation.select(Reservation.id)) == []


# Labels.


async def test_a_new_label_is_a_file_and_the_page_says_where(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("l")
        await counter.until(f"{ITEM}.svg")
        path = home / "labels" / f"{ITEM}.svg"
        assert path.read_text("utf-8").lstrip().startswith("<")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        # A second one takes its place.
        await counter.press("l")
        await counter.until(f"{ITEM}.svg")
        assert [one.name for one in path.parent.iterdir()] == [path.name]


async def test_a_label_that_cannot_be_written_is_told(home: Path) -> None:
    (home / "labels").write_text("ikke en mappe")
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("l")
        await counter.until("kan ikke skrives")


# Scans, and going about.


async def test_a_scan_goes_to_the_counter_and_so_does_the_page(home: Path) -> None:
    async with at_work(home) as counter:
        await find(counter, "titel", "fundet")
        await counter.scan(OTHER_ITEM)
        assert isinstance(counter.app.screen, LendingScreen)
        assert counter.figures() == (1, 0, 1)
        await open_title(counter)
        await counter.scan(CARD, ITEM)
        assert isinstance(counter.app.screen, LendingScreen)
        assert status_of(counter) == ("on_loan", "")


async def test_a_scan_while_a_reason_is_typed_is_handled_and_takes_nothing_of_it(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.press("s", "b")
        await type_in(counter, "løs ryg")
        await counter.scan(OTHER_ITEM)
        screen = counter.app.screen
        assert isinstance(screen, TextDialog)
        assert screen.query_one("#value", Input).value == "løs ryg"
        assert counter.figures() == (1, 0, 1)
        await counter.press("enter")
        await counter.until("Gemt: beskadiget.")


async def test_a_card_scanned_over_the_page_opens_the_visit(home: Path) -> None:
    async with at_work(home) as counter:
        await open_title(counter)
        await counter.scan(OTHER_CARD)
        assert isinstance(counter.app.screen, LendingScreen)
        assert "Ib [/] Hansen" in counter.text()


async def test_f3_goes_to_return_and_f1_explains(home: Path) -> None:
    async with at_work(home, (80, 24)) as counter:
        await open_title(counter)
        await counter.press("f1")
        assert isinstance(counter.app.screen, HelpDialog)
        assert "Materiale og eksemplarer" in counter.text()
        await counter.press("x", "f3")
        await counter.until("F3 AFLEVERING")


async def test_enter_before_the_answer_waits_for_it(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("ctrl+t")
        for key in ("t", "i", "t", "space", "7"):
            await counter.pilot.press(key)
        await counter.pilot.press("enter")
        await counter.until("1 eksemplar ·")
        assert "Titel 7" in counter.text()


async def test_a_store_that_does_not_answer_is_said_and_the_search_goes_on(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(home) as counter:
        desk, ask = counter.app.installation.desk, counter.app.installation.desk.ask

        async def fails(*_arguments: Any) -> Any:
            raise StoreIsUnreachable("store")

        await counter.press("ctrl+t")
        monkeypatch.setattr(desk, "ask", fails)
        await type_in(counter, "tit")
        await counter.until("Basen svarer ikke")
        monkeypatch.setattr(desk, "ask", ask)
        await type_in(counter, " 7")
        await counter.until("1 fundet")


async def test_behind_the_sign_in_there_is_no_item_page(home: Path) -> None:
    async with at_work(home, staff=None) as counter:
        await counter.press("ctrl+t")
        counter.app.action_item()
        await counter.settle()
        assert not isinstance(counter.app.screen, ItemScreen)
