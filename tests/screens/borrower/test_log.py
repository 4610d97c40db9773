"""The access log as it is read: on a borrower's page, and for a member of staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desk.privacy.purposes import Action, Purpose
from desk.privacy.records import LogLine
from screens import pages
from screens.borrower.log_lines import folded, of_borrower, of_staff
from screens.borrower.log_work import read_log
from screens.privacy_words import action_words, purpose_words
from tests.screens.at_work import at_work
from tests.screens.borrower.record import ANNA, STAFF, SUPERVISOR, make_home, on_record
from tests.screens.widgets.stage import HOSTILE

NOW = datetime(2026, 9, 24, 8, 42, tzinfo=UTC)
TODAY = date(2026, 9, 24)
LINE = LogLine(9, NOW, "Mette K.", "Skranke 1", "48291173", "reveal", "borrower_asks", ("address",), "done")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def cells(line: LogLine) -> list[str]:
    """Give one line's cells, with ordinary spaces."""
    return [cell.replace("\u00a0", " ") for cell in of_borrower(folded([line])[0], TODAY)]


def earlier(seconds: int, **values: object) -> LogLine:
    """Give a row some seconds before the newest one."""
    return replace(LINE, at=NOW - timedelta(seconds=seconds), **values)  # type: ignore[arg-type]


def test_a_line_says_when_who_what_why_and_which_items_under_the_policys_names() -> None:
    assert cells(LINE) == [
        "24. sep. 10.42",
        "Mette K.",
        "vist",
        "låneren spørger",
        "c/o navn og adresse",
        "Skranke 1",
    ]


def test_what_failed_says_so() -> None:
    assert cells(replace(LINE, action="search", outcome="not_found"))[2] == "søgning, ikke fundet"
    assert cells(replace(LINE, action="override", outcome="refused"))[2] == "tilsidesat, afvist"


def test_the_same_work_within_a_minute_is_one_line_with_all_its_items() -> None:
    runs = folded([LINE, earlier(20, revealed=("email",)), earlier(60, revealed=("address",))])
    assert len(runs) == 1
    assert of_borrower(runs[0], TODAY)[2] == "vist ×3"
    assert of_borrower(runs[0], TODAY)[4] == "c/o navn og adresse, E-mail"


@pytest.mark.parametrize(
    "other",
    [
        earlier(61),
        earlier(10, staff="Jonas P."),
        earlier(10, action="change"),
        earlier(10, purpose="follow_up"),
        earlier(10, counter="Skranke 2"),
        earlier(10, outcome="not_found"),
        earlier(10, borrower="19205560"),
    ],
)
def test_other_work_is_a_line_of_its_own(other: LogLine) -> None:
    assert [run.times for run in folded([LINE, other])] == [1, 1]


def test_every_action_and_purpose_has_danish_words() -> None:
    words = [*(action_words(one.value) for one in Action), *(purpose_words(one.value) for one in Purpose)]
    codes = [*(one.value for one in Action), *(one.value for one in Purpose)]
    assert [word for word, code in zip(words, codes, strict=True) if word == code and code != "log"] == []
    assert len(set(words[: len(Action)])) == len(Action)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_in_the_log_is_only_read(text: str) -> None:
    line = LogLine(1, NOW, text, text, text, text, text, (text,), text)
    for row in (of_borrower(folded([line])[0], TODAY), of_staff(folded([line])[0], TODAY)):
        assert all(cell.replace("\u00a0", " ").isprintable() for cell in row)


async def test_a_supervisor_reads_who_looked_and_the_reading_is_a_look(home: Path) -> None:
    async with on_record(home, staff=STAFF) as record:
        await record.choose("email")
        await record.press("v")
        await record.choose("address")
        await record.press("v")
    async with on_record(home, staff=SUPERVISOR) as record:
        await record.press("5")
        await record.counter.until("log læst")
        shown = record.text()
        assert "Mette [/] K." in shown
        assert "vist ×2" in shown
        assert "c/o navn og adresse, E-mail" in shown
        assert "side åbnet" in shown


async def test_enter_shows_the_whole_line_that_a_narrow_terminal_cuts(home: Path) -> None:
    async with on_record(home, staff=STAFF) as record:
        for item in ("email", "address", "telephone"):
            await record.choose(item)
            await record.press("v")
    whole = "Telefon, c/o navn og adresse, E-mail"
    async with on_record(home, size=(80, 24), staff=SUPERVISOR) as record:
        await record.press("5")
        await record.counter.until("log læst")
        await record.counter.until("hele linjen")
        assert whole not in record.text()
        await record.press("down", "down", "enter")
        await record.counter.until(whole)
        await record.press("down")
        assert whole not in record.text()
        await record.press("up")
        await record.counter.until(whole)
        await record.press("enter")
        assert whole not in record.text()


async def test_the_log_is_read_once_while_the_page_is_open(home: Path) -> None:
    async with on_record(home, staff=SUPERVISOR) as record:
        await record.press("5")
        await record.counter.until("log læst")
        await record.press("4", "5", "4", "5")
        await record.press("4")
        await record.change("name", "Åse Østergård")
        await record.press("5")
        assert len(await record.log(of_reading=True)) == 2


