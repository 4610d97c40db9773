"""What a loan does to reservations, in the check-out's own transaction (P4, C6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desk.errors import NotFound
from desk.reservations.holding import TITLE_ROW, hold_reservation, let_go, take_off_shelf, wait_again

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.circulation.queries import Lendable


def settle_reservations(transaction: Transaction, thing: Lendable, borrower_id: int, at: datetime) -> bool:
    """Fulfil the borrower's reservation of what is lent, and give another's back its old place.

    A borrower's reservation is fulfilled by any copy; if another copy was set aside for it, that one is put back. An
    item that was set aside for somebody else goes out only when a supervisor said so (C5).

    Args:
        transaction: the check-out's.
        thing: the item as it was read, with its row locked.
        borrower_id: who it is lent to.
        at: the instant of the loan, aware UTC.

    Returns:
        Whether a reservation of the borrower's was fulfilled.
    """
    if thing.item.status == "on_shelf":
        take_off_shelf(transaction, thing.item.item_id)
    if thing.trapped is not None and thing.trapped.borrower_id != borrower_id:
        transaction.lock(TITLE_ROW, title_id=thing.title_id)
        wait_again(transaction, thing.trapped.reservation_id, thing.trapped.borrower_id)
    if thing.own_reservation_id is None:
        return False
    try:
        held = hold_reservation(transaction, thing.own_reservation_id)
    except NotFound:
        # It expired while this check-out waited for its turn.
        return False
    if held.trapped_item_id == thing.item.item_id:
        held = held.without_item()
    let_go(transaction, held, at)
    return True
