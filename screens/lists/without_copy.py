"""Reservations that no copy can serve any more, for somebody to speak with whoever waits. For whom, on a logged key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.reservations.lists import without_copy
from desk.texts import N_, _
from desk.wording import short_date
from screens.lists.listing import Listing, Rows
from screens.lists.pickup_shelf import for_whom
from screens.refusals import status_word

if TYPE_CHECKING:
    from screens.app import DeskApp


async def _read(app: DeskApp) -> Rows:
    today = app.today()
    lines = await app.installation.desk.ask(app.who, without_copy, app.counter_place.branch_id, today)
    return {
        line.reservation_id: (
            line.title,
            line.barcode or "–",
            _("no copy left") if line.status is None else status_word(line.status),
            short_date(local_date(line.reserved_at), today),
        )
        for line in lines
    }


WITHOUT_COPY = Listing(
    label=N_("No copy"),
    headings=(N_("Title"), N_("Item number"), N_("Status"), N_("Reserved")),
    gives_way=(0, 2),
    empty=N_("Every reservation can be served."),
    read=_read,
    reveal=for_whom,
)
