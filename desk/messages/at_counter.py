"""A borrower's messages at the counter (M2): the list, what one said, trying a failed one again, cancelling one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from db.models import Borrower, Message
from db.statements import Slot, Statement
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower, note_change
from desk.command import Command, carries_out, query
from desk.errors import NotFound
from desk.messages.queueing import channels_of
from desk.messages.records import MessageRecord, MessageText, UnsentMessage
from desk.messages.still_true import LAPSED
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.reservations.records import WhoWaits
from desk.staff.rights import Right

if TYPE_CHECKING:
    from datetime import datetime

    from db.store import Transaction

LONGEST_LIST: Final = 200
CANCELLED: Final = "cancelled"
AGAIN: Final = ("failed", "no_contact")
"""States that may be tried again."""

COLUMNS: Final = (
    Message.id,
    Message.kind,
    Message.channel,
    Message.state,
    Message.problem,
    Message.created_at,
    Message.try_at,
    Message.sent_at,
    Message.tries,
    Message.facts,
)
ONE = Statement(
    Message.select(*COLUMNS, Message.subject, Message.body).where(
        (Message.id == Slot("row_id")) & (Message.borrower == Slot("borrower_id"))
    )
)
CANCEL = Statement(
    Message.update(state="failed", try_at=None, problem=CANCELLED).where(
        (Message.id == Slot("row_id")) & (Message.borrower == Slot("borrower_id")) & (Message.state == "waiting")
    )
)
AGAIN_ROW = Statement(
    Message.select(Message.kind, Message.channel, Message.cause, Message.state, Message.language, Message.facts).where(
        (Message.id == Slot("row_id")) & (Message.borrower == Slot("borrower_id"))
    )
)
TRY = Statement(
    Message.update(state="waiting", channel=Slot("channel"), tries=0, try_at=Slot("at"), problem="").where(
        (Message.id == Slot("row_id")) & (Message.state << list(AGAIN))
    )
)
RECIPIENT = Statement(
    Message.select(Borrower.id, Borrower.number, Borrower.name)
    .join(Borrower, on=(Message.borrower == Borrower.id))
    .where(Message.id == Slot("row_id"))
)
TAKEN = Statement(Message.select(Message.channel).where(Message.cause == Slot("cause")))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMessage(AboutBorrower[MessageText]):
    """Read what a message said: a look of its own, and logged."""

    right: ClassVar[Right] = Right.SEE_BORROWER

    row_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMessage(AboutBorrower[Changed]):
    """Let a message that was not sent be tried again: also one of which nobody knows whether it arrived."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    row_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMessage(AboutBorrower[Changed]):
    """Take back a message that still waits; its line says so."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    row_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeRecipient(Command[WhoWaits]):
    """See to whom a message on a list was to go: a look, which is noted with why."""

    right: ClassVar[Right] = Right.SEE_BORROWER

    row_id: int
    purpose: Purpose


@query(Right.SEE_BORROWER)
def messages_of(transaction: Transaction, borrower_id: int) -> tuple[MessageRecord, ...]:
    """List a borrower's messages, the newest first; what they say is a look of its own."""
    rows = transaction.all(
        Message.select(*COLUMNS)
        .where(Message.borrower == borrower_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(LONGEST_LIST)
    )
    return tuple(map(_record, rows))


@query(Right.SEE_BORROWER)
def messages_not_sent(transaction: Transaction, before: datetime) -> tuple[UnsentMessage, ...]:
    """List what somebody should look at: failed, or queued before an instant and still waiting; the oldest first."""
    rows = transaction.all(
        Message.select(*COLUMNS, Message.borrower)
        .where(
            ((Message.state == "failed") & (Message.problem.not_in([CANCELLED, LAPSED])))
            | (Message.state == "no_contact")
            | ((Message.state == "waiting") & (Message.created_at < before))
        )
        .order_by(Message.created_at, Message.id)
        .limit(LONGEST_LIST)
    )
    return tuple(UnsentMessage(_record(tuple(row)), borrower_id) for *row, borrower_id in rows)


@carries_out(ReadMessage, again=lambda transaction, command, _row: _text(transaction, command))
def read_message(transaction: Transaction, command: ReadMessage) -> MessageText:
    """Give what a message said, and note it.

    Raises:
        NotFound: there is no such message of this borrower's.
    """
    text = _text(transaction, command)
    note(
        transaction,
        command.who,
        command.at,
        Action.REVEAL,
        command.purpose,
        command.borrower_id,
        revealed=("messages",),
    )
    return text


@carries_out(SeeRecipient, again=lambda transaction, command, _row: _recipient(transaction, command.row_id))
def see_recipient(transaction: Transaction, command: SeeRecipient) -> WhoWaits:
    """Give number and name of whom a message was to go to, and note it.

    Raises:
        NotFound: the message has gone.
    """
    who = _recipient(transaction, command.row_id)
    note(transaction, command.who, command.at, Action.REVEAL, command.purpose, who.borrower_id, revealed=("name",))
    return who


@carries_out(CancelMessage, row_id=lambda done: done.row_id, again=changed_again)
def cancel_message(transaction: Transaction, command: CancelMessage) -> Changed:
    """Cancel a message, unless it is being sent or has been.

    Raises:
        NotFound: it does not wait (any more).
    """
    hold_borrower(transaction, command.borrower_id)
    if not transaction.run(CANCEL, row_id=command.row_id, borrower_id=command.borrower_id):
        raise NotFound("message")
    note_change(transaction, command, "messages")
    return Changed(command.row_id)


@carries_out(RetryMessage, row_id=lambda done: done.row_id, again=changed_again)
def retry_message(transaction: Transaction, command: RetryMessage) -> Changed:
    """Let a message wait again, from the first try on.

    One that had nowhere to go gets the channels that the borrower can be reached by now, each once.

    Raises:
        NotFound: it has not failed; its content has been deleted; or the borrower still cannot be reached.
    """
    hold_borrower(transaction, command.borrower_id)
    row = transaction.one(AGAIN_ROW, row_id=command.row_id, borrower_id=command.borrower_id)
    if row is None or row[3] not in AGAIN:
        raise NotFound("message")
    kind, channel, cause, _state, language, facts = row
    if facts is None:
        raise NotFound("message_content")
    channels = [channel]
    if channel == "none":
        taken = {used for (used,) in transaction.all(TAKEN, cause=cause)}
        channels = [one for one in channels_of(transaction, command.borrower_id, kind) if one not in taken]
        if not channels:
            raise NotFound("contact")
    transaction.run(TRY, row_id=command.row_id, channel=channels[0], at=command.at)
    for other in channels[1:]:
        mark = hashlib.sha256(f"{command.command_id}\n{cause}\n{other}".encode()).hexdigest()[:32]
        transaction.run(
            Message.insert(
                borrower=command.borrower_id,
                kind=kind,
                channel=other,
                cause=cause,
                language=language,
                facts=facts,
                created_at=command.at,
                try_at=command.at,
                message_id=mark,
            )
        )
    note_change(transaction, command, "messages")
    return Changed(command.row_id)


def _recipient(transaction: Transaction, row_id: int) -> WhoWaits:
    row = transaction.one(RECIPIENT, row_id=row_id)
    if row is None:
        raise NotFound("message")
    return WhoWaits(*row)


def _text(transaction: Transaction, command: ReadMessage) -> MessageText:
    row = transaction.one(ONE, row_id=command.row_id, borrower_id=command.borrower_id)
    if row is None:
        raise NotFound("message")
    *columns, subject, body = row
    return MessageText(_record(tuple(columns)), subject or "", body or "")


def _record(row: tuple[Any, ...]) -> MessageRecord:
    row_id, kind, channel, state, problem, created_at, try_at, sent_at, tries, facts = row
    return MessageRecord(
        row_id=row_id,
        kind=kind,
        channel=channel,
        state=state,
        problem=problem,
        created_at=created_at,
        try_at=try_at,
        sent_at=sent_at,
        tries=tries,
        has_content=facts is not None,
    )
