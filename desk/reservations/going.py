"""Where an item goes that is scanned at return (C8): home, to a place on the shelf, or to another branch.

Small on purpose: every start loads it. What finds out more is loaded when a reservation is first concerned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.models import Branch

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.circulation.queries import Lendable
    from desk.circulation.returning import Return


@dataclass(frozen=True, slots=True)
class Going:
    """Where an item goes. Holds no borrower.

    Attributes:
        status: what the item's status becomes.
        branch: the branch it is sent to; None: it stays here.
        shelf: its place on the pickup shelf here; None: it does not lie there.
        is_reserved: somebody waits for it, here or there.
    """

    status: str
    branch: str | None = None
    shelf: int | None = None
    is_reserved: bool = False


def unreserved(thing: Lendable, branch_id: int | None) -> Going:
    """Say where an item goes that nobody waits for."""
    if thing.item.branch_id == branch_id:
        return Going("available")
    return Going("in_transit", thing.item.branch)


def destination(transaction: Transaction, command: Return, thing: Lendable, branch_id: int) -> Going:
    """Say where a returned item goes, and set it aside for the first who waits for it (R6).

    Args:
        transaction: the return's, in which the item's loan has been closed.
        command: the return.
        thing: the item as it was read, with its row locked.
        branch_id: where it was scanned.
    """
    if thing.trapped is None and not thing.is_waited_for and thing.item.status != "on_shelf":
        return unreserved(thing, branch_id)
    from desk.reservations.trapping import reserved_destination  # noqa: PLC0415  (most returns concern nobody)

    return reserved_destination(transaction, command, thing, branch_id)


def going_again(transaction: Transaction, thing: Lendable, branch_id: int | None) -> Going:
    """Say once more where an item goes whose return has been carried out; nothing is done."""
    trapped = thing.trapped
    if trapped is None:
        return unreserved(thing, branch_id)
    if trapped.pickup_branch_id == branch_id:
        return Going("on_shelf", None, trapped.pickup_number, True)
    to = transaction.value(Branch.select(Branch.name).where(Branch.id == trapped.pickup_branch_id))
    return Going("in_transit", to, None, True)
