"""Slips and receipts of a counter at work: after the commit, once each, and never in the way (C8, C13, P8, V3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db.errors import StorageError
from db.models import Borrower, Message, Reservation, Staff
from desk.counter.happenings import Settled, Spooled
from desk.counter.orders import END, TO_RETURN, UNDO
from desk.counter.records import Returned, Undone
from desk.installation import new_id
from desk.money.statement import MakeStatement
from desk.privacy.purposes import Purpose
from desk.spool.printing import Printing
from desk.spool.sealed import spool_key
from desk.spool.spool import FOLDER, Paper, Spool
from desk.wording import weekday_date
from devices.printer import Printer
from devices.virtual_printer import VirtualPrinter
from tests.builders import TUESDAY, House, Ids
from tests.desk.counter.at_work import AtWork, at_work
from tests.printing import SEALED_WITH, bars_in
from tests.reserving import Reserving

NOTE = "skylder en undskyldning"


class WithPrinter:
    """A counter at work, with a printer's twin."""

    def __init__(self, counter: AtWork, spool: Spool, twin: VirtualPrinter) -> None:
        self.counter, self.spool, self.twin = counter, spool, twin

    @property
    def paper(self) -> str:
        """All that has been printed."""
        return "\n".join(job.decode("cp865") for job in self.twin.printed)

    async def spooled(self, jobs: int) -> list[str]:
        """Wait until the counter has told of so many jobs; gives their ids."""
        await self.counter.settled()
        await self.counter.until(lambda: len(self.counter.told_kinds(Spooled)) >= jobs)
        return [told.job_id for told in self.counter.told if isinstance(told, Spooled)]

    async def printed(self, jobs: int) -> None:
        """Wait until so many jobs have been printed, and the spool knows."""
        async with asyncio.timeout(20):
            while len(self.twin.printed) < jobs or self.spool.waiting():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def printing(house: House, folder: Path, *, ids: Ids | None = None) -> AsyncIterator[WithPrinter]:
    """Open a counter with a printer, over a queue and a spool in a folder."""
    spool, twin = Spool(folder, spool_key(SEALED_WITH), Paper(42, "cp865")), VirtualPrinter()
    printer = Printer(twin, spool, look_seconds=0.01)
    async with at_work(house, folder, ids=ids) as counter:
        counter.work.prints = prints = Printing(house.desk, spool, receipts=True)
        prints.wake = printer.wake
        printer.start(lambda _message: None)
        try:
            yield WithPrinter(counter, spool, twin)
        finally:
            await asyncio.to_thread(printer.close)


async def test_what_is_reserved_here_prints_a_pickup_slip_that_names_nobody(house: House, tmp_path: Path) -> None:
    thing, person = house.item(), house.borrower(name="Kirstine Ærø")
    house.put(Borrower.update(street="Hemmelig Vej 7", internal_note=NOTE).where(Borrower.id == person.borrower_id))
    await Reserving(house).reserve(thing, person)
    async with printing(house, tmp_path) as here:
        await here.counter.order(TO_RETURN)
        await here.counter.scan(thing)
        await here.counter.settled()
        await here.printed(1)
    assert "Hylde 1\n" in here.paper
    deadline = house.value(Reservation.select(Reservation.pickup_deadline))
    assert f"hentes senest {weekday_date(deadline, TUESDAY.date())}".replace("\u00a0", " ") in here.paper
    assert bars_in(here.twin.printed[0]) == [thing.barcode]
    number = house.value(Borrower.select(Borrower.number).where(Borrower.id == person.borrower_id))
    for hidden in ("Kirstine", "Ærø", "Hemmelig", NOTE, number, number[-4:], person.card):
        assert hidden not in here.paper


