"""The pull list: what stands on its shelf here though somebody waits for it, the oldest reservation first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.reservations.lists import pull_list
from desk.texts import N_
from desk.wording import short_date
from screens.lists.listing import Listing, Rows

if TYPE_CHECKING:
    from screens.app import DeskApp


async def _read(app: DeskApp) -> Rows:
    today = app.today()
    lines = await app.installation.desk.ask(app.who, pull_list, app.counter_place.branch_id, today)
    return {
        line.item_id: (
            line.shelf_mark,
            line.title,
            line.author,
            line.barcode,
            short_date(local_date(line.reserved_at), today),
            line.pickup_branch,
        )
        for line in lines
    }


PULL_LIST = Listing(
    label=N_("To fetch"),
    headings=(N_("Shelf mark"), N_("Title"), N_("Author"), N_("Item number"), N_("Reserved"), N_("Pickup")),
    gives_way=(2, 1, 5, 0),
    empty=N_("Nothing is to be fetched."),
    read=_read,
)
