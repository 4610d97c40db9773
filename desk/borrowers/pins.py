"""PINs of borrowers' cards (P7): typed twice by the borrower, kept as argon2id over a pepper, wrong ones counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from db.models import Card
from desk.borrowers.cards import NotePinTry
from desk.command import NOBODY, query
from desk.counter.codes import clean_code
from desk.errors import InvalidInput, SignInFailed
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.desk import Desk
    from desk.staff.passwords import Hasher


@dataclass(frozen=True, slots=True)
class CardCredentials:
    """What a PIN is checked against. Shows nobody."""

    card_id: int
    borrower_id: int
    state: str
    pin_hash: str | None = field(repr=False)


@query(Right.SIGN_IN)
def credentials_of_borrower_card(transaction: Transaction, number: str) -> CardCredentials | None:
    """Find a borrower's card by its number, for a PIN to be checked."""
    row = transaction.one(
        Card.select(Card.id, Card.borrower, Card.state, Card.pin_hash).where(Card.number == clean_code(number))
    )
    return None if row is None else CardCredentials(*row)


def checked_pin(typed: str, again: str, digits: int) -> str:
    """Give a new PIN that was typed twice.

    Args:
        typed: what the borrower typed first.
        again: and the second time.
        digits: how many a PIN has.

    Raises:
        InvalidInput: ``pin``: ``digits`` or ``differs``.
    """
    if len(typed) != digits or not (typed.isascii() and typed.isdigit()):
        raise InvalidInput("pin", "digits")
    if typed != again:
        raise InvalidInput("pin", "differs")
    return typed


class PinCheck:
    """Checks a borrower's PIN. Hashing runs beside the event loop and never inside a transaction."""

    def __init__(
        self,
        desk: Desk,
        hasher: Hasher,
        tries_allowed: int,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._desk = desk
        self._hasher = hasher
        self._tries_allowed = tries_allowed
        self._now = now
        self._new_id = new_id

    async def new_hash(self, pin: str) -> str:
        """Hash a new PIN."""
        return await asyncio.to_thread(self._hasher.pin_hash, pin)

    async def with_card(self, number: str, pin: str) -> CardCredentials:
        """Check a card's PIN.

        Raises:
            SignInFailed: ``wrong`` (also for an unknown card, or one without a PIN) or ``locked`` (the card is stopped,
                or this wrong try has stopped it).
            StoreError: the store did not answer.
        """
        found = await self._desk.ask(NOBODY, credentials_of_borrower_card, number)
        if found is not None and found.state != "active":
            raise SignInFailed("locked")
        was_right = await asyncio.to_thread(self._hasher.pin_fits, pin, found.pin_hash if found else None)
        if found is None or found.pin_hash is None:
            raise SignInFailed("wrong")
        tried = await self._desk.do(
            NotePinTry(
                command_id=self._new_id(),
                who=NOBODY,
                at=self._now(),
                card_id=found.card_id,
                was_right=was_right,
                tries_allowed=self._tries_allowed,
            )
        )
        if not was_right:
            raise SignInFailed("wrong" if tried.tries_left else "locked")
        return found
