"""A title's page (C15): its copies, and how long the queue is. No borrower is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import JOIN, fn

from db.models import Branch, Item, Loan, MaterialGroup, PutBack, Reservation, Title
from db.statements import Slot, Statement
from desk.catalogue.records import CopyRecord, TitlePage
from desk.catalogue.title_words import number_in
from desk.command import query
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

SHELF: Any = Branch.alias()
OTHER_SHELF: Any = Branch.alias()
WAITING = Reservation.select(fn.COUNT(Reservation.id)).where(Reservation.title == Slot("title_id"))
TITLE = Statement(
    Title.select(Title.id, Title.title, Title.author, Title.year, Title.source_key, WAITING).where(
        Title.id == Slot("title_id")
    )
)
COPIES = Statement(
    Item.select(
        Item.id,
        Item.barcode,
        Branch.name,
        Item.shelf_mark,
        MaterialGroup.name,
        Item.status,
        Item.status_since,
        Item.status_reason,
        Loan.due_on,
        fn.COALESCE(Reservation.pickup_number, PutBack.pickup_number),
        fn.COALESCE(SHELF.name, OTHER_SHELF.name, ""),
        Reservation.id,
    )
    .join(Branch, on=(Item.branch == Branch.id))
    .switch(Item)
    .join(MaterialGroup, on=(Item.material_group == MaterialGroup.id))
    .switch(Item)
    .join(Loan, JOIN.LEFT_OUTER, on=(Loan.item == Item.id) & Loan.returned_at.is_null())
    .switch(Item)
    .join(Reservation, JOIN.LEFT_OUTER, on=(Reservation.trapped_item == Item.id))
    .join(SHELF, JOIN.LEFT_OUTER, on=(Reservation.pickup_branch == SHELF.id))
    .switch(Item)
    .join(PutBack, JOIN.LEFT_OUTER, on=(PutBack.item == Item.id))
    .join(OTHER_SHELF, JOIN.LEFT_OUTER, on=(PutBack.branch == OTHER_SHELF.id))
    .where(Item.title == Slot("title_id"))
    .order_by(Branch.name, Item.barcode)
)


@query(Right.LEND)
def title_page(transaction: Transaction, title_id: int) -> TitlePage | None:
    """Give a title with its copies, or None when it is gone; two statements, however many copies it has.

    Args:
        transaction: a consistent view of the store.
        title_id: of the title.
    """
    row = transaction.one(TITLE, title_id=title_id)
    if row is None:
        return None
    _id, title, author, year, source_key, waiting = row
    copies = tuple(_copy(one) for one in transaction.all(COPIES, title_id=title_id))
    return TitlePage(title_id, title, author, year, number_in(source_key), copies, int(waiting))


def _copy(row: tuple[Any, ...]) -> CopyRecord:
    columns: tuple[Any, ...] = (*row[:-1], row[-1] is not None)
    return CopyRecord(*columns)
