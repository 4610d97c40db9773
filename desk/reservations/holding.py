"""The locks and the writing of reservations. One order for everybody: borrower, item, title, branch.

Whoever changes a queue holds the title's row, so that two returns do not serve the same reservation; whoever takes a
place of a shelf holds the branch's row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from db.models import Branch, PutBack, Reservation, Title
from db.statements import Slot, Statement, row_lock
from db.trail import Inserted, followed
from desk.circulation.queries import ITEM_ROW
from desk.errors import NotFound
from desk.messages.queueing import withdraw_message

if TYPE_CHECKING:
    from db.store import Transaction

TITLE_ROW = row_lock(Title.select(Title.id).where(Title.id == Slot("title_id")))
BRANCH_ROW = row_lock(Branch.select(Branch.id).where(Branch.id == Slot("branch_id")))
HELD = Statement(
    Reservation.select(
        Reservation.id,
        Reservation.borrower,
        Reservation.title,
        Reservation.state,
        Reservation.pickup_branch,
        Reservation.trapped_item,
        Reservation.pickup_number,
    ).where(Reservation.id == Slot("reservation_id"))
)
WAITS_AGAIN = Statement(
    Reservation.update(
        state="reserved", trapped_item=None, pickup_number=None, ready_at=None, pickup_deadline=None
    ).where(Reservation.id == Slot("reservation_id"))
)
GONE = Statement(Reservation.delete().where(Reservation.id == Slot("reservation_id")))
PUT_BACK = Statement(
    PutBack.insert(item=Slot("item_id"), branch=Slot("branch_id"), pickup_number=Slot("number"), since=Slot("at"))
)
LEFT_THERE = Statement(PutBack.select(PutBack.id).where(PutBack.item == Slot("item_id")))
TAKEN_OFF = Statement(PutBack.delete().where(PutBack.item == Slot("item_id")))


@dataclass(frozen=True, slots=True)
class HeldReservation:
    """A reservation whose queue is held until the end of the transaction."""

    reservation_id: int
    borrower_id: int
    title_id: int
    state: str
    pickup_branch_id: int
    trapped_item_id: int | None
    pickup_number: int | None

    def without_item(self) -> HeldReservation:
        """Give it as it is when its item has been taken off the shelf."""
        return replace(self, trapped_item_id=None, pickup_number=None)


def hold_reservation(transaction: Transaction, reservation_id: int) -> HeldReservation:
    """Lock a reservation's item and queue, and read it.

    Raises:
        NotFound: it has been fulfilled or deleted.
    """
    before = _read(transaction, reservation_id)
    if before.trapped_item_id is not None:
        transaction.lock(ITEM_ROW, item_id=before.trapped_item_id)
    transaction.lock(TITLE_ROW, title_id=before.title_id)
    held = _read(transaction, reservation_id)
    if held.trapped_item_id not in {None, before.trapped_item_id}:
        # A return was quicker. Out of order, so two may wait for each other: the engine then lets one try again.
        transaction.lock(ITEM_ROW, item_id=held.trapped_item_id)
    return held


def _read(transaction: Transaction, reservation_id: int) -> HeldReservation:
    row = transaction.one(HELD, reservation_id=reservation_id)
    if row is None:
        raise NotFound("reservation")
    return HeldReservation(*row)


def wait_again(transaction: Transaction, reservation_id: int, borrower_id: int) -> None:
    """Give a reservation that an item had been set aside for its old place in the queue.

    Nobody is sent for what is not there: «klar» that has not left the house is taken back.
    """
    withdraw_ready(transaction, reservation_id, borrower_id)
    with followed(transaction, Reservation, reservation_id):
        transaction.run(WAITS_AGAIN, reservation_id=reservation_id)


def ready_cause(reservation_id: int, command_id: str = "") -> str:
    """Give the cause of a message that something lies ready: of a reservation, or of one of its copies (a return)."""
    # The same row id may be another's reservation later that day: what tells it apart is the return.
    return f"reservation_ready:{reservation_id}:{command_id}"


def withdraw_ready(transaction: Transaction, reservation_id: int, borrower_id: int) -> None:
    """Take back the message that something lies ready, as long as it has not been sent."""
    withdraw_message(transaction, borrower_id, "reservation_ready", ready_cause(reservation_id))


def take_off_shelf(transaction: Transaction, item_id: int) -> None:
    """Note that an item that lay on a shelf for nobody has been fetched."""
    row_id = transaction.value(LEFT_THERE, item_id=item_id)
    if row_id is not None:
        with followed(transaction, PutBack, row_id):
            transaction.run(TAKEN_OFF, item_id=item_id)


def let_go(transaction: Transaction, held: HeldReservation, at: datetime) -> None:
    """Delete a reservation (P4); what lies on a shelf for it becomes work: «sættes på plads»."""
    if held.state == "readyForPickup":
        withdraw_ready(transaction, held.reservation_id, held.borrower_id)
    with followed(transaction, Reservation, held.reservation_id):
        transaction.run(GONE, reservation_id=held.reservation_id)
    leave_on_shelf(transaction, held, at)


def leave_on_shelf(transaction: Transaction, held: HeldReservation, at: datetime) -> None:
    """Note that the item on a reservation's shelf place lies there for nobody; its place stays taken until fetched."""
    if held.pickup_number is not None and held.trapped_item_id is not None:
        left = transaction.run(
            PUT_BACK,
            item_id=held.trapped_item_id,
            branch_id=held.pickup_branch_id,
            number=held.pickup_number,
            at=at,
        )
        transaction.trail.append(Inserted(PutBack, left))
