"""What the page does when «Beskeder» asks: list, show, try again, cancel. Run from a worker of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.errors import DeskError
from desk.messages.at_counter import AGAIN, CancelMessage, ReadMessage, RetryMessage, messages_of
from desk.messages.handing_over import UNCERTAIN
from desk.messages.records import MessageRecord
from desk.messages.words import kind_words
from desk.texts import _, pgettext
from screens.borrower.messages_pane import MessagesPane
from screens.dialogs.message_text import MessageDialog
from screens.dialogs.purpose import purpose_of, purpose_question
from screens.dialogs.question import QuestionDialog
from screens.sentences import sentence

if TYPE_CHECKING:
    from screens.borrower.borrower import BorrowerScreen


async def carry_out(screen: BorrowerScreen, pane: MessagesPane, asked: MessagesPane.Asked) -> None:
    """Do what the pane asks for."""
    match asked.what:
        case "list":
            await _show_list(screen, pane)
        case "text":
            await _show_text(screen, asked.record)
        case "retry":
            await _retry(screen, asked.record)
        case _:
            await _cancel(screen, asked.record)


async def _show_list(screen: BorrowerScreen, pane: MessagesPane) -> None:
    app = screen.desk_app
    try:
        pane.show_messages(await app.installation.desk.ask(app.who, messages_of, screen.opened.borrower_id))
    except DeskError as error:
        screen.say(sentence(error))


async def _show_text(screen: BorrowerScreen, record: MessageRecord | None) -> None:
    """Show what a message said; the log notes it, with the purpose that is asked for if the address is protected."""
    if record is None:
        screen.say(_("No messages."))
        return
    about = screen.about()
    if screen.page is not None and screen.page.borrower.address_protected:
        purpose = purpose_of(await screen.ask(purpose_question(_("Address protected. What is it needed for?"))))
        if purpose is None:
            return
        about["purpose"] = purpose
    try:
        text = await screen.desk_app.installation.desk.do(ReadMessage(**about, row_id=record.row_id))
    except DeskError as error:
        screen.say(sentence(error))
        return
    # The curtain may have been drawn, or another card scanned, while the store answered.
    if screen.is_current:
        await screen.ask(MessageDialog(text, screen.desk_app.today()))


async def _retry(screen: BorrowerScreen, record: MessageRecord | None) -> None:
    """Let a message that was not sent be tried again; whether one arrived that nobody is sure of, is asked first."""
    if record is None:
        screen.say(_("No messages."))
        return
    if record.state not in AGAIN:
        screen.say(_("Only a message that was not sent can be sent again."))
        return
    if record.problem == UNCERTAIN:
        question = _("It may have arrived already. Send it again?")
        answers = ((pgettext("key", "S"), pgettext("key", "send")), (pgettext("key", "B"), pgettext("key", "leave it")))
        if await screen.ask(QuestionDialog(question, answers)) != answers[0][0]:
            return
    command = RetryMessage(**screen.about(), row_id=record.row_id)
    await screen.change(command, _("The message waits, and is sent at the next run."))


async def _cancel(screen: BorrowerScreen, record: MessageRecord | None) -> None:
    """Take back a message that waits."""
    if record is None:
        screen.say(_("No messages."))
        return
    if record.state != "waiting":
        screen.say(_("Only a message that waits can be cancelled."))
        return
    question = _("Cancel the message ({kind})?").format(kind=kind_words(record.kind))
    answers = ((pgettext("key", "A"), pgettext("key", "cancel")), (pgettext("key", "B"), pgettext("key", "keep")))
    if await screen.ask(QuestionDialog(question, answers)) == answers[0][0]:
        await screen.change(CancelMessage(**screen.about(), row_id=record.row_id), _("The message is cancelled."))
