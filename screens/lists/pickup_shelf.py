"""The pickup shelf: what lies ready, by its places. For whom, on a key that asks why and is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.installation import new_id
from desk.privacy.purposes import Purpose
from desk.reservations.commands import SeeWhoWaits
from desk.reservations.lists import pickup_shelf
from desk.texts import N_, _
from desk.wording import short_date, weekday_date
from screens.borrower.details_rows import spaced_number
from screens.lists.listing import Listing, Rows
from screens.text import paintable

if TYPE_CHECKING:
    from screens.app import DeskApp


async def _read(app: DeskApp) -> Rows:
    today = app.today()
    lines = await app.installation.desk.ask(app.who, pickup_shelf, app.counter_place.branch_id)
    return {
        line.reservation_id: (
            str(line.number),
            line.title,
            line.barcode,
            short_date(local_date(line.ready_at), today),
            weekday_date(line.deadline, today),
        )
        for line in lines
    }


async def for_whom(app: DeskApp, reservation_id: int, purpose: Purpose) -> str:
    """Say whose a reservation is; the log notes it."""
    command = SeeWhoWaits(
        command_id=new_id(), who=app.who, at=app.now(), reservation_id=reservation_id, purpose=purpose
    )
    who = await app.installation.desk.do(command)
    return _("For {name}, borrower {number}.").format(name=paintable(who.name), number=spaced_number(who.number))


PICKUP_SHELF = Listing(
    label=N_("Pickup shelf"),
    headings=(N_("Shelf"), N_("Title"), N_("Item number"), N_("Since"), N_("Pick up by")),
    gives_way=(1, 2),
    empty=N_("Nothing lies on the pickup shelf."),
    read=_read,
    reveal=for_whom,
)
