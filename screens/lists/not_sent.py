"""Messages that were not sent, or wait for longer than a day. To whom, on a key that asks why and is logged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.installation import new_id
from desk.messages.at_counter import SeeRecipient, messages_not_sent
from desk.messages.words import channel_words, kind_words, state_words
from desk.privacy.purposes import Purpose
from desk.texts import N_, _
from desk.wording import short_date
from screens.borrower.details_rows import spaced_number
from screens.lists.listing import Listing, Rows
from screens.text import paintable

if TYPE_CHECKING:
    from screens.app import DeskApp

LONG = timedelta(hours=24)
"""What has waited for so long has been left out by a night."""


async def _read(app: DeskApp) -> Rows:
    today = app.today()
    unsent = await app.installation.desk.ask(app.who, messages_not_sent, app.now() - LONG)
    return {
        one.record.row_id: (
            short_date(local_date(one.record.created_at), today),
            kind_words(one.record.kind),
            channel_words(one.record.channel),
            state_words(one.record.state, one.record.problem),
        )
        for one in unsent
    }


async def _reveal(app: DeskApp, row_id: int, purpose: Purpose) -> str:
    command = SeeRecipient(command_id=new_id(), who=app.who, at=app.now(), row_id=row_id, purpose=purpose)
    who = await app.installation.desk.do(command)
    return _("To {name}, borrower {number}.").format(name=paintable(who.name), number=spaced_number(who.number))


NOT_SENT = Listing(
    label=N_("Not sent"),
    headings=(N_("Since"), N_("Message"), N_("Channel"), N_("State")),
    gives_way=(1, 3),
    empty=N_("Every message has been sent."),
    read=_read,
    reveal=_reveal,
)
