"""An item's status set by hand, with a reason (C15), and what that does to a loan and to the queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from peewee import JOIN, fn

from db.models import Borrower, Item, Loan, Reservation
from db.models.items import ITEM_STATUSES
from db.statements import Slot, Statement, row_lock
from desk.catalogue.records import StatusSet
from desk.catalogue.rules import OUT_OF_REACH, why_not
from desk.circulation.queries import ITEM_ROW
from desk.command import Command, carries_out
from desk.errors import InvalidInput, NotFound, Refused
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.reservations.holding import TITLE_ROW, take_off_shelf, wait_again
from desk.staff.rights import Right
from desk.wording import plain

if TYPE_CHECKING:
    from db.store import Transaction

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SetItemStatus(Command[StatusSet]):
    """Give an item a status by hand.

    Attributes:
        status: a word of *Semantics*.
        reason: why; no names in it, for it is kept with the item.
    """

    right: ClassVar[Right] = Right.LEND

    item_id: int
    status: str
    reason: str = field(repr=False)


HOLDER = row_lock(
    Borrower.select(Borrower.id)
    .where(
        Borrower.id.in_(Loan.select(Loan.borrower).where((Loan.item == Slot("item_id")) & Loan.returned_at.is_null()))
        | Borrower.id.in_(Reservation.select(Reservation.borrower).where(Reservation.trapped_item == Slot("item_id")))
    )
    .order_by(Borrower.id)
)
STANDING = Statement(
    Item.select(Item.status, Item.title, Loan.borrower, Reservation.id, Reservation.borrower)
    .join(Loan, JOIN.LEFT_OUTER, on=(Loan.item == Item.id) & Loan.returned_at.is_null())
    .switch(Item)
    .join(Reservation, JOIN.LEFT_OUTER, on=(Reservation.trapped_item == Item.id))
    .where(Item.id == Slot("item_id"))
)
NEW_STATUS = Statement(
    Item.update(status=Slot("status"), status_since=Slot("since"), status_reason=Slot("reason")).where(
        Item.id == Slot("item_id")
    )
)
WAITING = Statement(Reservation.select(fn.COUNT(Reservation.id)).where(Reservation.title == Slot("title_id")))
COPIES_LEFT = Statement(
    Item.select(fn.COUNT(Item.id)).where((Item.title == Slot("title_id")) & Item.status.not_in(sorted(OUT_OF_REACH)))
)


@carries_out(
    SetItemStatus,
    row_id=lambda record: record.item_id,
    again=lambda transaction, command, _row: _as_it_is(transaction, command),
)
def set_item_status(transaction: Transaction, command: SetItemStatus) -> StatusSet:
    """Set an item's status.

    An open loan stays open, and its row in the log says that it was changed. A reservation the item was set aside for
    has its place in the queue again, as long as it has waited.

    Raises:
        NotFound: the item is gone.
        InvalidInput: ``reason`` is missing or too long; ``status`` is none.
        Refused: every reason why the item does not get that status.
    """
    reason = " ".join(plain(command.reason).split())
    if not reason:
        raise InvalidInput("reason", "missing")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput("status_reason", "too_long")
    if command.status not in ITEM_STATUSES:
        raise InvalidInput("status", "unknown")
    # One order for everybody: borrower, item, title.
    transaction.lock(HOLDER, item_id=command.item_id)
    transaction.lock(ITEM_ROW, item_id=command.item_id)
    row = transaction.one(STANDING, item_id=command.item_id)
    if row is None:
        raise NotFound("item")
    was, title_id, borrower_id, reservation_id, waiting_id = row
    reasons = why_not(was, command.status, on_loan=borrower_id is not None, set_aside=reservation_id is not None)
    if reasons:
        raise Refused(reasons, command.item_id)
    transaction.run(NEW_STATUS, item_id=command.item_id, status=command.status, since=command.at, reason=reason)
    take_off_shelf(transaction, command.item_id)
    if reservation_id is not None:
        transaction.lock(TITLE_ROW, title_id=title_id)
        wait_again(transaction, reservation_id, waiting_id)
    done = _as_it_is(transaction, command, was=was, back_in_queue=reservation_id is not None)
    if borrower_id is not None:
        purpose = Purpose.BORROWER_ASKS if command.status == "claimed_returned" else Purpose.CORRECTION
        note(transaction, command.who, command.at, Action.CHANGE, purpose, borrower_id, revealed=("loans",))
    return done


def _as_it_is(
    transaction: Transaction, command: SetItemStatus, *, was: str = "", back_in_queue: bool = False
) -> StatusSet:
    row = transaction.one(STANDING, item_id=command.item_id)
    if row is None:
        raise NotFound("item")
    status, title_id, borrower_id, *_reservation = row
    return StatusSet(
        item_id=command.item_id,
        was=was,
        status=status,
        on_loan=borrower_id is not None,
        back_in_queue=back_in_queue,
        waiting=int(transaction.value(WAITING, title_id=title_id)),
        copies_left=int(transaction.value(COPIES_LEFT, title_id=title_id)),
    )
