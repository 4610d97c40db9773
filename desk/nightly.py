"""``desk nightly`` (M6): the parts of a night in their order. Each can run alone; one that fails stops no other.

A new part is a line in :data:`PARTS` and two functions: what it does, and what it would do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.errors import DeskError, InvalidInput, NotFound

if TYPE_CHECKING:
    from desk.installation import Installation
    from desk.messages.sending import SendingReport
    from desk.registry.report import Progress

PAUSE_SECONDS: Final = 0.005
"""Between two batches, so that the counters' writes come in between (Q7)."""

SOMEBODY_SHOULD_LOOK: Final = ("backups_left", "forms_refused", "forms_left")
RETENTION: Final = "retention"
"""The last part: what the others are about is still there for them."""

BORROWERS: Final = 50
"""Borrowers that are looked for at a time."""
ALL_BORROWERS: Final = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Night:
    """What the parts work with.

    Attributes:
        clock: aware UTC.
        new_id: draws command ids.
        progress: told how far a part is.
    """

    installation: Installation
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    progress: Progress

    @property
    def today(self) -> date:
        """The local date."""
        return local_date(self.clock())

    def usual(self) -> dict[str, Any]:
        """Give what every command of a night has in common."""
        return {"command_id": self.new_id(), "who": INSTALLATION, "at": self.clock()}


@dataclass(frozen=True, slots=True)
class PartReport:
    """What a part did or would do: figures only (T3).

    Attributes:
        counts: by a short name, worded at the edge.
        sending: of the part that sends: what else there is to say.
    """

    counts: Mapping[str, int]
    sending: SendingReport | None = None

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        if any(self.counts.get(name) for name in SOMEBODY_SHOULD_LOOK):
            return False
        return self.sending is None or not (self.sending.stopped or self.sending.faults)


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What became of a part.

    Attributes:
        report: None: it failed.
        error: an expected failure, for the edge to word; None: there was none, or it was not expected.
    """

    name: str
    report: PartReport | None
    error: DeskError | None = field(default=None)

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return self.report is not None and self.report.is_well


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a night."""

    name: str
    run: Callable[[Night], Awaitable[PartReport]]
    dry_run: Callable[[Night], Awaitable[PartReport]]


async def run_night(night: Night, only: tuple[str, ...] = (), *, is_dry: bool = False) -> list[PartOutcome]:
    """Run the parts in their order, whatever becomes of those before.

    Args:
        night: what they work with.
        only: names of parts; none: all of them.
        is_dry: count what they would do, and do nothing.
    """
    return [
        await _outcome(part, part.dry_run(night) if is_dry else part.run(night))
        for part in PARTS
        if not only or part.name in only
    ]


async def _outcome(part: Part, work: Awaitable[PartReport]) -> PartOutcome:
    # Gathered for its one property: a bug in one part is kept from the parts after it, and is told.
    (done,) = await asyncio.gather(work, return_exceptions=True)
    match done:
        case PartReport():
            return PartOutcome(part.name, done)
        case DeskError():
            return PartOutcome(part.name, None, done)
        case Exception():
            log.error("the part %s of the nightly run failed", part.name, exc_info=done)
            return PartOutcome(part.name, None)
        case _:
            raise done


async def _move_due_dates(night: Night) -> PartReport:
    from desk.set_up.catching_up import CatchUpDueDates, due_on_closed_days  # noqa: PLC0415  (each part loads its own)

    moved = pickups = stuck = 0
    for branch in await night.installation.desk.ask(INSTALLATION, due_on_closed_days, night.today):
        if not branch.opens:
            stuck += branch.loans
            continue
        while True:
            done = await night.installation.desk.do(CatchUpDueDates(**night.usual(), branch_id=branch.branch_id))
            moved += done.moved
            pickups += done.pickups
            if not done.moved or not done.left:
                break
            await asyncio.sleep(PAUSE_SECONDS)
    return PartReport({"moved": moved, "pickups": pickups, "never_open": stuck})


async def _would_move(night: Night) -> PartReport:
    from desk.set_up.catching_up import due_on_closed_days  # noqa: PLC0415

    found = await night.installation.desk.ask(INSTALLATION, due_on_closed_days, night.today)
    return PartReport(
        {
            "moved": sum(branch.loans for branch in found if branch.opens),
            "pickups": sum(branch.pickups for branch in found if branch.opens),
            "never_open": sum(branch.loans for branch in found if not branch.opens),
        }
    )


async def _expire_shelf(night: Night) -> PartReport:
    from desk.reservations.expiring import ExpireReservations, ExpireShelf  # noqa: PLC0415

    counts = {}
    for name, kind in (("not_fetched", ExpireShelf), ("waited_too_long", ExpireReservations)):
        counts[name] = 0
        while True:
            done = await night.installation.desk.do(kind(**night.usual()))
            counts[name] += done.count
            if not done.has_more:
                break
            await asyncio.sleep(PAUSE_SECONDS)
    return PartReport(counts)


async def _would_expire(night: Night) -> PartReport:
    from desk.reservations.expiring import reservations_to_expire, shelf_to_expire  # noqa: PLC0415

    ask = night.installation.desk.ask
    return PartReport(
        {
            "not_fetched": await ask(INSTALLATION, shelf_to_expire, night.today),
            "waited_too_long": await ask(INSTALLATION, reservations_to_expire, night.today),
        }
    )


