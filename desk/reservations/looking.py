"""For whom an item lies on the shelf: a look at a borrower, so a command with its row in the log (G8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, Reservation
from desk.command import Command, carries_out
from desk.errors import NotFound
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.reservations.records import WhoWaits
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeWhoWaits(Command[WhoWaits]):
    """Show for whom a reservation is."""

    right: ClassVar[Right] = Right.SEE_BORROWER

    reservation_id: int
    purpose: Purpose = field(default=Purpose.FOLLOW_UP)


@carries_out(
    SeeWhoWaits,
    row_id=lambda who: who.borrower_id,
    again=lambda transaction, command, _row: _who_waits(transaction, command.reservation_id),
)
def see_who_waits(transaction: Transaction, command: SeeWhoWaits) -> WhoWaits:
    """Give the borrower of a reservation, and note it.

    Raises:
        NotFound: it has been fulfilled or deleted.
    """
    who = _who_waits(transaction, command.reservation_id)
    note(
        transaction,
        command.who,
        command.at,
        Action.REVEAL,
        command.purpose,
        who.borrower_id,
        revealed=("name", "reservations"),
    )
    return who


def _who_waits(transaction: Transaction, reservation_id: int) -> WhoWaits:
    row = transaction.one(
        Reservation.select(Borrower.id, Borrower.number, Borrower.name)
        .join(Borrower, on=(Reservation.borrower == Borrower.id))
        .where(Reservation.id == reservation_id)
    )
    if row is None:
        raise NotFound("reservation")
    return WhoWaits(*row)
