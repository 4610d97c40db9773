"""What stands reserved in the demo: something on the shelf, on its way, waited for, and to be fetched.

Written last and without a random number: the rest of the town is the same with it and without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from peewee import fn

from db.models import Branch, Item, LibraryRules, Loan, MaterialGroup, Reservation, Title
from desk.calendar import local_date
from desk.circulation.queries import calendar_of
from desk.registry import demo_town as town
from desk.registry.cells import title_key
from desk.reservations.rules import pickup_deadline

if TYPE_CHECKING:
    from db.store import Transaction

RESERVED = town.Reserved()


def reserve(transaction: Transaction, at: datetime, barcode: str, borrowers: Mapping[str, int]) -> None:
    """Write the demo's reservations.

    Args:
        transaction: the filling's.
        at: the instant the demo is made.
        barcode: of the copy that lies on the pickup shelf.
        borrowers: ids by name.
    """
    branch_id = transaction.value(Branch.select(Branch.id).where(Branch.name == town.STRUER.name))
    _on_shelf(transaction, at, barcode, borrowers[RESERVED.on_shelf], branch_id)
    coming = transaction.one(
        Item.select(Item.title, Item.id)
        .join(Title)
        .where((Title.title == RESERVED.transit_title) & (Item.status == "in_transit"))
    )
    if coming is not None:
        _wait(
            transaction,
            at - timedelta(days=9),
            borrowers[RESERVED.in_transit],
            coming[0],
            branch_id,
            state="inTransit",
            trapped_item=coming[1],
        )
    free = Item.select(Item.title).where(Item.status == "available")
    lent = transaction.value(
        Loan.select(fn.MIN(Item.title))
        .join(Item)
        .where(Loan.returned_at.is_null() & Item.title.not_in(free) & _may_be_reserved())
    )
    if lent is not None:
        _wait(transaction, at - timedelta(days=3), borrowers[RESERVED.waiting], lent, branch_id)
    home = transaction.value(
        Item.select(fn.MAX(Item.title)).where(
            (Item.status == "available") & (Item.branch == branch_id) & (Item.parts == 1) & _may_be_reserved()
        )
    )
    _wait(transaction, at - timedelta(days=1), borrowers[RESERVED.to_fetch], home, branch_id)


def _may_be_reserved() -> object:
    """Give the condition that an item is of the ordinary group, of which everybody may reserve."""
    return Item.material_group == MaterialGroup.select(MaterialGroup.id).where(MaterialGroup.code == "standard")


def _on_shelf(transaction: Transaction, at: datetime, barcode: str, borrower_id: int, branch_id: int) -> None:
    title_id = transaction.run(
        Title.insert(
            title=RESERVED.shelf_title,
            author=RESERVED.shelf_author,
            year=2018,
            source_key=title_key(RESERVED.shelf_title, RESERVED.shelf_author),
        )
    )
    group_id = transaction.value(MaterialGroup.select(MaterialGroup.id).where(MaterialGroup.code == "standard"))
    ready_at = at - timedelta(days=1)
    item_id = transaction.run(
        Item.insert(
            barcode=barcode,
            title=title_id,
            material_group=group_id,
            branch=branch_id,
            shelf_mark="Leine",
            status="on_shelf",
            status_since=ready_at,
        )
    )
    shelf_days = transaction.value(LibraryRules.select(LibraryRules.shelf_days))
    told_on = local_date(ready_at)
    _wait(
        transaction,
        at - timedelta(days=20),
        borrower_id,
        title_id,
        branch_id,
        state="readyForPickup",
        trapped_item=item_id,
        pickup_number=1,
        ready_at=ready_at,
        pickup_deadline=pickup_deadline(told_on, shelf_days, calendar_of(transaction, branch_id, told_on)),
    )


def _wait(
    transaction: Transaction, since: datetime, borrower_id: int, title_id: int, branch_id: int, **columns: object
) -> None:
    interest_days = transaction.value(LibraryRules.select(LibraryRules.interest_days))
    transaction.run(
        Reservation.insert(
            borrower=borrower_id,
            title=title_id,
            pickup_branch=branch_id,
            reserved_at=since,
            expires_on=local_date(since) + timedelta(days=interest_days),
            **columns,
        )
    )
