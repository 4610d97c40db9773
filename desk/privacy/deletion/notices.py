"""What is written down about telling a borrower of the approval: before it is handed over, and after it.

At most once: what was being handed over when the program was killed may have arrived. It is not handed over again, and
a supervisor chooses a letter or nothing instead.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from db.models import Borrower, DeletionRequest, Library, Message
from db.statements import Slot, Statement
from desk.borrowers.about import Changed, changed_again
from desk.calendar import local_date
from desk.command import Command, carries_out, query
from desk.errors import InvalidInput, NotFound
from desk.messages.handing_over import EMAIL, FAIL, NUMBER, SENT, UNCERTAIN
from desk.messages.queueing import channels_of, is_sent
from desk.messages.records import Outgoing
from desk.privacy.access_log import note
from desk.privacy.deletion.deciding import held_request
from desk.privacy.deletion.records import LetterRecord, NoticeRoute
from desk.privacy.erasure.clear import refuse_unless_clear
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

KIND: Final = "deletion_approved"
BEST_FIRST: Final = ("email", "sms")
WITHOUT_MESSAGE: Final = ("print", "none")

ROUTE = Statement(
    DeletionRequest.select(DeletionRequest.borrower, DeletionRequest.notice, Borrower.language)
    .join(Borrower, on=(DeletionRequest.borrower == Borrower.id))
    .where((DeletionRequest.id == Slot("request_id")) & (DeletionRequest.state == "approved"))
)
TRIED = Statement(
    Message.select(
        Message.id, Message.channel, Message.state, Message.problem, Message.message_id, Message.tries
    ).where(Message.cause == Slot("cause"))
)
AGAIN = Statement(
    Message.update(
        state="sending", tries=Message.tries + 1, subject=Slot("subject"), body=Slot("body"), problem="", try_at=None
    ).where(Message.id == Slot("row_id"))
)
NOTED = Statement(
    DeletionRequest.update(notice=Slot("notice"), noticed_at=Slot("at")).where(
        (DeletionRequest.id == Slot("request_id"))
        & (DeletionRequest.state == "approved")
        & DeletionRequest.noticed_at.is_null()
    )
)
LETTER = Statement(
    Borrower.select(
        Borrower.number,
        Borrower.name,
        Borrower.care_of,
        Borrower.street,
        Borrower.postcode,
        Borrower.city,
        Borrower.language,
    ).where(Borrower.id == Slot("borrower_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginNotice(Command[Outgoing]):
    """Take the message to hand over: from now on it is handed over by nobody else, and never once more."""

    right: ClassVar[Right] = Right.APPROVE_DELETION

    request_id: int
    channel: str
    subject: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleNotice(Command[Changed]):
    """Write down what became of the message; ``problem``: a code, empty: it was taken, so the borrower is told."""

    right: ClassVar[Right] = Right.APPROVE_DELETION

    request_id: int
    row_id: int
    channel: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNotice(Command[Changed]):
    """Write down that the borrower is told by a letter (``print``), or not at all (``none``)."""

    right: ClassVar[Right] = Right.APPROVE_DELETION

    request_id: int
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLetter(Command[LetterRecord]):
    """Read what a letter needs: name and address, a look that is noted."""

    right: ClassVar[Right] = Right.APPROVE_DELETION

    request_id: int


def cause_of(request_id: int) -> str:
    """Say what the message is about; no person is in it."""
    return f"{KIND}:{request_id}"


@query(Right.APPROVE_DELETION)
def notice_route(transaction: Transaction, request_id: int) -> NoticeRoute:
    """Tell how the borrower of an approved request can be told.

    Raises:
        NotFound: there is no such request that is approved and not carried out.
    """
    row = transaction.one(ROUTE, request_id=request_id)
    if row is None:
        raise NotFound("deletion_request")
    borrower_id, notice, language = row
    reached = channels_of(transaction, borrower_id, KIND)
    tried = transaction.all(TRIED, cause=cause_of(request_id))
    return NoticeRoute(
        language=language,
        is_wanted=is_sent(transaction, KIND),
        channels=tuple(channel for channel in BEST_FIRST if channel in reached),
        is_uncertain=any(_is_uncertain(state, problem) for _id, _channel, state, problem, _mark, _tries in tried),
        notice=notice,
    )


def _is_uncertain(state: str, problem: str) -> bool:
    return state == "sending" or problem == UNCERTAIN


@carries_out(BeginNotice)
def begin_notice(transaction: Transaction, command: BeginNotice) -> Outgoing:
    """Mark the message as being handed over, before it is.

    Raises:
        NotFound: the request is not approved any more, the borrower cannot be reached so any more, or the message has
            been handed over, or may have been.
        NotErasable: something has come in between: «is carried out now» would not be true.
    """
    borrower_id = _clear_request(transaction, command.request_id, command.at)
    tried: dict[str, tuple[Any, ...]] = {}
    for row_id, channel, state, problem, mark, tries in transaction.all(TRIED, cause=cause_of(command.request_id)):
        if state == "sent" or _is_uncertain(state, problem):
            raise NotFound("deletion_notice")
        tried[channel] = (row_id, mark, tries)
    to = transaction.value(NUMBER if command.channel == "sms" else EMAIL, borrower_id=borrower_id)
    if not to:
        raise NotFound("contact")
    if command.channel in tried:
        row_id, mark, tries = tried[command.channel]
        transaction.run(AGAIN, row_id=row_id, subject=command.subject or None, body=command.body or None)
        return Outgoing(row_id, command.channel, to, command.subject, command.body, mark, tries + 1)
    mark = hashlib.sha256(f"{command.command_id}\n{command.channel}".encode()).hexdigest()[:32]
    language = transaction.value(Borrower.select(Borrower.language).where(Borrower.id == borrower_id))
    row_id = transaction.run(
        Message.insert(
            borrower=borrower_id,
            kind=KIND,
            channel=command.channel,
            cause=cause_of(command.request_id),
            language=language,
            facts="{}",
            subject=command.subject or None,
            body=command.body or None,
            created_at=command.at,
            state="sending",
            tries=1,
            message_id=mark,
        )
    )
    return Outgoing(row_id, command.channel, to, command.subject, command.body, mark, 1)


@carries_out(SettleNotice, row_id=lambda changed: changed.row_id, again=changed_again)
def settle_notice(transaction: Transaction, command: SettleNotice) -> Changed:
    """Write down what became of it; message and request in one transaction."""
    if command.problem:
        transaction.run(FAIL, row_id=command.row_id, problem=command.problem)
    else:
        transaction.run(SENT, row_id=command.row_id, at=command.at)
        transaction.run(NOTED, request_id=command.request_id, notice=command.channel, at=command.at)
    return Changed(command.request_id)


@carries_out(NoteNotice, row_id=lambda changed: changed.row_id, again=changed_again)
def note_notice(transaction: Transaction, command: NoteNotice) -> Changed:
    """Write down what a supervisor chose.

    Raises:
        InvalidInput: it is neither a letter nor nothing.
        NotFound: the request is not approved any more, or the borrower has been told.
    """
    if command.notice not in WITHOUT_MESSAGE:
        raise InvalidInput("notice", "unknown")
    held_request(transaction, command.request_id, "approved")
    if not transaction.run(NOTED, request_id=command.request_id, notice=command.notice, at=command.at):
        raise NotFound("deletion_notice")
    return Changed(command.request_id)


@carries_out(MakeLetter, again=lambda transaction, command, _row: _letter(transaction, command)[1])
def make_letter(transaction: Transaction, command: MakeLetter) -> LetterRecord:
    """Give what a letter needs, and note it.

    Raises:
        NotFound: the request is not approved any more.
        NotErasable: something has come in between: the letter would not be true.
    """
    borrower_id, letter = _letter(transaction, command)
    note(
        transaction,
        command.who,
        command.at,
        Action.REVEAL,
        Purpose.DELETION,
        borrower_id,
        revealed=("name", "address"),
    )
    return letter


def _letter(transaction: Transaction, command: MakeLetter) -> tuple[int, LetterRecord]:
    borrower_id = _clear_request(transaction, command.request_id, command.at)
    number, name, care_of, street, postcode, city, language = transaction.one(LETTER, borrower_id=borrower_id) or ()
    address = (care_of, street, f"{postcode} {city}".strip())
    library = transaction.value(Library.select(Library.name).limit(1)) or ""
    return borrower_id, LetterRecord(
        number, name, tuple(line for line in address if line), language, library, command.at
    )


def _clear_request(transaction: Transaction, request_id: int, at: datetime) -> int:
    """Lock an approved request and its borrower, and make sure that it can still be carried out; gives the borrower."""
    borrower_id, _registrant = held_request(transaction, request_id, "approved")
    refuse_unless_clear(transaction, borrower_id, local_date(at))
    return borrower_id
