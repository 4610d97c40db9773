"""The lists of a branch (F5): what is to be fetched, what lies ready, what is put back, what is on its way.

None holds a borrower. For whom something lies on the shelf is :class:`~desk.reservations.looking.SeeWhoWaits`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from peewee import JOIN, fn

from db.models import Borrower, Branch, Item, PutBack, Reservation, Title
from db.statements import Slot, Statement
from desk.catalogue.rules import OUT_OF_REACH
from desk.command import query
from desk.reservations.eligible import IS_NOT_ABSENT, IS_NOT_BLOCKED, IS_WAITING, may_reserve
from desk.reservations.records import InTransit, OnShelf, ToFetch, ToPutBack, WithoutCopy
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

LONGEST = 500
"""Lines that a list shows; more than a day's work."""

TO_FETCH = Statement(
    Reservation.select(
        Reservation.id,
        Item.id,
        Item.barcode,
        Title.title,
        Title.author,
        Item.shelf_mark,
        Reservation.reserved_at,
        Branch.name,
    )
    .join(Borrower, on=(Reservation.borrower == Borrower.id))
    .switch(Reservation)
    .join(Title, on=(Reservation.title == Title.id))
    .switch(Reservation)
    .join(Branch, on=(Reservation.pickup_branch == Branch.id))
    .switch(Reservation)
    .join(
        Item,
        on=(Item.title == Reservation.title) & (Reservation.item.is_null() | (Reservation.item == Item.id)),
    )
    .where(
        (Item.status == "available")
        & (Item.branch == Slot("branch_id"))
        & IS_WAITING
        & IS_NOT_ABSENT
        & IS_NOT_BLOCKED
        & may_reserve(Item.material_group)
    )
    .order_by(Reservation.reserved_at, Reservation.id, Item.id)
    .limit(Slot("longest"))
)


@query(Right.LEND)
def pull_list(transaction: Transaction, branch_id: int, today: date) -> tuple[ToFetch, ...]:
    """Give one copy on its shelf here for each who waits and may have it, the oldest reservation first."""
    served: set[int] = set()
    taken: set[int] = set()
    lines = []
    # A title has few copies, so the longest list is cut late enough.
    for reservation_id, item_id, *rest in transaction.all(
        TO_FETCH, branch_id=branch_id, today=today, longest=10 * LONGEST
    ):
        if reservation_id not in served and item_id not in taken:
            served.add(reservation_id)
            taken.add(item_id)
            lines.append(ToFetch(item_id, *rest))
    return tuple(lines[:LONGEST])


ON_SHELF = Statement(
    Reservation.select(
        Reservation.id,
        Reservation.pickup_number,
        Item.barcode,
        Title.title,
        Reservation.ready_at,
        Reservation.pickup_deadline,
    )
    .join(Item, on=(Reservation.trapped_item == Item.id))
    .join(Title, on=(Item.title == Title.id))
    .where((Reservation.pickup_branch == Slot("branch_id")) & (Reservation.state == "readyForPickup"))
    .order_by(Reservation.pickup_number)
    .limit(LONGEST)
)


@query(Right.LEND)
def pickup_shelf(transaction: Transaction, branch_id: int) -> tuple[OnShelf, ...]:
    """Give what lies ready on the pickup shelf, by its places."""
    return tuple(OnShelf(*row) for row in transaction.all(ON_SHELF, branch_id=branch_id))


TO_PUT_BACK = Statement(
    PutBack.select(Item.id, PutBack.pickup_number, Item.barcode, Title.title, PutBack.since)
    .join(Item, on=(PutBack.item == Item.id))
    .join(Title, on=(Item.title == Title.id))
    .where(PutBack.branch == Slot("branch_id"))
    .order_by(PutBack.pickup_number)
    .limit(LONGEST)
)


@query(Right.LEND)
def put_back_list(transaction: Transaction, branch_id: int) -> tuple[ToPutBack, ...]:
    """Give what lies on the pickup shelf for nobody any more; scanned at return, it goes where it should."""
    return tuple(ToPutBack(*row) for row in transaction.all(TO_PUT_BACK, branch_id=branch_id))


_HOME: Any = Branch.alias("home")
_PICKUP: Any = Branch.alias("pickup")
IN_TRANSIT = Statement(
    Item.select(Item.id, Item.barcode, Title.title, _HOME.id, _HOME.name, _PICKUP.id, _PICKUP.name, Item.status_since)
    .join(Title, on=(Item.title == Title.id))
    .join(_HOME, on=(Item.branch == _HOME.id))
    .join(Reservation, JOIN.LEFT_OUTER, on=(Reservation.trapped_item == Item.id))
    .join(_PICKUP, JOIN.LEFT_OUTER, on=(Reservation.pickup_branch == _PICKUP.id))
    .where(Item.status == "in_transit")
    .order_by(Item.status_since, Item.id)
    .limit(LONGEST)
)


@query(Right.LEND)
def in_transit(transaction: Transaction, branch_id: int) -> tuple[InTransit, ...]:
    """Give what is on its way, what comes here first, the longest on its way first."""
    lines = []
    for item_id, barcode, title, home_id, home, pickup_id, pickup, since in transaction.all(IN_TRANSIT):
        to_id, to = (home_id, home) if pickup_id is None else (pickup_id, pickup)
        lines.append(InTransit(item_id, barcode, title, to, to_id == branch_id, pickup_id is not None, since))
    return tuple(sorted(lines, key=lambda line: not line.is_coming_here))


_LEFT: Any = Item.alias("left")
WITHOUT_COPY = Statement(
    Reservation.select(Reservation.id, Item.barcode, Title.title, Item.status, Reservation.reserved_at)
    .join(Title, on=(Reservation.title == Title.id))
    .switch(Reservation)
    .join(Item, JOIN.LEFT_OUTER, on=(Reservation.item == Item.id))
    .where(
        (Reservation.pickup_branch == Slot("branch_id"))
        & IS_WAITING
        & ~fn.EXISTS(
            _LEFT.select(_LEFT.id).where(
                (_LEFT.title == Reservation.title)
                & (Reservation.item.is_null() | (_LEFT.id == Reservation.item))
                & _LEFT.status.not_in(sorted(OUT_OF_REACH))
            )
        )
    )
    .order_by(Reservation.reserved_at, Reservation.id)
    .limit(LONGEST)
)


@query(Right.LEND)
def without_copy(transaction: Transaction, branch_id: int, today: date) -> tuple[WithoutCopy, ...]:
    """Give the reservations to be fetched here that nothing can serve: the copy waited for, or every copy, is gone.

    FBS refuses to reserve a copy that is lost or discarded (domain.md 4.4: ``material_lost``, ``material_Discarded``)
    and says nothing of one that becomes so while somebody waits. Whoever waits for one certain copy does so because the
    copies of the title differ (the volumes of a periodical, a cd with its book), so no other copy is taken in its
    stead by itself, and nothing that was promised is deleted unseen: it is work for somebody at the counter, who asks
    the borrower, reserves another or cancels. It ends by itself with its period (M6).
    """
    return tuple(WithoutCopy(*row) for row in transaction.all(WITHOUT_COPY, branch_id=branch_id, today=today))
