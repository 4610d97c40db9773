"""Setting a returned item aside for the first who waits for it, in the return's own transaction (R6, C8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from db.models import Borrower, Branch, LibraryRules, PutBack, Reservation
from db.statements import Slot, Statement
from db.trail import followed
from desk.calendar import local_date
from desk.circulation.queries import Trapped, calendar_of
from desk.circulation.returning import STAYS
from desk.messages.queueing import queue_message
from desk.reservations.eligible import IS_NOT_ABSENT, IS_NOT_BLOCKED, IS_WAITING, may_reserve
from desk.reservations.going import Going, unreserved
from desk.reservations.holding import BRANCH_ROW, TITLE_ROW, ready_cause, take_off_shelf, wait_again
from desk.reservations.rules import lowest_free, pickup_deadline

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.circulation.queries import Lendable
    from desk.circulation.returning import Return

FIRST_IN_QUEUE = Statement(
    Reservation.select(Reservation.id, Reservation.borrower, Reservation.pickup_branch)
    .join(Borrower, on=(Reservation.borrower == Borrower.id))
    .where(
        (Reservation.title == Slot("title_id"))
        & IS_WAITING
        & (Reservation.item.is_null() | (Reservation.item == Slot("item_id")))
        & IS_NOT_ABSENT
        & IS_NOT_BLOCKED
        & may_reserve(Slot("material_group_id"))
    )
    .order_by(Reservation.reserved_at, Reservation.id)
    .limit(1)
)
ON_THE_WAY = Statement(
    Reservation.update(
        state="inTransit", trapped_item=Slot("item_id"), pickup_number=None, ready_at=None, pickup_deadline=None
    ).where(Reservation.id == Slot("reservation_id"))
)
READY = Statement(
    Reservation.update(
        state="readyForPickup",
        trapped_item=Slot("item_id"),
        pickup_number=Slot("number"),
        ready_at=Slot("at"),
        pickup_deadline=Slot("deadline"),
    ).where(Reservation.id == Slot("reservation_id"))
)
NUMBERS_TAKEN = Statement(
    Reservation.select(Reservation.pickup_number).where(
        (Reservation.pickup_branch == Slot("branch_id")) & Reservation.pickup_number.is_null(False)
    )
    + PutBack.select(PutBack.pickup_number).where(PutBack.branch == Slot("branch_id"))
)
SHELF_DAYS = Statement(LibraryRules.select(LibraryRules.shelf_days).where(LibraryRules.id == 1))
BRANCH_NAME = Statement(Branch.select(Branch.name).where(Branch.id == Slot("branch_id")))


@dataclass(frozen=True, slots=True)
class _First:
    """Whoever is first in a queue."""

    reservation_id: int
    borrower_id: int
    pickup_branch_id: int


def first_in_queue(transaction: Transaction, thing: Lendable, today: date) -> int | None:
    """Give the borrower who would get a copy if it came back now, or None."""
    first = _first(transaction, thing, today)
    return None if first is None else first.borrower_id


def _first(transaction: Transaction, thing: Lendable, today: date) -> _First | None:
    row = transaction.one(
        FIRST_IN_QUEUE,
        title_id=thing.title_id,
        item_id=thing.item.item_id,
        material_group_id=thing.material_group_id,
        today=today,
    )
    return None if row is None else _First(*row)


def reserved_destination(transaction: Transaction, command: Return, thing: Lendable, branch_id: int) -> Going:
    """Say where a scanned item goes, and do what follows from it for whoever waits.

    An item that is out of use serves nobody: its reservation waits again, in its old place. One that is set aside
    already goes on to where it is awaited. Any other is set aside for the first who may have it.
    """
    if thing.item.status == "on_shelf":
        take_off_shelf(transaction, thing.item.item_id)
    trapped = thing.trapped
    if thing.item.status in STAYS:
        if trapped is not None:
            transaction.lock(TITLE_ROW, title_id=thing.title_id)
            wait_again(transaction, trapped.reservation_id, trapped.borrower_id)
        return unreserved(thing, branch_id)
    transaction.lock(TITLE_ROW, title_id=thing.title_id)
    if trapped is None:
        first = _first(transaction, thing, local_date(command.at))
        if first is None:
            return unreserved(thing, branch_id)
        trapped = Trapped(first.reservation_id, first.borrower_id, "reserved", first.pickup_branch_id, None, None)
    if trapped.pickup_branch_id != branch_id:
        with followed(transaction, Reservation, trapped.reservation_id):
            transaction.run(ON_THE_WAY, reservation_id=trapped.reservation_id, item_id=thing.item.item_id)
        return Going("in_transit", transaction.value(BRANCH_NAME, branch_id=trapped.pickup_branch_id), None, True)
    if trapped.state == "readyForPickup":
        return Going("on_shelf", None, trapped.pickup_number, True)
    return _set_on_shelf(transaction, command, thing, trapped)


def _set_on_shelf(transaction: Transaction, command: Return, thing: Lendable, trapped: Trapped) -> Going:
    """Give an item the lowest free place of the shelf and a deadline, and tell whoever waits."""
    branch_id = trapped.pickup_branch_id
    transaction.lock(BRANCH_ROW, branch_id=branch_id)
    number = lowest_free(row[0] for row in transaction.all(NUMBERS_TAKEN, branch_id=branch_id))
    today = local_date(command.at)
    shelf_days = int(transaction.value(SHELF_DAYS) or 1)
    deadline = pickup_deadline(today, shelf_days, calendar_of(transaction, branch_id, today))
    with followed(transaction, Reservation, trapped.reservation_id):
        transaction.run(
            READY,
            reservation_id=trapped.reservation_id,
            item_id=thing.item.item_id,
            number=number,
            at=command.at,
            deadline=deadline,
        )
    queue_message(
        transaction,
        trapped.borrower_id,
        "reservation_ready",
        ready_cause(trapped.reservation_id, command.command_id),
        {
            "shelf": number,
            "deadline": deadline.isoformat(),
            "branch": transaction.value(BRANCH_NAME, branch_id=branch_id),
        },
        command.at,
        command.command_id,
    )
    return Going("on_shelf", None, number, True)
