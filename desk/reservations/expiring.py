"""What time ends (M6): items that nobody fetched, and reservations that waited too long. In bounded batches.

Run by the nightly run: a command a batch until it answers that there is no more. A fetched item is served by scanning
it at return: then the next in the queue gets it, or it goes home.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import fn

from db.models import Reservation
from desk.calendar import local_date
from desk.command import Command, carries_out, query
from desk.errors import NotFound
from desk.reservations.holding import hold_reservation, let_go
from desk.reservations.records import Expired
from desk.staff.rights import Right

if TYPE_CHECKING:
    from datetime import datetime

    from db.store import Transaction

BATCH = 50
"""Reservations a command ends: few enough that no scan waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireShelf(Command[Expired]):
    """End the reservations whose deadline has passed: the item becomes work, «sættes på plads»."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    batch: int = BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireReservations(Command[Expired]):
    """End the reservations that have waited to the end of their period without a copy."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    batch: int = BATCH


def _not_fetched(today: date) -> Any:
    """Give the condition of what was not fetched in time; the deadline itself is the last day."""
    return (Reservation.state == "readyForPickup") & (Reservation.pickup_deadline < today)


def _waited_too_long(today: date) -> Any:
    """Give the condition of what has expired while it waited; once a copy is set aside, only the deadline counts."""
    return (Reservation.state == "reserved") & (Reservation.expires_on < today)


@carries_out(ExpireShelf, again=lambda _transaction, _command, _row: Expired(0, True))
def expire_shelf(transaction: Transaction, command: ExpireShelf) -> Expired:
    """End one batch of what was not fetched."""
    return _expire(transaction, _not_fetched(local_date(command.at)), command.batch, command.at)


@carries_out(ExpireReservations, again=lambda _transaction, _command, _row: Expired(0, True))
def expire_reservations(transaction: Transaction, command: ExpireReservations) -> Expired:
    """End one batch of what waited too long."""
    return _expire(transaction, _waited_too_long(local_date(command.at)), command.batch, command.at)


def _expire(transaction: Transaction, condition: Any, batch: int, at: datetime) -> Expired:
    rows = transaction.all(Reservation.select(Reservation.id).where(condition).order_by(Reservation.id).limit(batch))
    count = 0
    for (reservation_id,) in rows:
        try:
            held = hold_reservation(transaction, reservation_id)
        except NotFound:
            continue
        # It was read before it was held: a counter may have renewed its time, or served it, meanwhile.
        if transaction.value(Reservation.select(Reservation.id).where((Reservation.id == reservation_id) & condition)):
            let_go(transaction, held, at)
            count += 1
    return Expired(count, len(rows) == batch)


@query(Right.RUN_NIGHTLY)
def shelf_to_expire(transaction: Transaction, today: date) -> int:
    """Count what an expiry of the shelf would end today."""
    return int(transaction.value(Reservation.select(fn.COUNT(Reservation.id)).where(_not_fetched(today))))


@query(Right.RUN_NIGHTLY)
def reservations_to_expire(transaction: Transaction, today: date) -> int:
    """Count what an expiry of reservations would end today."""
    return int(transaction.value(Reservation.select(fn.COUNT(Reservation.id)).where(_waited_too_long(today))))
