"""Subscribing and unsubscribing (P12, M4), and the looks at the list that the log notes.

The rows of the log and of the commands lead to no subscriber, and to no borrower either: what is noted is that the list
was looked at or changed, when, by whom and why (G8).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from db.models import Subscriber
from db.statements import Slot, Statement, row_lock
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import NotFound
from desk.newsletter.records import SubscriberRecord, Subscription, Unsubscribed
from desk.newsletter.rules import checked_email, checked_name, email_of_token, folded_email
from desk.privacy.access_log import DONE, NOT_FOUND, note
from desk.privacy.purposes import Action, Purpose
from desk.registry.report import BatchResult
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

KEY = "newsletter"
COLUMNS = (Subscriber.email, Subscriber.first_name, Subscriber.last_name, Subscriber.consented_on)
ROW = row_lock(Subscriber.select(Subscriber.id).where(Subscriber.email == Slot("email")))
FOUND = Statement(Subscriber.select(*COLUMNS).where(Subscriber.email == Slot("email")))
ADD = Statement(
    Subscriber.insert(
        email=Slot("email"),
        first_name=Slot("first_name"),
        last_name=Slot("last_name"),
        consented_on=Slot("consented_on"),
    )
)
RENAME = Statement(
    Subscriber.update(first_name=Slot("first_name"), last_name=Slot("last_name")).where(
        Subscriber.email == Slot("email")
    )
)
TAKE_OFF = Statement(Subscriber.delete().where(Subscriber.email == Slot("email")))


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSubscriber(Command[SubscriberRecord | None]):
    """Look whether an address subscribes; it is asked for at the counter, and the look is noted."""

    right: ClassVar[Right] = Right.SUBSCRIBE

    email: str = field(repr=False)
    purpose: Purpose = Purpose.BORROWER_ASKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe(Command[Subscription]):
    """Put an address on the list; it was read back before. The consent is of the day of the command."""

    right: ClassVar[Right] = Right.SUBSCRIBE

    email: str = field(repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    purpose: Purpose = Purpose.BORROWER_ASKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe(Command[Unsubscribed]):
    """Take an address off the list: the row is deleted, and nothing of it is kept."""

    right: ClassVar[Right] = Right.SUBSCRIBE

    email: str = field(repr=False)
    purpose: Purpose = Purpose.BORROWER_ASKS


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeWithToken(Command[Unsubscribed]):
    """Take an address off the list by what stood in the link of a mail."""

    right: ClassVar[Right] = Right.SUBSCRIBE

    token: str = field(repr=False)
    purpose: Purpose = Purpose.BORROWER_ASKS


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """A row of an import: its line, and what stood in it."""

    record: int
    email: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    consented_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSubscribers(Command[BatchResult]):
    """Put addresses on the list that have subscribed elsewhere; those that are on it get the names of the file."""

    right: ClassVar[Right] = Right.IMPORT

    rows: tuple[SubscriberRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSubscribers(Command[tuple[SubscriberRecord, ...]]):
    """Read the whole list, in the order of the addresses; a supervisor releases it."""

    right: ClassVar[Right] = Right.EXPORT


def _found(transaction: Transaction, email: str) -> SubscriberRecord | None:
    row = transaction.one(FOUND, email=email)
    return None if row is None else SubscriberRecord(*row)


@carries_out(FindSubscriber, again=lambda transaction, command, _row: _found(transaction, folded_email(command.email)))
def find_subscriber(transaction: Transaction, command: FindSubscriber) -> SubscriberRecord | None:
    """Look an address up.

    Raises:
        InvalidInput: it is none that mail can be sent to.
    """
    found = _found(transaction, checked_email(command.email))
    _note(transaction, command, Action.SEARCH, DONE if found else NOT_FOUND)
    return found


@carries_out(Subscribe, again=lambda _transaction, _command, _row: Subscription(is_new=False))
def subscribe(transaction: Transaction, command: Subscribe) -> Subscription:
    """Subscribe; who subscribes already keeps the date of the first consent.

    Raises:
        InvalidInput: it is no address, or a name is too long.
    """
    email = checked_email(command.email)
    names = {"first_name": checked_name(command.first_name), "last_name": checked_name(command.last_name)}
    is_new = not transaction.run(RENAME, email=email, **names)
    if is_new:
        transaction.run(ADD, email=email, **names, consented_on=local_date(command.at))
    _note(transaction, command, Action.CHANGE)
    return Subscription(is_new)


@carries_out(Unsubscribe, again=lambda _transaction, _command, _row: Unsubscribed())
def unsubscribe(transaction: Transaction, command: Unsubscribe) -> Unsubscribed:
    """Unsubscribe by address.

    Raises:
        NotFound: it does not subscribe.
    """
    return _taken_off(transaction, command, folded_email(command.email))


@carries_out(UnsubscribeWithToken, again=lambda _transaction, _command, _row: Unsubscribed())
def unsubscribe_with_token(transaction: Transaction, command: UnsubscribeWithToken) -> Unsubscribed:
    """Unsubscribe by token. No token is kept: each address's is made anew, a microsecond each.

    Raises:
        NotFound: it is nobody's who subscribes.
    """
    emails = (email for (email,) in transaction.all(Subscriber.select(Subscriber.email)))
    vault = transaction.vault
    email = email_of_token(command.token, ((email, vault.unsubscribe_token(email)) for email in emails))
    return _taken_off(transaction, command, email)


def _taken_off(
    transaction: Transaction, command: Unsubscribe | UnsubscribeWithToken, email: str | None
) -> Unsubscribed:
    if email is None:
        raise NotFound("subscriber")
    transaction.lock(ROW, email=email)
    if not transaction.run(TAKE_OFF, email=email):
        raise NotFound("subscriber")
    _note(transaction, command, Action.CHANGE)
    return Unsubscribed()


@carries_out(ImportSubscribers)
def import_subscribers(transaction: Transaction, command: ImportSubscribers) -> BatchResult:
    """Import a batch. Addresses have been checked, and none is in it twice."""
    added = updated = 0
    for row in command.rows:
        names = {"first_name": row.first_name, "last_name": row.last_name}
        if transaction.run(RENAME, email=row.email, **names):
            updated += 1
        else:
            transaction.run(ADD, email=row.email, **names, consented_on=row.consented_on)
            added += 1
    note(transaction, command.who, command.at, Action.CHANGE, Purpose.IMPORT, revealed=(KEY,))
    return BatchResult(added, updated)


def _everybody(transaction: Transaction) -> tuple[SubscriberRecord, ...]:
    rows = transaction.all(Subscriber.select(*COLUMNS).order_by(Subscriber.email))
    return tuple(SubscriberRecord(*row) for row in rows)


@carries_out(ExportSubscribers, again=lambda transaction, _command, _row: _everybody(transaction))
def export_subscribers(transaction: Transaction, command: ExportSubscribers) -> tuple[SubscriberRecord, ...]:
    """Read the list, and note that it was taken out."""
    everybody = _everybody(transaction)
    note(transaction, command.who, command.at, Action.EXPORT, Purpose.ACCESS, revealed=(KEY,))
    return everybody


def _note(transaction: Transaction, command: Any, action: Action, outcome: str = DONE) -> None:
    note(transaction, command.who, command.at, action, command.purpose, revealed=(KEY,), outcome=outcome)
