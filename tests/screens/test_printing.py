"""The printer at the counter: slips on their lines, prints in F5, the receipt and its preview (C8, C13, C14, V3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from db.models import Borrower, Reservation
from desk.calendar import local_date
from desk.installation import now
from desk.spool.spool import FOLDER
from devices.printer import Printer
from devices.virtual_printer import VirtualPrinter
from tests.screens.at_work import CARD, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import write
from tests.screens.test_balance import on_balance

SIZES = [(80, 24), (120, 40)]
ITEM, AWAY = "3000000003", "3000000011"


@asynccontextmanager
async def counter_with(
    home: Path, size: tuple[int, int] = (80, 24), *, receipt: str = "print"
) -> AsyncIterator[tuple[AtWork, VirtualPrinter]]:
    """Run a counter with a printer's twin in the place of the printer that is set; one item is reserved here."""
    file = home / "desk.toml"
    before, _table, after = file.read_text("utf-8").partition("[receipt]")
    after = after.replace('# kind = "none"', f'kind = "{receipt}"', 1).replace('# kind = "none"', 'kind = "file"', 1)
    file.write_text(f"{before}[receipt]{after}".replace('# address = ""', 'address = "/dev/usb/lp9"', 1), "utf-8")
    expires_on = local_date(now()) + timedelta(days=90)
    write(
        home,
        Reservation.insert(borrower=1, title=4, pickup_branch=1, reserved_at=now(), expires_on=expires_on),
    )
    async with at_work(home, size) as counter:
        twin, work, spool = VirtualPrinter(), counter.app.at_counter.work, counter.app.installation.spool()
        assert work.prints is not None
        assert spool is not None
        printer = Printer(twin, spool, look_seconds=0.02)
        work.prints.wake = printer.wake
        printer.start(counter.app.call_from_device)
        try:
            await counter.until("alt ok" if size[0] < 100 else "printer ok")
            yield counter, twin
        finally:
            await asyncio.to_thread(printer.close)


async def chosen(counter: AtWork, title: str) -> None:
    """Choose an action in the palette."""
    commands = counter.app.get_system_commands(counter.app.screen)
    next(command for command in commands if command.title == title).callback()
    await counter.settle()


@pytest.mark.parametrize("size", SIZES)
async def test_a_line_says_that_its_slip_has_been_printed(home: Path, size: tuple[int, int]) -> None:
    async with counter_with(home, size) as (counter, twin):
        await counter.press("f3")
        await counter.scan(ITEM, AWAY)
        await counter.until("→ Thyholm")
        for _round in range(200):
            if counter.text().count("seddel udskrevet") == 2:
                break
            await counter.pilot.pause(0.02)
        here, away = (line for line in counter.text().splitlines() if "seddel udskrevet" in line)
        assert "hylde 1" in here
        assert "→ Thyholm" in away
        assert len(twin.printed) == 2


@pytest.mark.parametrize("size", SIZES)
async def test_without_paper_the_line_and_the_status_say_so_and_the_slip_comes_later(
    home: Path, size: tuple[int, int]
) -> None:
    async with counter_with(home, size) as (counter, twin):
        twin.take_paper_out()
        await counter.until("printer mangler papir")
        await counter.press("f3")
        await counter.scan(ITEM)
        await counter.until("seddel venter (intet papir)")
        assert counter.figures() == (1, 1, 0)
        twin.put_paper_in()
        await counter.until("seddel udskrevet")
        twin.unplug()
        await counter.until("printer mangler")
        twin.plug()
        await counter.until("alt ok" if size[0] < 100 else "printer ok")


async def test_a_receipt_is_printed_shown_as_it_prints_and_printed_again(home: Path) -> None:
    async with counter_with(home) as (counter, twin):
        await counter.scan(CARD, "3000000000", "3100000000")
        await counter.press("escape")
        await counter.until("Kvittering udskrevet.")
        await chosen(counter, "Seneste kvittering")
        await counter.until("2 lån")
        (job,) = twin.printed
        shown = counter.text()
        assert "Ib [/] Hansen" in shown
        assert "Anna" not in shown
        assert "Anna" not in job.decode("cp858")
        for line in job.decode("cp858").splitlines():
            if "senest" in line or line.startswith("Titel"):
                assert line.strip() in shown
        await chosen(counter, "Udskriv kvittering igen")
        for _round in range(200):
            if len(twin.printed) == 2:
                break
            await counter.pilot.pause(0.02)
        assert twin.printed == (job, job)


async def test_the_next_borrower_neither_sees_nor_prints_the_last_ones_receipt(home: Path) -> None:
    async with counter_with(home) as (counter, twin):
        await counter.scan(CARD, "3000000000", OTHER_CARD)
        await counter.until("Ib [/] Hansen")
        await chosen(counter, "Seneste kvittering")
        await chosen(counter, "Udskriv kvittering igen")
        await counter.until("Der er ingen kvittering mere.")
        assert "Titel 0" not in counter.text()
        assert len(twin.printed) == 1


