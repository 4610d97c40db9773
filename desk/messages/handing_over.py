"""The two ends of handing a message over: it is marked before, and told after. Each is one durable transaction.

The tie between «handed over» and «written down» falls to *at most once*: what was being handed over when a run was
killed may or may not have arrived, is told as uncertain, and is sent again only when somebody at the counter says so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from peewee import fn

from db.models import Borrower, Branch, FeeTier, Library, Message, Telephone
from db.statements import Slot, Statement
from desk.calendar import local_date
from desk.command import Command, carries_out, query
from desk.messages.filling import Letterhead
from desk.messages.records import Begun, Count, DueMessage, Outcome, Outgoing, Worded
from desk.messages.still_true import LAPSED, AsQueued, facts_now, rises
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

UNCERTAIN: Final = "uncertain"
NO_CONTACT: Final = "no_contact"
FACTS_GONE: Final = "facts"
TRUE: Final = "true"
CHANGED: Final = "changed"
# After the first, second … try that failed for a passing reason; after the last it has failed.
BACK_OFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)

QUEUED = Statement(
    Message.select(Message.kind, Message.borrower, Message.facts, Message.created_at).where(
        (Message.id == Slot("row_id")) & (Message.state == "waiting")
    )
)
LAPSE = Statement(
    Message.update(state="failed", try_at=None, problem=LAPSED).where(
        (Message.id == Slot("row_id")) & (Message.state == "waiting")
    )
)
CHANGE = Statement(
    Message.update(facts=Slot("facts")).where((Message.id == Slot("row_id")) & (Message.state == "waiting"))
)
BEGIN = Statement(
    Message.update(
        state="sending",
        tries=Message.tries + 1,
        subject=Slot("subject"),
        body=Slot("body"),
        problem="",
    ).where((Message.id == Slot("row_id")) & (Message.state == "waiting"))
)
BEGUN = Statement(
    Message.select(Message.borrower, Message.channel, Message.message_id, Message.tries, Message.cause).where(
        Message.id == Slot("row_id")
    )
)
EMAIL = Statement(Borrower.select(Borrower.email).where(Borrower.id == Slot("borrower_id")))
NUMBER = Statement(
    Telephone.select(Telephone.number)
    .where((Telephone.borrower == Slot("borrower_id")) & Telephone.takes_sms)
    .order_by(Telephone.id)
    .limit(1)
)
OTHER = Statement(
    Message.select(Message.id)
    .where((Message.cause == Slot("cause")) & (Message.id != Slot("row_id")) & (Message.channel == "none"))
    .limit(1)
)
UNREACHABLE = Statement(
    Message.update(state="no_contact", channel="none", try_at=None, subject=None, body=None).where(
        Message.id == Slot("row_id")
    )
)
# Who knows that it was taken, knows better than a later run that found it left behind.
SENT = Statement(
    Message.update(state="sent", sent_at=Slot("at"), try_at=None, problem="").where(
        (Message.id == Slot("row_id")) & (Message.state != "sent")
    )
)
WAIT = Statement(
    Message.update(state="waiting", try_at=Slot("try_at"), problem=Slot("problem")).where(
        (Message.id == Slot("row_id")) & (Message.state == "sending")
    )
)
FAIL = Statement(
    Message.update(state="failed", try_at=None, problem=Slot("problem")).where(
        (Message.id == Slot("row_id")) & (Message.state == "sending")
    )
)
TRIES = Statement(Message.select(Message.tries).where(Message.id == Slot("row_id")))


@dataclass(frozen=True, slots=True)
class Settled:
    """How many of a batch were sent, wait to be tried again, and have failed."""

    sent: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkUncertain(Command[int]):
    """Tell of what a run that was killed had begun. Only while no other run is at work (see ``Store.claim``)."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSending(Command[Begun]):
    """Take messages to hand over: nobody else takes them, and they are not forgotten if this is the last we do."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    texts: tuple[Worded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleSending(Command[Settled]):
    """Write down what became of messages that were taken."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    outcomes: tuple[Outcome, ...]


@carries_out(MarkUncertain, row_id=lambda count: count, again=lambda _transaction, _command, count: count)
def mark_uncertain(transaction: Transaction, command: MarkUncertain) -> int:
    """Mark what is still «sending» as failed, uncertain; gives how many."""
    return transaction.run(
        Message.update(state="failed", try_at=None, problem=UNCERTAIN).where(Message.state == "sending")
    )


@carries_out(BeginSending)
def begin_sending(transaction: Transaction, command: BeginSending) -> Begun:
    """Mark messages as being sent, and look up where they go as it stands now.

    What another run has taken meanwhile is left to it; who cannot be reached any more gets «no contact details». What
    is true no more lapses; what has changed waits with its new facts, for the words were made of the old ones.
    """
    taken = []
    fates: Counter[str] = Counter()
    for text in command.texts:
        fate = _checked(transaction, text, local_date(command.at))
        fates[fate] += 1
        if fate != TRUE:
            continue
        if not transaction.run(BEGIN, row_id=text.row_id, subject=text.subject or None, body=text.body or None):
            continue
        row: tuple[Any, ...] = transaction.one(BEGUN, row_id=text.row_id) or ()
        borrower_id, channel, message_id, tries, cause = row
        to = transaction.value(NUMBER if channel == "sms" else EMAIL, borrower_id=borrower_id)
        if to:
            taken.append(
                Outgoing(text.row_id, channel, to, text.subject, text.body, message_id, tries, problem=text.problem)
            )
        elif transaction.value(OTHER, cause=cause, row_id=text.row_id) is None:
            transaction.run(UNREACHABLE, row_id=text.row_id)
        else:
            # One line a cause says that nobody could be reached; this one says why it went nowhere.
            transaction.run(FAIL, row_id=text.row_id, problem=NO_CONTACT)
    return Begun(tuple(taken), fates[LAPSED], fates[CHANGED])


