"""A borrower's reservations, and the titles that one may be made for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from peewee import JOIN, fn

from db.models import Borrower, Branch, Item, LendingRule, Reservation, Title
from db.statements import Slot, Statement
from desk.catalogue.finding import found_titles
from desk.command import query
from desk.reservations.placing import GOES_ROUND, place_of
from desk.reservations.records import FoundTitle, ReservationRecord
from desk.reservations.rules import estimated_days
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

_QUEUE: Any = Reservation.alias("queue")
_COPY: Any = Item.alias("copy")
_TRAPPED: Any = Item.alias("trapped")
_RULE: Any = LendingRule.alias("rule")

_GOING_ROUND = (
    _COPY.select(fn.COUNT(_COPY.id))
    .join(_RULE, on=(_RULE.material_group == _COPY.material_group) & (_RULE.borrower_group == Borrower.borrower_group))
    .where(
        (_COPY.title == Reservation.title)
        & _COPY.status.in_(sorted(GOES_ROUND))
        & _RULE.reservable
        & (Reservation.item.is_null() | (_COPY.id == Reservation.item))
    )
)
RESERVATIONS = Statement(
    Reservation.select(
        Reservation.id,
        Title.id,
        Title.title,
        Title.author,
        Item.barcode,
        Reservation.state,
        _QUEUE.select(fn.COUNT(_QUEUE.id)).where(
            (_QUEUE.title == Reservation.title) & (_QUEUE.state == "reserved") & (_QUEUE.expires_on >= Slot("today"))
        ),
        Branch.id,
        Branch.name,
        Reservation.reserved_at,
        Reservation.expires_on,
        Reservation.pickup_number,
        Reservation.pickup_deadline,
        _GOING_ROUND,
        _GOING_ROUND.where(_COPY.status == "available"),
        _RULE.select(fn.MAX(_RULE.loan_days))
        .join(_COPY, on=(_COPY.material_group == _RULE.material_group))
        .where((_COPY.title == Reservation.title) & (_RULE.borrower_group == Borrower.borrower_group)),
    )
    .join(Title, on=(Reservation.title == Title.id))
    .switch(Reservation)
    .join(Branch, on=(Reservation.pickup_branch == Branch.id))
    .switch(Reservation)
    .join(Borrower, on=(Reservation.borrower == Borrower.id))
    .switch(Reservation)
    .join(Item, JOIN.LEFT_OUTER, on=(Reservation.item == Item.id))
    .where(Reservation.borrower == Slot("borrower_id"))
    .order_by(Reservation.reserved_at, Reservation.id)
)


@query(Right.SEE_BORROWER)
def reservations_of(transaction: Transaction, borrower_id: int, today: date) -> tuple[ReservationRecord, ...]:
    """Give a borrower's reservations: what is ready first, then what is on its way, then what waits, oldest first."""
    records = [
        _record(transaction, row, today) for row in transaction.all(RESERVATIONS, borrower_id=borrower_id, today=today)
    ]
    order = ("readyForPickup", "inTransit")
    return tuple(sorted(records, key=lambda one: order.index(one.state) if one.state in order else len(order)))


def _record(transaction: Transaction, row: tuple[Any, ...], today: date) -> ReservationRecord:
    reservation_id, title_id, title, author, barcode, state, waiting, *pickup = row[:9]
    reserved_at, expires_on, shelf, deadline, going_round, free, loan_days = row[9:]
    place = place_of(transaction, title_id, reservation_id, today) if state == "reserved" else None
    return ReservationRecord(
        reservation_id=reservation_id,
        title_id=title_id,
        title=title,
        author=author,
        barcode=barcode or "",
        state=state,
        place=place,
        waiting=waiting,
        pickup_branch_id=pickup[0],
        pickup_branch=pickup[1],
        reserved_at=reserved_at,
        expires_on=expires_on,
        shelf=shelf,
        deadline=deadline,
        estimate=None if place is None else estimated_days(place, free, going_round, loan_days or 0),
    )


@query(Right.LEND)
def titles_to_reserve(transaction: Transaction, text: str) -> tuple[FoundTitle, ...]:
    """Find titles as everywhere (C15), each with how many wait for it; of a copy's barcode, that copy's title alone.

    Args:
        transaction: the query's.
        text: as it was typed.
    """
    found = found_titles(transaction, text)
    titles = found.titles if found.item_id is None else found.titles[:1]
    if not titles:
        return ()
    waiting = dict(
        transaction.all(
            _QUEUE.select(_QUEUE.title, fn.COUNT(_QUEUE.id))
            .where(_QUEUE.title.in_([title.title_id for title in titles]) & (_QUEUE.state == "reserved"))
            .group_by(_QUEUE.title)
        )
    )
    return tuple(
        FoundTitle(
            title_id=title.title_id,
            title=title.title,
            author=title.author,
            year=title.year,
            copies=title.copies,
            waiting=waiting.get(title.title_id, 0),
            item_id=found.item_id,
        )
        for title in titles
    )
