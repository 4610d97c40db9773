"""Messages that were not sent, or wait for longer than a day. To whom, on a key that asks why and is logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.errors import DeskError
from desk.installation import new_id
from desk.messages.at_counter import AGAIN, RetryMessage, SeeRecipient, messages_not_sent
from desk.messages.handing_over import UNCERTAIN
from desk.messages.words import channel_words, kind_words, state_words
from desk.privacy.purposes import Purpose
from desk.texts import N_, _, ngettext, pgettext
from desk.wording import short_date
from screens.borrower.details_rows import spaced_number
from screens.dialogs.question import QuestionDialog
from screens.lists.listing import Listing, Rows
from screens.sentences import sentence
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


async def _again(app: DeskApp, row_ids: Sequence[int]) -> str:
    """Let messages be tried again, as on the borrower's page; what may have arrived already is asked about first."""
    unsent = await app.installation.desk.ask(app.who, messages_not_sent, app.now() - LONG)
    meant = [one for one in unsent if one.record.row_id in row_ids and one.record.state in AGAIN]
    if not meant:
        return _("Only a message that was not sent can be sent again.")
    uncertain = sum(one.record.problem == UNCERTAIN for one in meant)
    if uncertain:
        question = ngettext(
            "{n} message may have arrived already. Send it again?",
            "{n} messages may have arrived already. Send them again?",
            uncertain,
        ).format(n=uncertain)
        answers = ((pgettext("key", "S"), pgettext("key", "send")), (pgettext("key", "B"), pgettext("key", "leave it")))
        if await app.push_screen_wait(QuestionDialog(question, answers)) != answers[0][0]:
            return ""
    waiting, why = 0, ""
    for one in meant:
        command = RetryMessage(
            command_id=new_id(),
            who=app.who,
            at=app.now(),
            borrower_id=one.borrower_id,
            purpose=Purpose.FOLLOW_UP,
            row_id=one.record.row_id,
        )
        try:
            await app.installation.desk.do(command)
        except DeskError as error:
            why = sentence(error)
        else:
            waiting += 1
    said = ngettext(
        "{n} message waits, and is sent at the next run.",
        "{n} messages wait, and are sent at the next run.",
        waiting,
    ).format(n=waiting)
    return " ".join(part for part in (said if waiting else "", why) if part)


NOT_SENT = Listing(
    label=N_("Not sent"),
    headings=(N_("Since"), N_("Message"), N_("Channel"), N_("State")),
    gives_way=(1, 3),
    empty=N_("Every message has been sent."),
    read=_read,
    reveal=_reveal,
    again=_again,
)