async def test_staff_are_told_it_takes_a_supervisor(home: Path) -> None:
    async with on_record(home, staff=STAFF) as record:
        await record.press("5")
        await record.counter.until("Kræver vagthavende.")
        assert "side åbnet" not in record.text()
        assert len(await record.log(of_reading=True)) == 1


async def test_behind_the_lock_the_log_is_forgotten_and_read_again_by_whoever_comes_back(home: Path) -> None:
    async with on_record(home, staff=SUPERVISOR, with_card=True) as record:
        await record.press("5")
        await record.counter.until("log læst")
        record.counter.app.privacy.lock()
        await record.settle()
        assert record.page.log_pane.lines.row_count == 0
        installation = record.counter.app.installation
        record.counter.app.privacy.unlock(await installation.sign_in.with_password(*SUPERVISOR))
        await record.counter.until("log læst")
        assert len(await record.log(of_reading=True)) == 3


async def test_a_colleague_who_takes_over_sees_nothing_of_the_log(home: Path) -> None:
    async with on_record(home, staff=SUPERVISOR, with_card=True) as record:
        await record.press("5")
        await record.counter.until("log læst")
        record.counter.app.privacy.lock()
        await record.settle()
        installation = record.counter.app.installation
        record.counter.app.privacy.unlock(await installation.sign_in.with_password(*STAFF))
        await record.counter.until("F2 UDLÅN")
        assert "log læst" not in record.text()


async def test_a_log_that_is_answered_when_its_page_has_closed_is_let_be(home: Path) -> None:
    async with on_record(home, staff=STAFF, with_card=True) as record:
        app, page = record.counter.app, record.page
        pane = page.log_pane
        await record.press("escape")
        await record.counter.until("F2 UDLÅN")
        # What a slow store does: it refuses when the page and its table have gone.
        await read_log(app, page.opened, pane)
        assert "F2 UDLÅN" in record.text()


# The log of a member of staff.


@pytest.mark.parametrize(("staff", "is_there"), [(STAFF, False), (SUPERVISOR, True)])
async def test_only_a_supervisors_palette_offers_the_log_of_a_member_of_staff(
    home: Path, staff: tuple[str, str], is_there: bool
) -> None:
    async with at_work(home, staff=staff) as counter:
        offered = [command.title for command in counter.app.get_system_commands(counter.app.screen)]
        assert ("Log for en medarbejder" in offered) is is_there


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_supervisor_chooses_somebody_and_reads_whom_they_looked_at(home: Path, size: tuple[int, int]) -> None:
    whole = "Telefon, c/o navn og adresse, E-mail"
    async with on_record(home, ANNA, staff=STAFF) as record:
        for item in ("email", "address", "telephone"):
            await record.choose(item)
            await record.press("v")
    async with at_work(home, size, staff=SUPERVISOR) as counter:
        offered = counter.app.get_system_commands(counter.app.screen)
        next(command for command in offered if command.title == "Log for en medarbejder").callback()
        await counter.until("Mette [/] K.")
        await counter.until("Vælg en medarbejder.")
        await counter.press("down", "enter")
        await counter.until("opslag, de nyeste først")
        shown = counter.text().replace("\u00a0", " ")
        assert "4829 1171" in shown
        assert "Telefon" in shown
        assert "F1 hjælp" in shown
        assert "hele linjen" in shown
        assert (whole in shown) is (size[0] == 120)
        await counter.press("enter")
        shown = counter.text()
        assert whole in shown
        assert "Handling" in shown.rpartition(whole)[0]
        await counter.press("escape", "up", "enter")
        await counter.until("log læst")
        assert "4829 1171" not in counter.text()
        await counter.press("escape", "escape")
        assert "LOG FOR MEDARBEJDER" not in counter.text()


@pytest.mark.parametrize("somebody_borrows", [True, False])
async def test_the_log_of_a_member_of_staff_goes_with_whoever_read_it(home: Path, somebody_borrows: bool) -> None:
    async with at_work(home, staff=SUPERVISOR) as counter:
        if somebody_borrows:
            await counter.scan("2000000001")
        offered = counter.app.get_system_commands(counter.app.screen)
        next(command for command in offered if command.title == "Log for en medarbejder").callback()
        await counter.until("Lone B.")
        await counter.press("enter")
        await counter.until("Lone B.:")
        counter.app.privacy.lock()
        await counter.settle()
        counter.app.privacy.unlock(await counter.app.installation.sign_in.with_password(*STAFF))
        await counter.settle()
        assert "LOG FOR MEDARBEJDER" not in counter.text()


async def test_staff_who_get_there_all_the_same_are_told_it_takes_a_supervisor(home: Path) -> None:
    async with at_work(home, staff=STAFF) as counter:
        await counter.app.push_screen(pages.staff_log())
        await counter.until("Kræver vagthavende.")
        assert "Lone B." not in counter.text()
