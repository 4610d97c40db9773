"""Cancelling a reservation (P4), and fetching it somewhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from db.models import Branch, Reservation
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower, note_change
from desk.command import carries_out
from desk.errors import NotFound
from desk.reservations.holding import HeldReservation, hold_reservation, leave_on_shelf, let_go, withdraw_ready
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReservation(AboutBorrower[Changed]):
    """Delete a borrower's reservation."""

    right: ClassVar[Right] = Right.LEND

    reservation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePickupBranch(AboutBorrower[Changed]):
    """Let a reservation be fetched at another branch."""

    right: ClassVar[Right] = Right.LEND

    reservation_id: int
    branch_id: int


def _held(transaction: Transaction, command: CancelReservation | ChangePickupBranch) -> HeldReservation:
    hold_borrower(transaction, command.borrower_id)
    held = hold_reservation(transaction, command.reservation_id)
    if held.borrower_id != command.borrower_id:
        raise NotFound("reservation")
    return held


@carries_out(CancelReservation, row_id=lambda done: done.row_id, again=changed_again)
def cancel_reservation(transaction: Transaction, command: CancelReservation) -> Changed:
    """Delete a reservation; what lies on the shelf for it becomes work: «sættes på plads».

    Raises:
        NotFound: it has been fulfilled or deleted meanwhile, or is another borrower's.
    """
    let_go(transaction, _held(transaction, command), command.at)
    note_change(transaction, command, "reservations")
    return Changed(command.reservation_id)


@carries_out(ChangePickupBranch, row_id=lambda done: done.row_id, again=changed_again)
def change_pickup_branch(transaction: Transaction, command: ChangePickupBranch) -> Changed:
    """Change where a reservation is fetched. What lies ready already is sent on when it is scanned at return.

    Raises:
        NotFound: the reservation or the branch is gone.
    """
    held = _held(transaction, command)
    if transaction.value(Branch.select(Branch.id).where(Branch.id == command.branch_id)) is None:
        raise NotFound("branch")
    if held.pickup_branch_id != command.branch_id:
        columns: dict[str, object] = {"pickup_branch": command.branch_id}
        if held.state == "readyForPickup":
            withdraw_ready(transaction, held.reservation_id, held.borrower_id)
            columns |= {"state": "inTransit", "pickup_number": None, "ready_at": None, "pickup_deadline": None}
        transaction.run(Reservation.update(**columns).where(Reservation.id == held.reservation_id))
        leave_on_shelf(transaction, held, command.at)
    note_change(transaction, command, "reservations")
    return Changed(command.reservation_id)
