"""Finding a borrower at the counter (C11): F4 with no visit open, and from the palette."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.models import AccessLog, Borrower, Card
from db.store import Transaction
from desk.borrowers.searching import write_search_words
from desk.errors import StoreIsUnreachable
from desk.installation import open_installation
from screens.borrower.borrower import BorrowerScreen
from screens.curtain.curtain import CurtainScreen
from screens.curtain.lock import LockScreen
from screens.dialogs.question import QuestionDialog
from screens.finding.finding import FindScreen
from screens.lending.lending import LendingScreen
from screens.sign_up.sign_up import SignUpScreen
from screens.widgets.found_list import FoundList
from tests.screens.at_work import CARD, HOSTILE, OTHER_CARD, AtWork, at_work, make_home

CPR = "6101801234"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a namesake, a protected address, a CPR number and hostile names."""
    home = make_home(tmp_path_factory.mktemp("library") / "home")
    installation = open_installation(home)

    def fill(transaction: Transaction) -> None:
        sealed = {Borrower.cpr_sealed: installation.vault.seal(CPR), Borrower.cpr_index: installation.vault.index(CPR)}
        transaction.run(Borrower.update({Borrower.street: "Østergade 1", **sealed}).where(Borrower.id == 1))
        transaction.run(Borrower.update(street="Skjult 9", address_protected=True).where(Borrower.id == 3))
        for number, (name, street) in enumerate((("Anna Møller", "Parkvej 2"), *((name, name) for name in HOSTILE))):
            borrower = transaction.run(
                Borrower.insert(
                    number=f"2000000{number}",
                    name=f"{name} Qvist" if number else name,
                    birth_date=date(1950, 1, 1),
                    street=street,
                    borrower_group=1,
                    home_branch=1,
                    log_key=bytes([100 + number]) * 32,
                )
            )
            transaction.run(Card.insert(borrower=borrower, number=f"200000020{number}"))
        write_search_words(transaction, [row[0] for row in transaction.all(Borrower.select(Borrower.id))])

    installation.store.write_here(fill)
    installation.close()
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


def log_of(counter: AtWork) -> list[tuple[Any, ...]]:
    """Read what the access log says: what, why, how it came out, and whether it is about somebody."""
    rows = counter.app.installation.store.read_here(
        lambda transaction: transaction.all(
            AccessLog.select(AccessLog.action, AccessLog.purpose, AccessLog.outcome, AccessLog.subject).order_by(
                AccessLog.number
            )
        )
    )
    return [(action, purpose, outcome, subject is not None) for action, purpose, outcome, subject in rows]


async def logged(counter: AtWork, count: int) -> list[tuple[Any, ...]]:
    """Wait until the log has so many rows."""
    for _round in range(200):
        if len(log_of(counter)) >= count:
            break
        await counter.pilot.pause(0.02)
    return log_of(counter)


async def find(counter: AtWork, text: str, wanted: str) -> None:
    """Type a search and wait for its answer."""
    await counter.press(*("space" if character == " " else character for character in text))
    await counter.until(wanted)