async def test_a_receipt_for_what_was_handed_in(home: Path) -> None:
    async with counter_with(home) as (counter, twin):
        await counter.press("f3")
        await chosen(counter, "Afleveringskvittering")
        await counter.until("Der er ikke afleveret noget i denne bunke.")
        await counter.scan("3000000000", "3000000001")
        await chosen(counter, "Afleveringskvittering")
        for _round in range(200):
            if twin.printed:
                break
            await counter.pilot.pause(0.02)
        (job,) = twin.printed
        assert b"Titel 0" in job
        assert b"2 materialer afleveret" in job


@pytest.mark.parametrize("size", SIZES)
async def test_the_prints_are_listed_printed_again_and_cancelled_and_name_nobody(
    home: Path, size: tuple[int, int]
) -> None:
    async with counter_with(home, size) as (counter, twin):
        await counter.scan(CARD, "3000000000")
        await counter.press("escape")
        await counter.until("Kvittering udskrevet.")
        twin.take_paper_out()
        await counter.press("f3")
        await counter.scan(ITEM)
        await counter.until("seddel venter")
        await counter.press("escape", "f5", "8")
        await counter.until("reserveringsseddel")
        text = counter.text()
        assert "Hylde 1" in text
        assert "1 lån" in text
        assert "Anna" not in text
        assert "Titel" not in text
        await counter.press("x")
        await counter.until("Annulleret. Den udskrives ikke.")
        await counter.until("kvittering")
        assert "reserveringsseddel" not in counter.text()
        await counter.press("u")
        await counter.until("Printeren mangler papir.")
        twin.put_paper_in()
        for _round in range(200):
            if len(twin.printed) == 2:
                break
            await counter.pilot.pause(0.02)
        assert twin.printed[0] == twin.printed[1]
        await counter.press("u")
        await counter.until("Udskrives.")


async def test_a_statement_goes_where_it_is_wanted_and_no_note_of_staff_is_on_it(home: Path) -> None:
    write(home, Borrower.update(internal_note="husk nøglen", note_to_borrower="husk brillerne", street="Vej 7"))
    async with counter_with(home) as (counter, twin):
        await counter.scan(CARD, "3000000000")
        await on_balance(counter)
        await counter.press("o")
        await counter.until("Hvor skal opgørelsen udskrives?")
        await counter.press("p")
        await counter.until("Udskrives.")
        for _round in range(200):
            if twin.printed:
                break
            await counter.pilot.pause(0.02)
        (job,) = twin.printed
        assert b"Titel 0" in job
        assert b"husk brillerne" in job
        assert "nøglen".encode("cp858") not in job
        assert b"Vej 7" not in job
        assert not (home / "exports").exists()
        await counter.press("o", "f")
        await counter.until("Opgørelsen ligger i")


async def test_undo_before_the_paper_is_back_prints_nothing(home: Path) -> None:
    async with counter_with(home) as (counter, twin):
        twin.take_paper_out()
        await counter.until("printer mangler papir")
        await counter.press("f3")
        await counter.scan(ITEM)
        await counter.until("seddel venter")
        await counter.press("ctrl+z")
        await counter.until("fortrudt")
        for _round in range(200):
            if not list((home / FOLDER).iterdir()):
                break
            await counter.pilot.pause(0.02)
        twin.put_paper_in()
        await counter.until("alt ok")
        assert twin.printed == ()


async def test_a_spool_that_cannot_be_written_is_told_and_the_slip_is_printed_when_it_can(home: Path) -> None:
    async with counter_with(home, (120, 40)) as (counter, twin):
        spool = home / FOLDER
        if spool.exists():
            spool.rename(home / "aside")
        spool.write_bytes(b"")
        await counter.press("f3")
        await counter.scan(ITEM)
        await counter.until("ingen seddel – sig til IT")
        await counter.until("udskrifter kan ikke gemmes")
        assert counter.figures() == (1, 1, 0)
        spool.unlink()
        await counter.until("seddel udskrevet")
        assert "udskrifter kan ikke gemmes" not in counter.text()
        assert len(twin.printed) == 1


async def test_where_there_is_no_printer_nothing_is_said_of_one_and_nothing_is_kept(home: Path) -> None:
    async with at_work(home, (120, 40)) as counter:
        await counter.press("f3")
        await counter.scan(AWAY)
        assert "→ Thyholm" in counter.text()
        assert "seddel" not in counter.text()
        assert "printer" not in counter.text()
        titles = {command.title for command in counter.app.get_system_commands(counter.app.screen)}
        assert not titles & {"Afleveringskvittering", "Udskriv kvittering igen"}
        await counter.press("escape", "f5")
        await counter.until("Plukliste")
        assert "Udskrifter" not in counter.text()
    assert not (home / FOLDER).exists()
