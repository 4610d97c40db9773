"""What is done with a request on F6: a supervisor approves it, the borrower is told, then it is carried out.

A supervisor steps up for it in place, never by a card alone. Nothing is deleted before it is settled how the borrower
is told: afterwards nobody could be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from desk.command import Who
from desk.errors import DeskError, FileNotWritten, Refused, SignInFailed, StoreError
from desk.installation import new_id
from desk.privacy.access_report.expiry import FOLDER
from desk.privacy.deletion.commands import (
    ApproveDeletion,
    MakeLetter,
    NoteNotice,
    RejectDeletion,
    WithdrawDeletion,
)
from desk.privacy.deletion.letter import delete_letter, write_letter
from desk.privacy.deletion.records import DeletionRecord
from desk.privacy.deletion.refusals import NoPersonNumber, SamePerson
from desk.privacy.deletion.telling import tell_borrower
from desk.texts import _, pgettext
from screens.borrower.details_rows import spaced_number
from screens.deletions.words import not_told_words, refused_words
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.question import QuestionDialog
from screens.dialogs.step_up import StepUpDialog
from screens.sentences import sentence
from screens.stepping_up import supervisor_of
from screens.text import plain

if TYPE_CHECKING:
    from screens.deletions.deletions import DeletionsScreen

REASON_LENGTH = 200


async def approve(screen: DeletionsScreen, record: DeletionRecord) -> None:
    """Approve a request, or go on with one that is approved: tell the borrower, then carry it out."""
    app = screen.desk_app
    if app.deletions.running is not None:
        screen.say(_("A deletion is being carried out. Wait until it has ended."))
        return
    number = spaced_number(record.number)
    if record.state == "approved":
        title = _("Carry out the deletion of borrower {number}. It cannot be undone.").format(number=number)
        who = await _stepped_up(screen, title)
    else:
        title = _("Approve the deletion of borrower {number}. It cannot be undone.").format(number=number)
        who = await _stepped_up(
            screen,
            title,
            lambda who, _reason: app.installation.desk.do(
                ApproveDeletion(command_id=new_id(), who=who, at=app.now(), request_id=record.request_id)
            ),
        )
    if who is None:
        return
    screen.load()
    try:
        is_told = await _tell(screen, record.request_id, who)
    except DeskError as error:
        screen.say(sentence(error))
        return
    if is_told and record.borrower_id is not None:
        app.deletions.begin(record.request_id, record.borrower_id, who)
        screen.load()
    elif not screen.says:
        screen.say(_("Approved. Nothing has been deleted yet; G goes on with it."))


async def prove(screen: DeletionsScreen, record: DeletionRecord) -> None:
    """Try the proof again of a deletion that has none: what was in the way may be gone."""
    app = screen.desk_app
    title = _("Try the proof of certificate no. {number} again.").format(number=record.request_id)
    who = await _stepped_up(screen, title)
    if who is not None and app.deletions.running is None:
        app.deletions.begin_proof(record.request_id, who)
        screen.load()


async def reject(screen: DeletionsScreen, record: DeletionRecord) -> None:
    """Reject a request, with a reason."""
    app = screen.desk_app
    title = _("Reject the deletion of borrower {number}.").format(number=spaced_number(record.number))
    who = await _stepped_up(
        screen,
        title,
        lambda who, reason: app.installation.desk.do(
            RejectDeletion(command_id=new_id(), who=who, at=app.now(), request_id=record.request_id, reason=reason)
        ),
        asks_reason=True,
    )
    if who is not None:
        screen.say(_("The request is rejected. Tell the borrower why."))
        screen.load()
        app.deletions.count()


async def withdraw(screen: DeletionsScreen, record: DeletionRecord) -> None:
    """Take a request back for the borrower, with a reason."""
    app = screen.desk_app
    if record.borrower_id is None:
        return
    title = _("Withdraw the deletion request of borrower {number}.").format(number=spaced_number(record.number))
    reason = await screen.ask(TextDialog(title, _("Reason"), needed=True, longest=REASON_LENGTH))
    if reason is None:
        return
    command = WithdrawDeletion(
        command_id=new_id(),
        who=app.who,
        at=app.now(),
        borrower_id=record.borrower_id,
        request_id=record.request_id,
        reason=reason,
    )
    try:
        await app.installation.desk.do(command)
    except DeskError as error:
        screen.say(sentence(error))
        return
    screen.say(_("The request is withdrawn."))
    screen.load()
    app.deletions.count()


async def _stepped_up(
    screen: DeletionsScreen,
    title: str,
    act: Callable[[Who, str], Awaitable[object]] | None = None,
    *,
    asks_reason: bool = False,
) -> Who | None:
    """Let a supervisor step up in place and do something in their name; another one may try where eyes are the same.

    Returns:
        Who did it; None: nothing happened, and why is said.
    """
    app, said, reason = screen.desk_app, "", ""
    while True:
        step_up = await screen.ask(StepUpDialog(said, reason, title, asks_reason=asks_reason))
        if step_up is None:
            return None
        reason = step_up.reason
        try:
            supervisor = await supervisor_of(app.installation.sign_in, step_up)
            who = Who(supervisor.staff_id, app.who.counter_id)
            if act is not None:
                await act(who, reason)
        except (SignInFailed, StoreError) as error:
            said = sentence(error)
            continue
        except Refused as refused:
            said = refused_words(refused, app.today())
            if any(isinstance(one, (SamePerson, NoPersonNumber)) for one in refused.reasons):
                continue
            screen.say(said)
            screen.load()
            return None
        except DeskError as error:
            screen.say(sentence(error))
            screen.load()
            return None
        return who


async def _tell(screen: DeletionsScreen, request_id: int, who: Who) -> bool:
    """Tell the borrower; where no message is taken, the supervisor chooses a letter or nothing.

    Returns:
        Whether it is written down how the borrower is told; False: it was left for later.

    Raises:
        DeskError: the store did not answer, or the request is not approved any more.
    """
    app = screen.desk_app
    screen.say(_("Telling the borrower …"))
    told = await tell_borrower(app.installation, request_id, who, app.now, new_id)
    if told.notice:
        return True
    question = _("The borrower has not been told: {why} Nothing has been deleted yet.").format(
        why=_as_sentence(not_told_words(told.problem))
    )
    answers = (("B", pgettext("answer", "letter")), ("I", pgettext("answer", "no message")))
    answer = await screen.ask(QuestionDialog(question, answers, help_of="deletion_notice"))
    if answer is None or (answer == "B" and not await _printed(screen, request_id, who)):
        return False
    notice = "print" if answer == "B" else "none"
    command = NoteNotice(command_id=new_id(), who=who, at=app.now(), request_id=request_id, notice=notice)
    await app.installation.desk.do(command)
    return True


def _as_sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


async def _printed(screen: DeletionsScreen, request_id: int, who: Who) -> bool:
    """Write the letter and wait until it has been printed: what is deleted afterwards is the letter too.

    Raises:
        DeskError: the request is not approved any more.
    """
    app = screen.desk_app
    letter = await app.installation.desk.do(
        MakeLetter(command_id=new_id(), who=who, at=app.now(), request_id=request_id)
    )
    try:
        file = await asyncio.to_thread(write_letter, letter, app.installation.home / FOLDER)
    except FileNotWritten as error:
        screen.say(_("The letter could not be written: {reason}. Tell IT.").format(reason=plain(error.detail)))
        return False
    question = _("The letter is in {file}. Print it now: it is deleted together with the borrower.").format(
        file=plain(file)
    )
    answers = (("S", pgettext("answer", "printed, delete now")),)
    answer = await screen.ask(QuestionDialog(question, answers))
    if answer is None:
        return False
    try:
        await asyncio.to_thread(delete_letter, file)
    except FileNotWritten as error:
        screen.say(_("The letter could not be deleted: {reason}. Tell IT.").format(reason=plain(error.detail)))
        return False
    return True