def found(counter: AtWork) -> list[str]:
    """The lines of the list."""
    return [line for line in counter.app.screen.query_one(FoundList).lines_text()[1:] if line]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_f4_without_a_visit_finds_by_what_is_typed(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await counter.press("f4")
        assert isinstance(counter.app.screen, FindScreen)
        assert "Ingen låner valgt" not in counter.text()
        await find(counter, "mø an", "2 fundet")
        older, younger = found(counter)
        assert ("1950" in older, "Parkvej 2" in older) == (True, True)
        assert ("1980" in younger, "Østergade 1" in younger) == (True, True)
        await find(counter, " øst", "1 fundet")
        assert len(found(counter)) == 1


async def test_f4_with_a_visit_opens_that_borrowers_page(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4")
        assert isinstance(counter.app.screen, BorrowerScreen)


async def test_the_palette_finds_also_while_a_visit_is_open(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        commands = {command.title: command for command in counter.app.get_system_commands(counter.app.screen)}
        commands["Find låner"].callback()
        await counter.settle()
        assert isinstance(counter.app.screen, FindScreen)
        await find(counter, "karl", "1 fundet")
        await counter.press("enter", "l")
        await counter.until("Karl Blok")
        screen = counter.app.screen
        assert isinstance(screen, BorrowerScreen)
        assert (screen.opened.borrower_id, screen.opened.visit) == (3, None)


async def test_the_question_why_says_its_way_out_and_explains_itself(home: Path) -> None:
    async with at_work(home, (80, 24)) as counter:
        await counter.press("f4")
        await find(counter, "anna", "2 fundet")
        await counter.press("enter")
        assert "Esc tilbage · F1 hjælp" in counter.text()
        await counter.press("f1")
        await counter.until("Hvad skal det bruges til?")
        await counter.press("l")
        assert isinstance(counter.app.screen, QuestionDialog)
        await counter.press("escape")
        assert isinstance(counter.app.screen, FindScreen)


async def test_a_block_shows_and_a_protected_street_does_not(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "karl", "Karl Blok")
        (line,) = found(counter)
        assert "blokeret" in line
        assert "Skjult" not in line
        await counter.press("ctrl+u")
        await find(counter, "skj", "Intet fundet")


@pytest.mark.parametrize(
    ("letter", "purpose"), [("l", "borrower_asks"), ("o", "follow_up"), ("r", "correction"), ("R", "correction")]
)
async def test_one_key_says_why_the_page_is_opened_and_the_log_has_it(home: Path, letter: str, purpose: str) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "anna", "2 fundet")
        await counter.press("down", "enter")
        assert isinstance(counter.app.screen, QuestionDialog)
        assert "Anna Møller, 1980, Østergade 1" in counter.text()
        await counter.press(letter)
        assert isinstance(counter.app.screen, BorrowerScreen)
        assert counter.app.screen.opened.borrower_id == 1
        assert not any(isinstance(screen, FindScreen) for screen in counter.app.screen_stack)
        assert await logged(counter, 1) == [("page", purpose, "done", True)]
        await counter.press("escape")
        assert isinstance(counter.app.screen, LendingScreen)
        assert log_of(counter) == [("page", purpose, "done", True)], "the search was noted although it opened somebody"


async def test_esc_at_the_question_goes_back_to_the_list_and_opens_nobody(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "anna", "2 fundet")
        await counter.press("enter", "x", "escape")
        assert isinstance(counter.app.screen, FindScreen)
        assert len(found(counter)) == 2
        assert log_of(counter) == []


@pytest.mark.parametrize(
    ("text", "wanted", "outcome"),
    [("anna", "2 fundet", "done"), ("zzz", "Intet fundet på »zzz«.", "not_found")],
)
async def test_a_search_that_opens_nobody_is_noted_once_without_what_was_typed(
    home: Path, text: str, wanted: str, outcome: str
) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, text, wanted)
        await counter.press("escape")
        assert await logged(counter, 1) == [("search", "borrower_asks", outcome, False)]
        await counter.press("f4", "escape")
        assert len(log_of(counter)) == 1, "a page that was only looked at is no search"


async def test_a_typed_cpr_number_finds_and_a_typed_card_does(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "610180-1234", "1 fundet")
        await counter.press("ctrl+u")
        await counter.until("Begyndelsen af ordene")
        assert found(counter) == []
        await find(counter, OTHER_CARD, "Ib [/] Hansen")


async def test_a_scan_goes_to_the_queue_and_its_visit_closes_the_search(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "karl", "Karl Blok")
        await counter.scan("3000000000")
        assert isinstance(counter.app.screen, FindScreen)
        assert counter.figures() == (1, 0, 1)
        assert counter.app.screen.typed.value == "karl"
        await counter.scan(CARD)
        assert isinstance(counter.app.screen, LendingScreen)
        assert "Karl" not in counter.text()
        assert "Anna Møller" in counter.text()
        assert ("search", "borrower_asks", "done", False) in await logged(counter, 2)


async def test_a_visit_that_opens_at_the_question_closes_both(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "karl", "Karl Blok")
        await counter.press("enter")
        await counter.scan(CARD)
        assert isinstance(counter.app.screen, LendingScreen)
        assert "Karl" not in counter.text()
        assert ("page", "borrower_asks", "done", True) not in await logged(counter, 2)


async def test_nothing_is_asked_of_a_search_that_has_just_closed(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "karl", "Karl Blok")
        screen = counter.app.screen
        assert isinstance(screen, FindScreen)
        screen.open(screen._found.borrowers[0])
        counter.app.visit_changed()
        await counter.settle()
        assert isinstance(counter.app.screen, LendingScreen)


@pytest.mark.parametrize("at_question", [False, True])
async def test_nothing_of_a_search_waits_behind_the_curtain_or_the_lock(home: Path, at_question: bool) -> None:
    async with at_work(home) as counter:
        for cover, lift in ((CurtainScreen, "x"), (LockScreen, "")):
            await counter.press("f4")
            await find(counter, "anna", "2 fundet")
            if at_question:
                await counter.press("enter")
            if cover is LockScreen:
                counter.app.privacy.lock()
            else:
                counter.app.privacy.draw_curtain()
            await counter.settle()
            assert isinstance(counter.app.screen, cover)
            assert "Anna" not in counter.text()
            assert not any(isinstance(screen, FindScreen) for screen in counter.app.screen_stack)
            if lift:
                await counter.press(lift)
                assert isinstance(counter.app.screen, LendingScreen)
        assert len(await logged(counter, 2)) == 2


async def test_a_search_nobody_looks_after_is_hidden_after_a_minute(home: Path) -> None:
    async with at_work(home) as counter:
        now = [1000.0]
        counter.app.privacy._seconds = lambda: now[0]
        counter.app.privacy.touched()
        await counter.press("f4")
        await find(counter, "anna", "2 fundet")
        now[0] += 61
        counter.app.privacy.tick()
        await counter.settle()
        assert isinstance(counter.app.screen, CurtainScreen)
        assert "Anna" not in counter.text()


async def test_signing_off_leaves_no_search_for_the_next(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "anna", "2 fundet")
        await counter.press("ctrl+q")
        await counter.until("Brugernavn")
        await counter.app.signed_in(await counter.app.installation.sign_in.with_password("lone", "hemmelig"))
        await counter.settle()
        assert isinstance(counter.app.screen, LendingScreen)
        assert "Anna" not in counter.text()
        assert await logged(counter, 1) == [("search", "borrower_asks", "done", False)]


async def test_hostile_names_are_only_text(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "qvist", "6 fundet")
        text = counter.text()
        assert "Ib [/] Hansen Qvist" in text
        assert "[@click=app.exit]x" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        for _line in range(6):
            await counter.press("enter")
            assert isinstance(counter.app.screen, QuestionDialog)
            await counter.press("escape", "down")


class SlowStore:
    """A store whose answers come when they are let go, one by one."""

    def __init__(self, counter: AtWork) -> None:
        self.asked: list[str] = []
        self._gates: list[asyncio.Event] = []
        self._ask = counter.app.installation.desk.ask
        counter.app.installation.desk.ask = self._slowly  # type: ignore[assignment,method-assign]

    async def _slowly(self, who: Any, query: Any, text: str, *rest: Any) -> Any:
        self.asked.append(text)
        self._gates.append(asyncio.Event())
        await self._gates[-1].wait()
        return await self._ask(who, query, text, *rest)

    def answer(self) -> None:
        """Let the answer to the latest question go."""
        self._gates[-1].set()


async def until_asked(counter: AtWork, store: SlowStore, text: str) -> None:
    for _round in range(200):
        if store.asked[-1:] == [text]:
            return
        await counter.pilot.pause(0.02)
    raise AssertionError(f"not asked for: {text}, but {store.asked}")


async def test_an_answer_that_was_overtaken_is_never_shown(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        store = SlowStore(counter)
        await counter.press(*"karl", "enter")
        assert store.asked == ["k"], "the store has one search at a time"
        store.answer()
        await until_asked(counter, store, "karl")
        await counter.settle()
        assert found(counter) == []
        store.answer()
        await counter.until("Karl Blok")
        assert store.asked == ["k", "karl"], "what was overtaken was searched for"
        assert isinstance(counter.app.screen, QuestionDialog), "Enter did not wait for the only one it can mean"


async def test_enter_before_the_answer_opens_nobody_unseen_among_several(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        store = SlowStore(counter)
        await counter.press("a", "enter")
        store.answer()
        await counter.until("fundet")
        await counter.settle()
        assert isinstance(counter.app.screen, FindScreen)


async def test_a_store_that_does_not_answer_is_said_and_searched_again_at_the_next_key(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "ka", "Karl Blok")
        ask = counter.app.installation.desk.ask

        async def down(*_question: Any) -> Any:
            raise StoreIsUnreachable("store.db", "")

        counter.app.installation.desk.ask = down  # type: ignore[assignment,method-assign]
        await find(counter, "r", "Basen svarer ikke")
        assert found(counter) == []
        counter.app.installation.desk.ask = ask  # type: ignore[method-assign]
        await counter.press("backspace")
        await counter.until("Karl Blok")


async def test_a_key_repaints_what_it_changes(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, "anna", "2 fundet")
        lines = counter.app.screen.query_one(FoundList)
        painted: list[int] = []
        render = lines.render_line
        lines.render_line = lambda y: painted.append(y) or render(y)  # type: ignore[method-assign,func-returns-value]
        await counter.press("down")
        assert set(painted) == {1, 2}


@pytest.mark.parametrize(
    ("typed", "fields"), [("zoe q", ("", "zoe q")), ("620180-4321", ("6201804321", "")), ("zzz 12", ("", ""))]
)
async def test_whoever_was_not_found_is_created_with_what_was_typed(
    home: Path, typed: str, fields: tuple[str, str]
) -> None:
    async with at_work(home) as counter:
        await counter.press("f4")
        await find(counter, typed, "Intet fundet")
        await counter.press("ctrl+n")
        screen = counter.app.screen
        assert isinstance(screen, SignUpScreen)
        assert (screen._given_cpr, screen._given_name) == fields
        assert ("search", "borrower_asks", "not_found", False) in await logged(counter, 1)


async def test_f1_explains_the_search(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f4", "f1")
        assert "F4 Find låner" in counter.text()
