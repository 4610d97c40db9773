"""A borrower asks to be deleted (G1): who asks is checked, the newsletter asked about; or the request is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.errors import DeskError, Refused
from desk.privacy.deletion.commands import RegisterDeletion, WithdrawDeletion
from desk.privacy.deletion.queries import open_deletion_of
from desk.privacy.deletion.records import DeletionRecord
from desk.texts import _, pgettext
from desk.wording import weekday_date
from screens.deletions.words import IDENTITY, refused_words, stage_words, tidied
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.question import QuestionDialog
from screens.sentences import sentence
from screens.text import paintable

if TYPE_CHECKING:
    from screens.borrower.borrower import BorrowerScreen

REASON_LENGTH = 200
NEWSLETTER = {"J": "leave", "N": "keep", "I": "none"}


async def register_or_withdraw(screen: BorrowerScreen) -> None:
    """Register that the borrower wants to be deleted; where that has been done, offer to withdraw it."""
    app = screen.desk_app
    try:
        request = await app.installation.desk.ask(app.who, open_deletion_of, screen.opened.borrower_id, app.today())
    except DeskError as error:
        screen.say(sentence(error))
        return
    await (_register(screen) if request is None else _withdraw(screen, request))


async def _register(screen: BorrowerScreen) -> None:
    ways = {str(place): way for place, way in enumerate(IDENTITY, 1)}
    answers = tuple((key, pgettext("identity", IDENTITY[way])) for key, way in ways.items())
    question = _("The borrower wants to be deleted. How was it checked who asks?")
    identity = await screen.ask(QuestionDialog(question, answers, is_list=True, help_of="deletion_request"))
    if identity is None:
        return
    newsletter = await screen.ask(
        QuestionDialog(
            _("Unsubscribe the newsletter too?"),
            (("J", _("yes")), ("N", _("no")), ("I", pgettext("newsletter", "not subscribed"))),
        )
    )
    if newsletter is None:
        return
    app = screen.desk_app
    command = RegisterDeletion(**screen.about(), identity_check=ways[identity], newsletter=NEWSLETTER[newsletter])
    try:
        await screen.do(command)
        request = await app.installation.desk.ask(app.who, open_deletion_of, screen.opened.borrower_id, app.today())
    except Refused as refused:
        screen.say(refused_words(refused, app.today()))
        return
    except DeskError as error:
        screen.say(sentence(error))
        return
    told = "" if request is None else registered_words(request)
    screen.say(told)
    app.held_back.tell(told)
    screen.load()
    app.deletions.count()


def registered_words(request: DeletionRecord) -> str:
    """Say what happens next with a request that has just been registered."""
    if request.stage == "lacking":
        return _("Registered. Offered again when all is returned and paid. It waits under F6.")
    said = _("Registered. Ready under F6, to be approved by somebody other than {name}.")
    return tidied(said.format(name=paintable(request.registered.name)))


async def _withdraw(screen: BorrowerScreen, request: DeletionRecord) -> None:
    app = screen.desk_app
    question = _("Deletion was asked for on {date}: {state}.").format(
        date=weekday_date(local_date(request.registered_at), app.today()), state=stage_words(request)
    )
    answer = await screen.ask(QuestionDialog(question, (("T", pgettext("answer", "withdraw")),)))
    if answer is None:
        return
    title = _("Withdraw the deletion request.")
    reason = await screen.ask(TextDialog(title, _("Reason"), needed=True, longest=REASON_LENGTH))
    if reason is not None:
        command = WithdrawDeletion(**screen.about(), request_id=request.request_id, reason=reason)
        await screen.change(command, _("The request is withdrawn."))
        app.deletions.count()
