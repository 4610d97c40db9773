"""What waits for the printer, and what it has printed: again, or not at all (V3). Names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.texts import N_, NP_, _, pgettext
from desk.wording import clock, short_date
from screens.lending.printing import printer_words
from screens.lists.listing import Listing, Rows
from screens.text import paintable

if TYPE_CHECKING:
    from desk.spool.printing import Printing
    from screens.app import DeskApp

KINDS = {
    "receipt": NP_("print", "receipt"),
    "returned": NP_("print", "receipt for returns"),
    "pickup": NP_("print", "reservation slip"),
    "transit": NP_("print", "transit slip"),
    "statement": NP_("print", "statement"),
}


async def _read(app: DeskApp) -> Rows:
    prints = _prints(app)
    if prints is None:
        return {}
    today = app.today()
    return {
        _row_of(job.job_id): (
            f"{short_date(local_date(job.made_at), today)} {clock(job.made_at)}",
            pgettext("print", KINDS[job.kind]),
            paintable(job.about),
            pgettext("print", "waits") if job.state == "waiting" else pgettext("print", "printed"),
        )
        for job in await prints.jobs()
    }


async def _again(app: DeskApp, rows: Sequence[int]) -> str:
    """Print what is marked once more."""
    prints = _prints(app)
    if prints is None:
        return ""
    waits = 0
    for job in reversed(await prints.jobs()):
        if _row_of(job.job_id) in rows:
            try:
                waits += await prints.again(job.job_id)
            except OSError:
                return _("It could not be kept for the printer. Tell IT.")
    return printer_words(app.at_counter.slips.printer) if waits else _("It is gone meanwhile.")


async def _cancel(app: DeskApp, row: int) -> str:
    """Take a print out: it is not printed, or not again."""
    prints = _prints(app)
    if prints is None:
        return ""
    for job in await prints.jobs():
        if _row_of(job.job_id) == row:
            try:
                was = await prints.cancel(job.job_id)
            except OSError:
                return _("It could not be deleted. Tell IT.")
            if was == "waiting":
                return _("Cancelled. It is not printed.")
            return _("Deleted. It cannot be printed again.")
    return _("It is gone meanwhile.")


def _prints(app: DeskApp) -> Printing | None:
    return app.at_counter.work.prints


def _row_of(job_id: str) -> int:
    """Give a number for a job, the same each time the list is read."""
    return int.from_bytes(sha256(job_id.encode()).digest()[:6])


PRINTS = Listing(
    label=N_("Prints"),
    headings=(N_("Since"), N_("Print"), N_("About"), N_("State")),
    gives_way=(2, 1),
    empty=N_("Nothing waits for the printer, and nothing was printed of late."),
    read=_read,
    again=_again,
    again_key="U",
    again_words=NP_("footer", "print again"),
    again_about=N_("The marked ones, or the one you are on (U)"),
    cancel=_cancel,
)
