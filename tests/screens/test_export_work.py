"""Right of access from the counter: a supervisor steps up, two files lie in the home, and it is said where."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from db.models import AccessLog, Staff
from desk.__main__ import start_counter
from screens.borrower.export_work import hand_out_record
from screens.dialogs.step_up import StepUpDialog
from tests.builders import TUESDAY
from tests.pdfs import text_of
from tests.screens.at_work import AtWork, at_work

LONE = (*"indsigt", "enter", *"lone", "enter", *"hemmelig", "enter")


@asynccontextmanager
async def asked(counter: AtWork) -> AsyncIterator[asyncio.Future[str]]:
    """Call the work as a page does, from a worker; what it says comes as the future's result."""
    said: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def work() -> None:
        said.set_result(await hand_out_record(counter.app, 1))

    counter.app.screen.run_worker(work())
    await counter.settle()
    assert isinstance(counter.app.screen, StepUpDialog)
    yield said


def prints(home: Path) -> list[Path]:
    return sorted((home / "exports").iterdir()) if (home / "exports").exists() else []


def log_rows(counter: AtWork) -> list[tuple[object, ...]]:
    wanted = AccessLog.select(Staff.login, AccessLog.counter, AccessLog.action, AccessLog.purpose).join(Staff)
    return counter.app.installation.store.read_here(lambda transaction: transaction.all(wanted))


async def test_a_supervisor_steps_up_and_the_files_lie_in_the_home(home: Path) -> None:
    async with at_work(home) as counter, asked(counter) as said:
        await counter.press(*LONE)
        text = await asyncio.wait_for(said, 20)
        data, pdf = prints(home)
        assert (
            text == f"Udskriften ligger i {pdf}, og ved siden af ligger den som JSON. Begge slettes igen efter 7 dage."
        )
        assert (home / "exports").stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in (data, pdf)} == {0o600}
        shown = text_of(pdf.read_bytes())
        assert "Anna Møller" in shown
        assert "Udleveret, fordi: indsigt" in shown
        assert "Lone" not in shown
        assert "Mette" not in shown
        assert json.loads(data.read_bytes())["reason"] == "indsigt"
        assert log_rows(counter) == [("lone", counter.app.counter_place.counter_id, "export", "access")]


async def test_staff_alone_get_nothing_and_the_reason_is_kept_for_the_supervisor(home: Path) -> None:
    async with at_work(home) as counter, asked(counter) as said:
        await counter.press(*"indsigt", "enter", *"mette", "enter", *"hemmelig", "enter")
        await counter.until("Kræver vagthavende")
        assert prints(home) == []
        assert log_rows(counter) == []
        await counter.press(*"lone", "enter", *"hemmelig", "enter")
        await asyncio.wait_for(said, 20)
        assert len(prints(home)) == 2


async def test_without_a_reason_nothing_happens_and_esc_leaves(home: Path) -> None:
    async with at_work(home) as counter, asked(counter) as said:
        await counter.press("enter")
        assert "Skriv en årsag." in counter.text()
        await counter.press("escape")
        assert await asyncio.wait_for(said, 20) == ""
        assert prints(home) == []


@pytest.mark.parametrize(("days", "left"), [(6, 4), (7, 2)])
async def test_the_next_print_deletes_those_that_are_a_week_old(home: Path, days: int, left: int) -> None:
    async with at_work(home) as counter:
        first = counter.app.today() - timedelta(days=days)
        folder = home / "exports"
        folder.mkdir()
        for ending in ("pdf", "json"):
            (folder / f"10000001-{first}.{ending}").write_text("x")
        async with asked(counter) as said:
            await counter.press(*LONE)
            await asyncio.wait_for(said, 20)
        assert len(prints(home)) == left


def test_every_start_of_the_counter_does_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.app.DeskApp.run", lambda _app: None)
    monkeypatch.setattr("desk.logs.log_to", lambda _home: None)
    monkeypatch.setattr("desk.installation.now", lambda: TUESDAY)
    (home / "exports").mkdir()
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        (home / "exports" / f"10000001-{day}.pdf").write_text("x")
    assert start_counter(home) == 0
    assert [path.name for path in prints(home)] == ["10000001-2026-03-04.pdf"]


async def test_a_folder_that_cannot_be_written_is_said(home: Path) -> None:
    (home / "exports").write_text("i vejen")
    async with at_work(home) as counter, asked(counter) as said:
        await counter.press(*LONE)
        text = await asyncio.wait_for(said, 20)
        assert text.startswith("Udskriften kunne ikke skrives: ")
        assert text.endswith(". Kontakt it.")
        assert log_rows(counter) == []


async def test_a_borrower_who_is_gone_is_said_and_leaves_no_file(home: Path) -> None:
    async with at_work(home) as counter:
        said: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def work() -> None:
            said.set_result(await hand_out_record(counter.app, 99))

        counter.app.screen.run_worker(work())
        await counter.settle()
        await counter.press(*LONE)
        assert "i mellemtiden" in await asyncio.wait_for(said, 20)
        assert prints(home) == []
        shutil.rmtree(home / "exports")
