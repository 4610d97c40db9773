"""What lies on the pickup shelf for nobody any more, until it is scanned at return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.reservations.lists import put_back_list
from desk.texts import N_
from desk.wording import short_date
from screens.lists.listing import Listing, Rows

if TYPE_CHECKING:
    from screens.app import DeskApp


async def _read(app: DeskApp) -> Rows:
    today = app.today()
    lines = await app.installation.desk.ask(app.who, put_back_list, app.counter_place.branch_id)
    return {
        line.item_id: (str(line.number), line.title, line.barcode, short_date(local_date(line.since), today))
        for line in lines
    }


PUT_BACK = Listing(
    label=N_("Put back"),
    headings=(N_("Shelf"), N_("Title"), N_("Item number"), N_("Since")),
    gives_way=(1, 2),
    empty=N_("Nothing is to be put back."),
    read=_read,
)
