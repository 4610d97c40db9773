"""A run (G6): kind by kind, in bounded batches with a pause between, from wherever the last one was broken off.

A batch that is committed is gone, and what is not is still due: so a run that is killed is finished by the next one,
a run a week late deletes what seven would have, and a second one on a day finds that it has been done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from db import errors as below
from desk.calendar import local_date
from desk.command import INSTALLATION, Command
from desk.desk import store_error
from desk.errors import DeskError, StoreIsBusy
from desk.privacy.access_report.expiry import delete_old_reports, old_reports
from desk.privacy.retention.commands import BeginRetention, DeleteDue, EndRetention
from desk.privacy.retention.kinds import EXPORTS, KINDS, SPOOL
from desk.privacy.retention.queries import doomed_by, next_due
from desk.privacy.retention.records import BegunRun, RunReport
from desk.privacy.retention.rules import Due
from desk.spool.spool import delete_old_jobs, old_jobs

if TYPE_CHECKING:
    from db.store import Store
    from desk.desk import Desk
    from desk.installation import Installation
    from desk.registry.report import Progress

R = TypeVar("R")

CLAIM: Final = "retention"
PAUSE_SECONDS: Final = 0.005
"""Between two batches, so that the counters' writes come in between (Q7)."""
TRIES: Final = 5
"""How often a batch is tried that another program was in the way of."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What a run works with.

    Attributes:
        store: of which the run is claimed, so that one program at a time is at it.
        home: where prints lie.
        log_days: how long the access log is kept.
        clock: aware UTC.
        new_id: draws command ids.
        spool_days: how long slips and receipts are kept.
    """

    desk: Desk
    store: Store
    home: Path
    log_days: int
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    spool_days: int = 3

    def usual(self) -> dict[str, Any]:
        """Give what every command of a run has in common."""
        return {"command_id": self.new_id(), "who": INSTALLATION, "at": self.clock()}


def clockwork_of(installation: Installation, clock: Callable[[], datetime], new_id: Callable[[], str]) -> Clockwork:
    """Give what a run in an installation works with."""
    return Clockwork(
        installation.desk,
        installation.store,
        installation.home,
        installation.settings.retention.log_days,
        clock,
        new_id,
        installation.settings.printer.keep_days,
    )


async def run_retention(work: Clockwork, progress: Progress = lambda _done, _total: None, total: int = 0) -> RunReport:
    """Delete everything that is due on today's local date.

    Args:
        work: what it works with.
        progress: told how many rows have gone, of how many.
        total: of how many; 0: nobody has counted.

    Raises:
        ClockSetBack: the clock stands before the last run; nothing was deleted.
        StoreError: the store did not go on; what has gone is gone, and the next run goes on from there.
    """
    try:
        if not await work.store.claim(CLAIM):
            return RunReport(local_date(work.clock()), is_busy=True)
    except below.StorageError as error:
        raise store_error(error) from None
    try:
        return await _claimed(work, progress, total)
    finally:
        # A server that does not answer has dropped it.
        with suppress(below.StorageError):
            await work.store.release(CLAIM)


async def _claimed(work: Clockwork, progress: Progress, total: int) -> RunReport:
    begins_at = work.clock()
    begun = await _patiently(work.desk, BeginRetention(command_id=work.new_id(), who=INSTALLATION, at=begins_at))
    if begun.is_done:
        return RunReport(begun.day, was_done=True)
    due = Due(begun.day, begins_at, work.log_days)
    try:
        counts = await _delete(work, begun, due, progress, total)
        exports = delete_old_reports(work.home, begins_at)
        slips = delete_old_jobs(work.home, begins_at, work.spool_days)
        await _patiently(work.desk, EndRetention(**work.usual(), run_id=begun.run_id, exports=exports))
    except DeskError as error:
        log.error("the retention run of %s failed: %s", begun.day, type(error).__name__)
        # A store that is full cannot keep that it is: the run then reads as broken off, which is as red.
        with suppress(DeskError):
            await work.desk.do(EndRetention(**work.usual(), run_id=begun.run_id, problem=type(error).__name__))
        raise
    return RunReport(begun.day, {**counts, EXPORTS: exports, SPOOL: slips})


async def _delete(work: Clockwork, begun: BegunRun, due: Due, progress: Progress, total: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for kind in KINDS:
        after = None
        while True:
            step = await work.desk.ask(INSTALLATION, next_due, kind.name, due, after)
            if step.ids:
                command = DeleteDue(**work.usual(), run_id=begun.run_id, kind=kind.name, ids=step.ids, due=due)
                counts.update((await _patiently(work.desk, command)).counts)
                progress(counts.total(), max(total, counts.total()))
            if step.after is None:
                break
            after = step.after
            await asyncio.sleep(PAUSE_SECONDS)
    return counts


async def _patiently(desk: Desk, command: Command[R]) -> R:
    """Carry out a command; another program may be in the way for a moment.

    Raises:
        DeskError: it was for too long, or something else is wrong.
    """
    for _try in range(TRIES - 1):
        try:
            return await desk.do(command)
        except StoreIsBusy:
            await asyncio.sleep(PAUSE_SECONDS)
    return await desk.do(command)


async def dry_run(work: Clockwork) -> RunReport:
    """Count what a run would delete now, and do nothing.

    Raises:
        ClockSetBack: a run would refuse; nothing would be deleted.
        StoreError: the store did not answer.
    """
    now = work.clock()
    doomed = await work.desk.ask(INSTALLATION, doomed_by, Due(local_date(now), now, work.log_days))
    counts = {table: len(ids) for table, ids in doomed.items()}
    return RunReport(
        local_date(now),
        {**counts, EXPORTS: _prints(work.home, now), SPOOL: len(old_jobs(work.home, now, work.spool_days))},
    )


def _prints(home: Path, now: datetime) -> int:
    try:
        return len(old_reports(home, local_date(now)))
    except OSError:
        # None was ever made, or the folder cannot be read: then none would go either.
        return 0
