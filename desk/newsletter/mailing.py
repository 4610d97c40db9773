"""A mailing as commands: begun once, each mail marked before it is handed over and told after, ended with counts alone.

The tie is as narrow as SMTP lets it be: between the last line of a mail and the server's answer. What a run was doing
before that has reached nobody, and goes again by itself; what it was doing in between may or may not have arrived. That
is uncertain, and not sent again until somebody who has looked in the server's log says so (at most once).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from peewee import fn

from db.models import Mailing, MailingRecipient, Subscriber
from db.statements import Slot, Statement
from desk.command import Command, carries_out
from desk.messages.handing_over import UNCERTAIN
from desk.messages.records import Outcome
from desk.newsletter.queries import mailing_record
from desk.newsletter.records import MailingRecord, Recipient
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

TRIES: Final = 5
"""How often a mail is tried that fails for a passing reason, a run each; then it has failed."""

UNDER_WAY = Statement(
    Mailing.select(Mailing.id).where((Mailing.digest == Slot("digest")) & (Mailing.state == "sending"))
)
LATEST = Statement(
    Mailing.select(Mailing.id).where(Mailing.digest == Slot("digest")).order_by(Mailing.id.desc()).limit(1)
)
TAKE = Statement(
    MailingRecipient.update(state="sending", tries=MailingRecipient.tries + 1).where(
        (MailingRecipient.id == Slot("row_id")) & (MailingRecipient.state == "waiting")
    )
)
TAKEN = Statement(
    MailingRecipient.select(Subscriber.email, Subscriber.first_name)
    .join(Subscriber)
    .where(MailingRecipient.id == Slot("row_id"))
)
EVERYBODY: Final = (
    "INSERT INTO mailing_recipient (mailing_id, subscriber_id, state, tries)"
    " SELECT ?, id, 'waiting', 0 FROM subscriber ORDER BY id"
)
TRIED = Statement(MailingRecipient.select(MailingRecipient.tries).where(MailingRecipient.id == Slot("row_id")))
OFFER = Statement(
    MailingRecipient.update(state="offered").where(
        (MailingRecipient.id == Slot("row_id")) & (MailingRecipient.state == "sending")
    )
)
GIVE_BACK = Statement(
    MailingRecipient.update(state="waiting", tries=Slot("tries")).where(
        (MailingRecipient.id == Slot("row_id")) & (MailingRecipient.state.in_(("sending", "offered")))
    )
)
DOUBTED = Statement(
    MailingRecipient.select(MailingRecipient.mailing).where(
        (MailingRecipient.id == Slot("row_id")) & (MailingRecipient.state == "uncertain")
    )
)
WAIT_AGAIN = Statement(MailingRecipient.update(state="waiting", tries=0).where(MailingRecipient.id == Slot("row_id")))
DOUBT = Statement(MailingRecipient.update(state="uncertain").where(MailingRecipient.id == Slot("row_id")))
DONE_WITH = Statement(MailingRecipient.delete().where(MailingRecipient.id == Slot("row_id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginMailing(Command[MailingRecord]):
    """Begin the mailing of a file to everybody who subscribes now, or go on with the one that is under way.

    Only while no other run is at work (see ``Store.claim``): what a run that was killed had begun is uncertain then.

    Attributes:
        digest: SHA-256 of the file.
        again: a file that has been sent is sent once more.
    """

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    digest: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRecipients(Command[tuple[Recipient, ...]]):
    """Take mails to hand over: they are not forgotten if this is the last we do."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    mailing_id: int
    row_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRecipients(Command[None]):
    """Mark mails whose last line is sent next; of no other is it uncertain whether it arrived."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    row_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUncertain(Command[int]):
    """Say of mails that were uncertain whether they arrived; gives of how many.

    Attributes:
        row_ids: which; one that is uncertain no more is let be.
        arrived: they count as sent. Else the same file sends them again.
    """

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    row_ids: tuple[int, ...]
    arrived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRecipients(Command[MailingRecord]):
    """Write down what became of mails that were taken."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    mailing_id: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMailing(Command[MailingRecord]):
    """End a mailing that goes to nobody any more. One that does stays under way."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    mailing_id: int


def _again(transaction: Transaction, command: SettleRecipients | EndMailing, _row: int) -> MailingRecord:
    return mailing_record(transaction, command.mailing_id)


@carries_out(
    BeginMailing, row_id=lambda record: record.mailing_id, again=lambda t, _command, row: mailing_record(t, row)
)
def begin_mailing(transaction: Transaction, command: BeginMailing) -> MailingRecord:
    """Begin or go on."""
    mailing_id = transaction.value(UNDER_WAY, digest=command.digest)
    if mailing_id is not None:
        _after_a_kill(transaction, mailing_id)
        return mailing_record(transaction, mailing_id)
    latest = transaction.value(LATEST, digest=command.digest)
    if latest is not None and not command.again:
        return mailing_record(transaction, latest)
    due = transaction.value(Subscriber.select(fn.COUNT(Subscriber.id)))
    mailing_id = transaction.run(Mailing.insert(digest=command.digest, started_at=command.at, due=due))
    # Whether the last newsletter came is nobody's question any more when there is a new one.
    transaction.run(MailingRecipient.delete().where(MailingRecipient.state == "uncertain"))
    # The database's own words: what peewee makes of it gives every new id back, on one engine of the two.
    transaction.run_many(EVERYBODY, [(mailing_id,)])
    return mailing_record(transaction, mailing_id)


def _after_a_kill(transaction: Transaction, mailing_id: int) -> None:
    """What a run that was killed had only begun waits again; what it was handing over is uncertain."""
    of_it = MailingRecipient.mailing == mailing_id
    transaction.run(
        MailingRecipient.update(state="waiting", tries=MailingRecipient.tries - 1).where(
            of_it & (MailingRecipient.state == "sending")
        )
    )
    doubted = transaction.run(
        MailingRecipient.update(state="uncertain").where(of_it & (MailingRecipient.state == "offered"))
    )
    if doubted:
        _add(transaction, mailing_id, uncertain=doubted)


def doubt_all(transaction: Transaction) -> None:
    """Of whom a mailing has still to reach, tell that it is uncertain: the store is older than what was sent."""
    waiting = MailingRecipient.state != "uncertain"
    counted = MailingRecipient.select(MailingRecipient.mailing, fn.COUNT(MailingRecipient.id)).where(waiting)
    for mailing_id, count in transaction.all(counted.group_by(MailingRecipient.mailing)):
        _add(transaction, mailing_id, uncertain=count)
    transaction.run(MailingRecipient.update(state="uncertain").where(waiting))


def _add(transaction: Transaction, mailing_id: int, sent: int = 0, failed: int = 0, uncertain: int = 0) -> None:
    transaction.run(
        Mailing.update(
            sent=Mailing.sent + sent, failed=Mailing.failed + failed, uncertain=Mailing.uncertain + uncertain
        ).where(Mailing.id == mailing_id)
    )


@carries_out(TakeRecipients)
def take_recipients(transaction: Transaction, command: TakeRecipients) -> tuple[Recipient, ...]:
    """Mark mails as being handed over, and read where they go; who has unsubscribed meanwhile is not among them."""
    taken = []
    for row_id in command.row_ids:
        if not transaction.run(TAKE, row_id=row_id):
            continue
        row = transaction.one(TAKEN, row_id=row_id)
        if row is not None:
            email, first_name = row
            taken.append(Recipient(row_id, email, first_name, transaction.vault.unsubscribe_token(email)))
    return tuple(taken)


@carries_out(OfferRecipients)
def offer_recipients(transaction: Transaction, command: OfferRecipients) -> None:
    """Mark mails as handed over from here on."""
    for row_id in command.row_ids:
        transaction.run(OFFER, row_id=row_id)


@carries_out(SettleRecipients, again=_again)
def settle_recipients(transaction: Transaction, command: SettleRecipients) -> MailingRecord:
    """Write down outcomes: sent or failed, whose row goes; or to be tried again by the next run.

    Who unsubscribed while the mail was on its way is counted all the same.
    """
    sent = failed = uncertain = 0
    for outcome in command.outcomes:
        tries = transaction.value(TRIED, row_id=outcome.row_id) or 0
        # Whatever has stopped everything is not held against a mail.
        tries -= 1 if outcome.is_kept else 0
        if outcome.is_passing and tries < TRIES:
            transaction.run(GIVE_BACK, row_id=outcome.row_id, tries=tries)
            continue
        if outcome.problem == UNCERTAIN:
            uncertain += 1
            transaction.run(DOUBT, row_id=outcome.row_id)
            continue
        sent += not outcome.problem
        failed += bool(outcome.problem)
        transaction.run(DONE_WITH, row_id=outcome.row_id)
    _add(transaction, command.mailing_id, sent, failed, uncertain)
    return mailing_record(transaction, command.mailing_id)


@carries_out(EndMailing, again=_again)
def end_mailing(transaction: Transaction, command: EndMailing) -> MailingRecord:
    """End a mailing if nobody is left but those of whom it is uncertain.

    Raises:
        NotFound: there is no such mailing.
    """
    if not mailing_record(transaction, command.mailing_id).waiting:
        transaction.run(
            Mailing.update(state="done", finished_at=command.at).where(
                (Mailing.id == command.mailing_id) & (Mailing.state == "sending")
            )
        )
    return mailing_record(transaction, command.mailing_id)


@carries_out(AnswerUncertain)
def answer_uncertain(transaction: Transaction, command: AnswerUncertain) -> int:
    """Count as sent, or let it wait for the same file again: its mailing is under way once more."""
    answered = 0
    for row_id in command.row_ids:
        mailing_id = transaction.value(DOUBTED, row_id=row_id)
        if mailing_id is None:
            continue
        answered += 1
        if command.arrived:
            transaction.run(DONE_WITH, row_id=row_id)
        else:
            transaction.run(WAIT_AGAIN, row_id=row_id)
            transaction.run(Mailing.update(state="sending", finished_at=None).where(Mailing.id == mailing_id))
        _add(transaction, mailing_id, sent=int(command.arrived), uncertain=-1)
    return answered