async def _claim(night: Night) -> PartReport:
    from desk.money.claiming import MOST_AT_ONCE, ClaimLoans, loans_to_claim  # noqa: PLC0415

    claimed = left = after = 0
    while True:
        found = await night.installation.desk.ask(INSTALLATION, loans_to_claim, night.today, after, BORROWERS)
        if not found:
            return PartReport({"claimed": claimed, "left_alone": left})
        for theirs in found:
            for begin in range(0, len(theirs.loan_ids), MOST_AT_ONCE):
                loan_ids = theirs.loan_ids[begin : begin + MOST_AT_ONCE]
                try:
                    done = await night.installation.desk.do(ClaimLoans(**night.usual(), loan_ids=loan_ids))
                except (NotFound, InvalidInput):
                    # Returned while the night went on, or there is nothing to claim.
                    left += len(loan_ids)
                else:
                    claimed += len(done.claims)
                    left += len(loan_ids) - len(done.claims)
                await asyncio.sleep(PAUSE_SECONDS)
        after = found[-1].borrower_id


async def _would_claim(night: Night) -> PartReport:
    from desk.money.claiming import loans_to_claim  # noqa: PLC0415

    found = await night.installation.desk.ask(INSTALLATION, loans_to_claim, night.today, 0, ALL_BORROWERS)
    return PartReport({"claimed": sum(len(theirs.loan_ids) for theirs in found), "left_alone": 0})


async def _remind(night: Night) -> PartReport:
    from desk.messages.reminding import FIRST, QueueRecalls, QueueReminders  # noqa: PLC0415

    counts = {}
    for name, kind in (("reminders", QueueReminders), ("recalls", QueueRecalls)):
        counts[name] = 0
        after = FIRST
        while True:
            done = await night.installation.desk.do(kind(**night.usual(), after=after))
            counts[name] += done.count
            if done.next is None:
                break
            after = done.next
            await asyncio.sleep(PAUSE_SECONDS)
    return PartReport(counts)


async def _would_remind(night: Night) -> PartReport:
    from desk.messages.reminding import recalls_to_queue, reminders_to_queue  # noqa: PLC0415

    ask = night.installation.desk.ask
    return PartReport(
        {
            "reminders": await ask(INSTALLATION, reminders_to_queue, night.today),
            "recalls": await ask(INSTALLATION, recalls_to_queue, night.today),
        }
    )


async def _send(night: Night) -> PartReport:
    from desk.messages.sending import send_due  # noqa: PLC0415

    return _sent(await send_due(night.installation, night.clock, night.new_id, night.progress))


async def _would_send(night: Night) -> PartReport:
    from desk.messages.sending import report_of_dry_run  # noqa: PLC0415

    return _sent(await report_of_dry_run(night.installation, night.clock()))


async def _expire_backups(night: Night) -> PartReport:
    from desk.backups.beside import bring_lists_up  # noqa: PLC0415
    from desk.backups.expiring import delete_expired  # noqa: PLC0415

    home, vault = night.installation.home, night.installation.vault
    expired = await asyncio.to_thread(delete_expired, home, vault, night.today)
    behind = await asyncio.to_thread(bring_lists_up, home, vault, night.today)
    return PartReport(
        {
            "backups_deleted": len(expired.deleted),
            "backups_left": len(expired.left),
            "lists_behind": len(behind),
        }
    )


async def _would_expire_backups(night: Night) -> PartReport:
    from desk.backups.expiring import overdue  # noqa: PLC0415

    due = overdue(night.installation.home, night.installation.vault, night.today)
    return PartReport({"backups_deleted": len(due), "backups_left": 0, "lists_behind": 0})


async def _take_in_forms(night: Night) -> PartReport:
    from desk.forms.taking_in import take_in_dropped  # noqa: PLC0415

    report = await take_in_dropped(night.installation, INSTALLATION, night.clock)
    counts = {"forms_new": report.added, "forms_refused": len(report.skipped), "forms_left": len(report.left)}
    return PartReport(counts)


async def _would_take_in(night: Night) -> PartReport:
    from desk.forms.taking_in import drop_folder, files_in  # noqa: PLC0415

    folder = drop_folder(night.installation)
    files = files_in(folder) if folder is not None and folder.is_dir() else []
    return PartReport({"forms_new": len(files), "forms_refused": 0, "forms_left": 0})


def _sent(report: SendingReport) -> PartReport:
    return PartReport(report.counts(), report)


async def _forget(night: Night) -> PartReport:
    from desk.privacy.retention.run import clockwork_of, run_retention  # noqa: PLC0415

    report = await run_retention(clockwork_of(night.installation, night.clock, night.new_id))
    return PartReport(report.counts)


async def _would_forget(night: Night) -> PartReport:
    from desk.privacy.retention.run import clockwork_of, dry_run  # noqa: PLC0415

    report = await dry_run(clockwork_of(night.installation, night.clock, night.new_id))
    return PartReport(report.counts)


# In the order of M6: what is told about comes before the telling, and before all of it the dates it goes by.
PARTS: Final = (
    Part("due_dates", _move_due_dates, _would_move),
    Part("shelf", _expire_shelf, _would_expire),
    Part("claims", _claim, _would_claim),
    Part("recalls", _remind, _would_remind),
    Part("messages", _send, _would_send),
    Part("backups", _expire_backups, _would_expire_backups),
    Part("forms", _take_in_forms, _would_take_in),
    Part(RETENTION, _forget, _would_forget),
)