async def test_what_belongs_elsewhere_prints_a_transit_slip(house: House, tmp_path: Path) -> None:
    plain = house.item(branch=house.other_branch)
    reserved = house.item()
    await Reserving(house).reserve(reserved, pickup_branch_id=house.other_branch)
    async with printing(house, tmp_path) as here:
        await here.counter.order(TO_RETURN)
        await here.counter.scan(plain, reserved)
        await here.counter.settled()
        await here.printed(2)
    first, second = here.twin.printed
    assert b"Transit: Struer -> Thyholm" in first
    assert b"Reserveret" not in first
    assert b"Reserveret" in second


async def test_what_goes_home_prints_nothing(house: House, tmp_path: Path) -> None:
    async with printing(house, tmp_path) as here:
        await here.counter.order(TO_RETURN)
        await here.counter.scan(house.item(), house.item())
        await here.counter.settled()
    assert here.twin.printed == ()
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize("trouble", ["no_paper", "unplugged"])
async def test_out_of_paper_and_unplugged_stop_no_return_and_every_slip_comes_later(
    house: House, tmp_path: Path, trouble: str
) -> None:
    things = [house.item() for _number in range(12)]
    for thing in things:
        await Reserving(house).reserve(thing)
    async with printing(house, tmp_path) as here:
        stop, go = (
            (here.twin.take_paper_out, here.twin.put_paper_in)
            if trouble == "no_paper"
            else (here.twin.unplug, here.twin.plug)
        )
        stop()
        await here.counter.order(TO_RETURN)
        await here.counter.scan(*things)
        await here.spooled(12)
        outcomes = here.counter.outcomes
        shelves = [outcome.returned.shelf for outcome in outcomes if isinstance(outcome, Returned)]
        assert shelves == list(range(1, 13))
        assert here.twin.printed == ()
        assert len(here.spool.waiting()) == 12
        go()
        await here.printed(12)
    printed: tuple[bytes, ...] = here.twin.printed
    assert [bars_in(job) for job in printed] == [[thing.barcode] for thing in things]


async def test_the_line_is_told_before_its_slip(house: House, tmp_path: Path) -> None:
    thing = house.item()
    await Reserving(house).reserve(thing)
    async with printing(house, tmp_path) as here:
        await here.counter.order(TO_RETURN)
        await here.counter.scan(thing)
        await here.spooled(1)
        told = here.counter.told_kinds(Settled, Spooled)
    assert isinstance(told[-2], Settled)
    assert isinstance(told[-1], Spooled)
    assert told[-1].entry_id == told[-2].entry_id
    assert told[-1].kind == "pickup"


