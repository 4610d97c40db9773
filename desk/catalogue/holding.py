"""Who has an item: a look at a borrower, with a purpose and a row in the access log (C15, G8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, Loan, Reservation
from db.statements import Slot, Statement
from desk.catalogue.records import ItemHolder
from desk.command import Command, carries_out
from desk.errors import NotFound
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowItemHolder(Command[ItemHolder]):
    """Show who has an item, or whom it is set aside for."""

    right: ClassVar[Right] = Right.SEE_BORROWER

    item_id: int
    purpose: Purpose


HAS_IT = Statement(
    Borrower.select(Borrower.id, Borrower.number, Borrower.name, Loan.due_on)
    .join(Loan, on=(Loan.borrower == Borrower.id))
    .where((Loan.item == Slot("item_id")) & Loan.returned_at.is_null())
)
WAITS_FOR_IT = Statement(
    Borrower.select(Borrower.id, Borrower.number, Borrower.name)
    .join(Reservation, on=(Reservation.borrower == Borrower.id))
    .where(Reservation.trapped_item == Slot("item_id"))
)


@carries_out(
    ShowItemHolder,
    row_id=lambda holder: holder.borrower_id,
    again=lambda transaction, command, _row: _holder(transaction, command.item_id),
)
def show_item_holder(transaction: Transaction, command: ShowItemHolder) -> ItemHolder:
    """Give whoever has an item, and note that it was shown.

    Raises:
        NotFound: ``holder``: nobody has it, and it is set aside for nobody.
    """
    holder = _holder(transaction, command.item_id)
    shown = ("name", "number", "reservations" if holder.waits else "loans")
    note(transaction, command.who, command.at, Action.REVEAL, command.purpose, holder.borrower_id, revealed=shown)
    return holder


def _holder(transaction: Transaction, item_id: int) -> ItemHolder:
    has_it = transaction.one(HAS_IT, item_id=item_id)
    if has_it is not None:
        borrower_id, number, name, due_on = has_it
        return ItemHolder(borrower_id, number, name, waits=False, due_on=due_on)
    waits = transaction.one(WAITS_FOR_IT, item_id=item_id)
    if waits is None:
        raise NotFound("holder")
    borrower_id, number, name = waits
    return ItemHolder(borrower_id, number, name, waits=True, due_on=None)
