"""What is on its way between the branches, what comes here first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.reservations.lists import in_transit
from desk.texts import N_, _
from desk.wording import short_date
from screens.lists.listing import Listing, Rows

if TYPE_CHECKING:
    from screens.app import DeskApp


async def _read(app: DeskApp) -> Rows:
    today = app.today()
    lines = await app.installation.desk.ask(app.who, in_transit, app.counter_place.branch_id)
    return {
        line.item_id: (
            f"→ {line.to}",
            line.title,
            line.barcode,
            "" if line.since is None else short_date(local_date(line.since), today),
            _("reserved") if line.is_reserved else _("belongs there"),
        )
        for line in lines
    }


IN_TRANSIT = Listing(
    label=N_("In transit"),
    headings=(N_("To"), N_("Title"), N_("Item number"), N_("Since"), N_("Why")),
    gives_way=(1, 0, 2),
    empty=N_("Nothing is in transit."),
    read=_read,
)