async def test_a_spool_that_cannot_be_written_stops_no_return_and_is_told(house: House, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    things = [house.item() for _number in range(2)]
    for thing in things:
        await Reserving(house).reserve(thing)
    async with printing(house, tmp_path) as here:
        await here.counter.order(TO_RETURN)
        await here.counter.scan(*things)
        assert await here.spooled(2) == ["", ""]
        assert here.counter.kinds[-2:] == ["Returned", "Returned"]


async def test_undo_takes_a_slip_out_that_has_not_been_printed(house: House, tmp_path: Path) -> None:
    thing = house.item()
    await Reserving(house).reserve(thing)
    async with printing(house, tmp_path) as here:
        here.twin.take_paper_out()
        await here.counter.order(TO_RETURN)
        await here.counter.scan(thing)
        (job_id,) = await here.spooled(1)
        assert here.spool.waiting() == (job_id,)
        await here.counter.order(UNDO)
        await here.counter.until(lambda: isinstance(here.counter.outcomes[-1], Undone))
        await here.printed(0)
        here.twin.put_paper_in()
    assert here.twin.printed == ()


async def test_a_return_that_is_handled_again_after_a_crash_has_one_slip(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing, ids = house.item(), Ids("scan")
    await Reserving(house).reserve(thing)

    async def lost(*_anything: object) -> None:
        raise StorageError("lost")

    async with printing(house, tmp_path, ids=ids) as here:
        await here.counter.order(TO_RETURN)
        await here.counter.settled()
        # As a crash between the slip and the settling leaves it.
        monkeypatch.setattr(here.counter.queue, "settle", lost)
        await here.counter.scan(thing)
        (first,) = await here.spooled(1)
        await here.printed(1)
    async with printing(house, tmp_path, ids=ids) as again:
        assert await again.spooled(1) == [first]
        assert again.counter.kinds == ["Returned"]
    assert again.twin.printed == ()
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


async def test_the_receipt_of_a_visit_says_what_was_lent_and_renewed_and_no_name(house: House, tmp_path: Path) -> None:
    person, lent, before = house.borrower(name="Kirstine Ærø"), house.item(), house.item()
    house.put(Borrower.update(internal_note=NOTE, email="k@example.dk").where(Borrower.id == person.borrower_id))
    earlier = await house.lend(before, person)
    house.clock.forward(days=2)
    async with printing(house, tmp_path) as here:
        await here.counter.scan(person.card, lent)
        await here.counter.settled()
        visit = here.counter.work.place.visit
        assert visit is not None
        await house.renew(earlier, person, visit=visit.visit)
        await here.counter.order(END)
        await here.counter.settled()
        await here.printed(1)
    lent_part, renewed_part = here.paper.split("Fornyet")
    assert lent.barcode not in here.paper
    assert "afleveres senest" in lent_part
    assert "afleveres senest" in renewed_part
    assert "2 lån" in here.paper
    for hidden in ("Kirstine", NOTE, person.card):
        assert hidden not in here.paper
    assert house.rows(Message.select(Message.id).where(Message.kind == "receipt")) == []


async def test_a_visit_without_loans_prints_no_receipt(house: House, tmp_path: Path) -> None:
    async with printing(house, tmp_path) as here:
        await here.counter.scan(house.borrower().card)
        await here.counter.order(END)
        await here.counter.settled()
    assert here.spool.jobs() == ()


async def test_no_internal_note_is_on_any_print_and_the_note_to_the_borrower_is_on_the_statement(
    house: House, tmp_path: Path
) -> None:
    person = house.borrower(name="Kirstine Ærø")
    notes = {"internal_note": NOTE, "note_to_borrower": "husk brillerne", "street": "Hemmelig Vej 7"}
    house.put(Borrower.update(**notes).where(Borrower.id == person.borrower_id))
    shelf, away = house.item(), house.item(branch=house.other_branch)
    await Reserving(house).reserve(shelf, person)
    async with printing(house, tmp_path) as here:
        await here.counter.scan(person.card, house.item())
        await here.counter.order(END)
        await here.counter.order(TO_RETURN)
        await here.counter.scan(shelf, away)
        await here.counter.settled()
        prints = here.counter.work.prints
        assert prints is not None
        about = {"command_id": new_id(), "who": house.who(), "at": house.clock(), "borrower_id": person.borrower_id}
        statement = await house.desk.do(MakeStatement(**about, purpose=Purpose.LENDING))  # type: ignore[arg-type]
        await prints.print_statement(statement, person.borrower_id, new_id())
        await prints.print_returns(house.who(), ("Kongens Fald",), house.clock(), new_id())
        await here.printed(5)
        kinds = {job.kind for job in here.spool.jobs()}
    assert kinds == {"receipt", "pickup", "transit", "returned"}
    assert NOTE not in here.paper
    assert "Hemmelig" not in here.paper
    assert here.paper.count("husk brillerne") == here.paper.count("Kirstine") == 1


async def test_whoever_may_not_lend_any_more_makes_no_slip_and_stops_nothing(house: House, tmp_path: Path) -> None:
    thing = house.item()
    await Reserving(house).reserve(thing)
    async with printing(house, tmp_path) as here:
        outcomes_before = len(here.counter.outcomes)
        await here.counter.order(TO_RETURN)
        house.put(Staff.update(active=False).where(Staff.id == house.who().staff_id))
        await here.counter.scan(thing)
        await here.counter.settled()
        assert len(here.counter.outcomes) == outcomes_before + 2
    assert here.twin.printed == ()
