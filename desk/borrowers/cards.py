"""Cards (lånerid): several a borrower, each with its kind, state and own PIN (P7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from db.models import Card
from db.statements import Slot, Statement
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower, note_change
from desk.borrowers.details import Columns
from desk.borrowers.rules import stopped_by_pins
from desk.borrowers.searching import write_search_words
from desk.borrowers.signing_up import NewCard, free_card
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import InvalidInput, NotFound
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

# A card is stopped as stolen, or because it was lost, broken or replaced; too many wrong PINs stop it by themselves.
STOPPED_AS = ("stolen", "stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCard(AboutBorrower[Changed]):
    """Hand out another card; those there are stay as they are."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    card: NewCard


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCard(AboutBorrower[Changed]):
    """Stop a card: that card, not the person. ``state``: ``stolen`` or ``stopped``."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    card_id: int
    state: str = "stolen"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCard(AboutBorrower[Changed]):
    """Let a card that was stopped be used again: it has turned up."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    card_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPin(AboutBorrower[Changed]):
    """Set a card's PIN, which the borrower typed twice; the hash comes ready made. Lifts a stop by wrong PINs."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    card_id: int
    pin_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinTried:
    """How a try with a PIN went.

    Attributes:
        tries_left: before the card is stopped; 0: it is.
    """

    card_id: int
    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePinTry(Command[PinTried]):
    """Count a try with a card's PIN: a right one clears the count, too many wrong ones stop the card."""

    right: ClassVar[Right] = Right.SIGN_IN

    card_id: int
    was_right: bool
    tries_allowed: int


CARD_ROW = Statement(Card.select(Card.id).where(Card.id == Slot("card_id")).for_update())
CARD_STANDING = Statement(Card.select(Card.wrong_pins, Card.state).where(Card.id == Slot("card_id")))


@carries_out(AddCard, row_id=lambda done: done.row_id, again=changed_again)
def add_card(transaction: Transaction, command: AddCard) -> Changed:
    """Hand out a card.

    Raises:
        InvalidInput: the number is no new card's, as :func:`~desk.borrowers.card_numbers.card_fault` says.
        NotFound: the borrower is gone.
    """
    hold_borrower(transaction, command.borrower_id)
    card = free_card(transaction, command.card)
    card_id = transaction.run(
        Card.insert(borrower=command.borrower_id, number=card.number, kind=card.kind, pin_hash=card.pin_hash)
    )
    write_search_words(transaction, [command.borrower_id])
    note_change(transaction, command, "cards")
    return Changed(card_id)


@carries_out(StopCard, row_id=lambda done: done.row_id, again=changed_again)
def stop_card(transaction: Transaction, command: StopCard) -> Changed:
    """Stop a card.

    Raises:
        InvalidInput: a state that stops nothing.
        NotFound: the card is gone, or another borrower's.
    """
    if command.state not in STOPPED_AS:
        raise InvalidInput("state", "unknown")
    return _set_state(transaction, command, command.card_id, command.state)


@carries_out(OpenCard, row_id=lambda done: done.row_id, again=changed_again)
def open_card(transaction: Transaction, command: OpenCard) -> Changed:
    """Open a card again; one stopped by wrong PINs takes a new PIN instead.

    Raises:
        InvalidInput: ``pin``: ``wrong_pins``.
        NotFound: the card is gone, or another borrower's.
    """
    standing = transaction.one(CARD_STANDING, card_id=command.card_id)
    if standing is not None and stopped_by_pins(*standing):
        raise InvalidInput("pin", "wrong_pins")
    return _set_state(transaction, command, command.card_id, "active")


def _set_state(transaction: Transaction, command: AboutBorrower[Changed], card_id: int, state: str) -> Changed:
    hold_borrower(transaction, command.borrower_id)
    since = None if state == "active" else local_date(command.at)
    changed = transaction.run(
        Card.update(state=state, state_since=since, wrong_pins=0).where(
            (Card.id == card_id) & (Card.borrower == command.borrower_id)
        )
    )
    if not changed:
        raise NotFound("card")
    note_change(transaction, command, "cards")
    return Changed(card_id)


@carries_out(SetPin, row_id=lambda done: done.row_id, again=changed_again)
def set_pin(transaction: Transaction, command: SetPin) -> Changed:
    """Set a PIN.

    Raises:
        NotFound: the card is gone, or another borrower's.
    """
    hold_borrower(transaction, command.borrower_id)
    transaction.lock(CARD_ROW, card_id=command.card_id)
    own = (Card.id == command.card_id) & (Card.borrower == command.borrower_id)
    row = transaction.one(Card.select(Card.wrong_pins, Card.state).where(own))
    if row is None:
        raise NotFound("card")
    columns: Columns = {Card.pin_hash: command.pin_hash, Card.wrong_pins: 0}
    if stopped_by_pins(*row):
        columns |= {Card.state: "active", Card.state_since: None}
    transaction.run(Card.update(columns).where(own))
    note_change(transaction, command, "cards")
    return Changed(command.card_id)


def _tried_again(transaction: Transaction, command: NotePinTry, card_id: int) -> PinTried:
    row = transaction.one(CARD_STANDING, card_id=card_id)
    return PinTried(card_id, 0 if row is None else max(0, command.tries_allowed - row[0]))


@carries_out(NotePinTry, row_id=lambda tried: tried.card_id, again=_tried_again)
def note_pin_try(transaction: Transaction, command: NotePinTry) -> PinTried:
    """Count a try. Two at two counters are two: the second waits for the count of the first.

    Raises:
        NotFound: the card is gone.
    """
    transaction.lock(CARD_ROW, card_id=command.card_id)
    row = transaction.one(CARD_STANDING, card_id=command.card_id)
    if row is None:
        raise NotFound("card")
    wrong, state = row
    if command.was_right:
        if wrong and state == "active":
            transaction.run(Card.update(wrong_pins=0).where(Card.id == command.card_id))
        return PinTried(command.card_id, command.tries_allowed)
    wrong += 1
    columns: Columns = {Card.wrong_pins: wrong}
    if wrong >= command.tries_allowed and state == "active":
        columns |= {Card.state: "stopped", Card.state_since: local_date(command.at)}
    transaction.run(Card.update(columns).where(Card.id == command.card_id))
    return PinTried(command.card_id, max(0, command.tries_allowed - wrong))