def _checked(transaction: Transaction, text: Worded, today: date) -> str:
    """Hold what a message tells against the rows: ``TRUE``, ``CHANGED`` (written down) or ``LAPSED`` (cancelled)."""
    row = transaction.one(QUEUED, row_id=text.row_id)
    facts = None if row is None else _facts(row[2])
    if row is None or facts is None or text.problem == FACTS_GONE:
        return TRUE
    kind, borrower_id, _stored, queued_at = row
    now = facts_now(transaction, AsQueued(kind, borrower_id, facts, queued_at), today)
    if now is None:
        transaction.run(LAPSE, row_id=text.row_id)
        return LAPSED
    if now != facts:
        transaction.run(CHANGE, row_id=text.row_id, facts=json.dumps(now, sort_keys=True))
        return CHANGED
    return TRUE


@carries_out(SettleSending, again=lambda _transaction, command, _row: Settled(0, 0, 0))
def settle_sending(transaction: Transaction, command: SettleSending) -> Settled:
    """Write down outcomes: sent, to be tried again after a while, or failed."""
    sent = waiting = failed = 0
    for outcome in command.outcomes:
        if not outcome.problem:
            sent += transaction.run(SENT, row_id=outcome.row_id, at=command.at)
            continue
        tries = transaction.value(TRIES, row_id=outcome.row_id) or 0
        # Whatever has stopped a whole channel is not held against a message: it waits until somebody has mended it.
        counted = min(tries, len(BACK_OFF)) if outcome.is_kept else tries
        pause = next_pause(counted) if outcome.is_passing else None
        if pause is None:
            failed += transaction.run(FAIL, row_id=outcome.row_id, problem=outcome.problem)
        else:
            waiting += transaction.run(WAIT, row_id=outcome.row_id, problem=outcome.problem, try_at=command.at + pause)
    return Settled(sent, waiting, failed)


def next_pause(tries: int) -> timedelta | None:
    """Give how long to wait after so many tries; None: there is no next one."""
    return BACK_OFF[tries - 1] if 1 <= tries <= len(BACK_OFF) else None


def _due(now: datetime, channels: tuple[str, ...], broken: frozenset[tuple[str, str, str]]) -> Any:
    """Give the condition of what may be handed over now."""
    condition = (Message.state == "waiting") & (Message.try_at <= now) & (Message.channel << list(channels))
    for kind, language, channel in sorted(broken):
        condition &= ~((Message.kind == kind) & (Message.language == language) & (Message.channel == channel))
    return condition


@query(Right.RUN_NIGHTLY)
def messages_due(
    transaction: Transaction,
    now: datetime,
    channels: tuple[str, ...],
    broken: frozenset[tuple[str, str, str]],
    count: int,
) -> tuple[DueMessage, ...]:
    """Give the messages that have waited longest.

    Args:
        transaction: a view of the store.
        now: what was due then.
        channels: those that are set up and answer.
        broken: kinds, languages and channels whose template cannot be used: they wait.
        count: at most so many.
    """
    if not channels:
        return ()
    rows = transaction.all(
        Message.select(Message.id, Message.kind, Message.language, Message.channel, Message.facts)
        .where(_due(now, channels, broken))
        .order_by(Message.try_at, Message.id)
        .limit(count)
    )
    return tuple(
        DueMessage(row_id, kind, language, channel, _facts(facts)) for row_id, kind, language, channel, facts in rows
    )


def _facts(stored: str | None) -> Mapping[str, Any] | None:
    try:
        read = json.loads(stored or "")
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


@query(Right.RUN_NIGHTLY)
def counts_due(transaction: Transaction, now: datetime) -> tuple[Count, ...]:
    """Count what is due, by kind, language and channel."""
    rows = transaction.all(
        Message.select(Message.kind, Message.language, Message.channel, fn.COUNT(Message.id))
        .where((Message.state == "waiting") & (Message.try_at <= now))
        .group_by(Message.kind, Message.language, Message.channel)
        .order_by(Message.kind, Message.language, Message.channel)
    )
    return tuple(Count(*row) for row in rows)


@query(Right.RUN_NIGHTLY)
def count_left_behind(transaction: Transaction) -> int:
    """Count what a run that was killed had begun."""
    return int(transaction.value(Message.select(fn.COUNT(Message.id)).where(Message.state == "sending")))


@query(Right.SIGN_IN)
def letterhead(transaction: Transaction, library: str, website: str) -> Letterhead:
    """Give what is the same in every message.

    Args:
        transaction: a view of the store.
        library: the name that the settings give; empty: the store's.
        website: the settings'.
    """
    stored, made_up = transaction.one(Library.select(Library.name, Library.made_up).limit(1)) or ("", False)
    branches = transaction.all(Branch.select(Branch.name).order_by(Branch.id))
    days = transaction.all(FeeTier.select(FeeTier.from_day).order_by(FeeTier.from_day))
    names = tuple(row[0] for row in branches)
    return Letterhead(library or stored, website, names, rises([row[0] for row in days]), bool(made_up))
