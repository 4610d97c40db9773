"""What a counter prints by itself: slips of returns, receipts of visits; each is spooled after its commit (C8, C13).

The line of a return is told before its slip is thought of. What goes wrong here is told and stops nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from desk.command import Who
from desk.counter.happenings import Spooled
from desk.counter.orders import RECEIPT
from desk.counter.records import Outcome, ReceiptSent, Returned, Undone, visit_from
from desk.errors import DeskError
from desk.spool.sealed import Print
from desk.spool.spool import JobState, Spool, SpooledJob
from desk.texts import ngettext, pgettext

if TYPE_CHECKING:
    from db.queue import Entry
    from desk.circulation.records import ReturnRecord
    from desk.desk import Desk
    from desk.money.statement import StatementRecord

log = logging.getLogger(__name__)

KEPT_LINES: Final = 100
"""Lines whose slip can be taken out again: more than undo reaches back."""


class Printing:
    """The prints of one counter.

    Args:
        desk: the desk.
        spool: where they wait.
        receipts: whether the receipt of a visit is printed.
    """

    def __init__(self, desk: Desk, spool: Spool, *, receipts: bool) -> None:
        self._desk = desk
        self._spool = spool
        self.receipts = receipts
        self.wake: Callable[[], object] = lambda: None
        self._slips: dict[int, str] = {}
        # What could not be spooled, held in memory until it can: ids and codes, no names.
        self._failed: dict[int, tuple[Entry, Outcome]] = {}

    @property
    def has_failed(self) -> bool:
        """Whether something that belongs on paper could not be kept for the printer yet."""
        return bool(self._failed)

    async def tried_again(self) -> tuple[Spooled, ...]:
        """Spool what could not be spooled before, as it is to be now; gives what has become of each that could."""
        told = []
        for entry, outcome in tuple(self._failed.values()):
            try:
                spooled = await self._spooled(entry, outcome)
            except (DeskError, OSError):
                # Told and logged the first time; what comes after it would fail too.
                break
            self._failed.pop(entry.id, None)
            if spooled is not None:
                told.append(spooled)
        return tuple(told)

    async def after(self, entry: Entry, outcome: Outcome) -> Spooled | None:
        """Spool what an outcome is to have on paper, or take out what it no longer has.

        Args:
            entry: what was handled; the same one again, after a crash, has the same slip.
            outcome: what became of it.

        Returns:
            What is spooled, and without an id when it could not be; None: there is nothing to print.
        """
        try:
            return await self._spooled(entry, outcome)
        except (DeskError, OSError) as error:
            log.warning("a slip could not be spooled: %s", type(error).__name__)
            self._failed[entry.id] = (entry, outcome)
            while len(self._failed) > KEPT_LINES:
                del self._failed[next(iter(self._failed))]
            return Spooled(entry.id, "", "")

    async def _spooled(self, entry: Entry, outcome: Outcome) -> Spooled | None:
        job = await self._job_of(entry, outcome)
        if job is None:
            return None
        job_id = await asyncio.to_thread(self._spool.add, entry.heard_at, entry.command_id, job)
        if isinstance(outcome, Returned):
            self._slips[entry.id] = job_id
            while len(self._slips) > KEPT_LINES:
                del self._slips[next(iter(self._slips))]
        return Spooled(entry.id, job_id, job.kind)

    async def _job_of(self, entry: Entry, outcome: Outcome) -> Print | None:
        match outcome:
            case Returned(returned=returned) if returned.shelf is not None or returned.goes_to is not None:
                return await self._slip(entry, returned)
            case ReceiptSent() if self.receipts and entry.kind == RECEIPT:
                return await self._receipt(entry)
            case Undone(entry_id=entry_id, was=Returned()):
                await self._take_back(entry_id)
        return None

    async def _slip(self, entry: Entry, returned: ReturnRecord) -> Print | None:
        from desk.slips.documents import pickup_slip, transit_slip  # noqa: PLC0415  (no start waits for them)
        from desk.slips.queries import slip_of_item  # noqa: PLC0415

        item, at = returned.item, entry.heard_at
        slip = await self._desk.ask(_who(entry), slip_of_item, item.item_id, entry.counter_id)
        if returned.goes_to is not None:
            document = transit_slip(slip, item, returned.goes_to, at, is_reserved=returned.is_reserved)
            return Print("transit", f"→ {returned.goes_to}", document, slip.borrower_id)
        if slip.shelf is None:
            # Fetched, or gone on, since: this is told again after a crash.
            return None
        about = pgettext("slip", "Shelf {number}").format(number=slip.shelf)
        return Print("pickup", about, pickup_slip(slip, item, at), slip.borrower_id)

    async def _receipt(self, entry: Entry) -> Print | None:
        from desk.slips.documents import visit_receipt  # noqa: PLC0415
        from desk.slips.queries import receipt_of_visit  # noqa: PLC0415

        visit = visit_from(json.loads(entry.code))
        if visit is None:
            return None
        receipt = await self._desk.ask(
            _who(entry), receipt_of_visit, visit.borrower_id, visit.visit, entry.counter_id, entry.heard_at
        )
        count = len(receipt.lent) + len(receipt.renewed)
        if not count:
            return None
        about = ngettext("{count} loan", "{count} loans", count).format(count=count)
        return Print("receipt", about, visit_receipt(receipt), visit.borrower_id)

    async def _take_back(self, entry_id: int) -> None:
        self._failed.pop(entry_id, None)
        job_id = self._slips.pop(entry_id, None)
        if job_id is not None:
            await asyncio.to_thread(self._spool.take_out, job_id)

    # What somebody asks for.

    async def print_returns(self, who: Who, titles: tuple[str, ...], at: datetime, command_id: str) -> str:
        """Print a receipt for what was handed in.

        Args:
            who: whoever asks, and at which counter.
            titles: of the pile.
            at: aware UTC.
            command_id: drawn for it.

        Returns:
            The job's id.

        Raises:
            DeskError: the store did not answer.
            OSError: it cannot be spooled.
        """
        from desk.slips.documents import return_receipt  # noqa: PLC0415
        from desk.slips.queries import heading_of  # noqa: PLC0415
        from desk.slips.records import ReturnReceipt  # noqa: PLC0415

        library, branch = await self._desk.ask(who, heading_of, who.counter_id)
        count = len(titles)
        about = ngettext("{count} item returned", "{count} items returned", count).format(count=count)
        job = Print("returned", about, return_receipt(ReturnReceipt(library, branch, at, titles)))
        return await self._added(at, command_id, job)

    async def print_statement(self, statement: StatementRecord, borrower_id: int, command_id: str) -> str:
        """Print a statement (M3).

        Raises:
            OSError: it cannot be spooled.
        """
        from desk.slips.documents import statement_slip  # noqa: PLC0415

        job = Print("statement", "", statement_slip(statement), borrower_id)
        return await self._added(statement.made_at, command_id, job)

    async def _added(self, at: datetime, command_id: str, job: Print) -> str:
        job_id = await asyncio.to_thread(self._spool.add, at, command_id, job)
        self.wake()
        return job_id

    # The list of prints, and the latest receipt.

    async def jobs(self) -> tuple[SpooledJob, ...]:
        """Give what waits and what was printed, as :meth:`Spool.jobs` does."""
        return await asyncio.to_thread(self._spool.jobs)

    async def shown(self, job_id: str) -> str:
        """Give a job as text, exactly as it prints; empty: it is gone."""
        return await asyncio.to_thread(self._spool.shown, job_id)

    async def again(self, job_id: str) -> bool:
        """Print a job again; False: it is gone.

        Raises:
            OSError: the spool cannot be written.
        """
        waits = await asyncio.to_thread(self._spool.again, job_id)
        self.wake()
        return waits

    async def cancel(self, job_id: str) -> JobState | None:
        """Take a job out of the spool; tells how it was.

        Raises:
            OSError: it cannot be deleted.
        """
        return await asyncio.to_thread(self._spool.take_out, job_id)


def load() -> None:
    """Load what the first print takes, a third of a second: in a thread, before it is needed, so that no scan waits."""
    import desk.slips.documents  # noqa: PLC0415
    import desk.slips.queries  # noqa: F401, PLC0415
    from devices.escpos import library  # noqa: PLC0415

    library()


def _who(entry: Entry) -> Who:
    return Who(entry.staff_id, entry.counter_id)
