"""Whether somebody else has the better right to an item that is to be lent (C6)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from db.models import Branch
from desk.calendar import local_date
from desk.circulation.refusals import ReservedForAnother
from desk.reservations.trapping import first_in_queue

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.circulation.queries import Lendable


def reserved_for_another(
    transaction: Transaction, thing: Lendable, borrower_id: int, branch_id: int, today: date
) -> ReservedForAnother | None:
    """Say who comes before a borrower: whoever an item is set aside for, or is the next to have it.

    Args:
        transaction: the command's.
        thing: the item as it was read; on loan to another when it is not set aside.
        borrower_id: who would like to have it.
        branch_id: where they stand.
        today: local date.
    """
    trapped = thing.trapped
    if trapped is None:
        first = first_in_queue(transaction, thing, today)
        return None if first in {None, borrower_id} else ReservedForAnother(is_trapped=False)
    if trapped.borrower_id == borrower_id:
        return None
    branch = ""
    if trapped.pickup_branch_id != branch_id:
        branch = transaction.value(Branch.select(Branch.name).where(Branch.id == trapped.pickup_branch_id))
    since = None if trapped.ready_at is None else local_date(trapped.ready_at)
    return ReservedForAnother(trapped.pickup_number, since, branch)
