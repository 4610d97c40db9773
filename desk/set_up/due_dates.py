"""Due dates on days that have been closed (R2): they go to the next open day, later only, a bounded number at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from peewee import fn

from db.models import CalendarDay, Item, Loan, LoanOccasion, OpeningHours, Reservation
from desk.calendar import Calendar
from desk.errors import InvalidInput
from desk.set_up.records import OwnDay

if TYPE_CHECKING:
    from db.store import Transaction

# Where a loan was made; one without, where its item belongs (see Loan).
lending_branch = fn.COALESCE(Loan.branch, Item.branch)
MOST_AT_ONCE = 5_000
IN_ONE_STATEMENT = 200


@dataclass(frozen=True, slots=True)
class Moving:
    """Open loans due on one closed day, and the open day they go to."""

    closed: date
    to: date
    loans: int


def own_days(transaction: Transaction, branch_id: int, first: date, last: date | None = None) -> tuple[OwnDay, ...]:
    """Read the dates on which a branch differs from its week, from a day on."""
    query = CalendarDay.select(CalendarDay.day, CalendarDay.is_open, CalendarDay.reason).where(
        (CalendarDay.branch == branch_id) & (CalendarDay.day >= first)
    )
    if last is not None:
        query = query.where(CalendarDay.day <= last)
    return tuple(
        OwnDay(day, bool(is_open), reason) for day, is_open, reason in transaction.all(query.order_by(CalendarDay.day))
    )


def calendar_from(transaction: Transaction, branch_id: int, first: date) -> Calendar:
    """Read a branch's calendar with every date of its own from a day on, however far ahead loans are due."""
    weekdays = transaction.all(OpeningHours.select(OpeningHours.weekday).where(OpeningHours.branch == branch_id))
    days = own_days(transaction, branch_id, first)
    return Calendar(frozenset(row[0] for row in weekdays), {one.day: one.is_open for one in days})


def due_from(transaction: Transaction, branch_id: int, first: date, last: date | None = None) -> dict[date, int]:
    """Count a branch's open loans by the day they are due, from a day on."""
    query = (
        Loan.select(Loan.due_on, fn.COUNT(Loan.id))
        .join(Item, on=(Loan.item == Item.id))
        .where(Loan.returned_at.is_null() & (Loan.due_on >= first) & (lending_branch == branch_id))
    )
    if last is not None:
        query = query.where(Loan.due_on <= last)
    return dict(transaction.all(query.group_by(Loan.due_on).order_by(Loan.due_on)))


def to_be_moved(transaction: Transaction, branch_id: int, today: date, calendar: Calendar) -> tuple[Moving, ...]:
    """Say which open loans are due on days that a calendar closes, and where they would go.

    Raises:
        InvalidInput: ``calendar``: ``no_open_day``: none within a year of such a day.
    """
    return tuple(
        Moving(day, _next_open(calendar, day), loans)
        for day, loans in due_from(transaction, branch_id, today).items()
        if not calendar.is_open(day)
    )


def _next_open(calendar: Calendar, day: date) -> date:
    found = calendar.next_open(day)
    if found is None:
        raise InvalidInput("calendar", "no_open_day")
    return found


def move_due_dates(
    transaction: Transaction, branch_id: int, today: date, calendar: Calendar, most: int | None = None
) -> tuple[int, int]:
    """Move the due dates that a calendar closes, the nearest first; dates set by hand as well.

    What was lent together stays one occasion (*Semantics*): the occasion goes along, or its loans join the one that
    the same visit has on the new day already.

    Args:
        transaction: the command's.
        branch_id: whose loans.
        today: local date; what is overdue stays so.
        calendar: as it is from now on.
        most: loans to be moved at most, but for the last occasion's; None: ``MOST_AT_ONCE``.

    Returns:
        How many were moved, and how many are left.

    Raises:
        InvalidInput: as :func:`to_be_moved`; nothing has been written then.
    """
    most = MOST_AT_ONCE if most is None else most
    moved = left = 0
    for moving in to_be_moved(transaction, branch_id, today, calendar):
        room = most - moved
        done = _move(transaction, branch_id, moving, room) if room > 0 else 0
        moved += done
        left += max(0, moving.loans - done)
    return moved, left


def _move(transaction: Transaction, branch_id: int, moving: Moving, room: int) -> int:
    counted = (
        Loan.select(Loan.occasion, fn.COUNT(Loan.id))
        .join(Item, on=(Loan.item == Item.id))
        .where(Loan.returned_at.is_null() & (Loan.due_on == moving.closed) & (lending_branch == branch_id))
        .group_by(Loan.occasion)
        .order_by(Loan.occasion)
    )
    occasions: list[int] = []
    for occasion_id, loans in transaction.all(counted):
        if room <= 0:
            break
        occasions.append(occasion_id)
        room -= loans
    moved = 0
    for begin in range(0, len(occasions), IN_ONE_STATEMENT):
        moved += _move_occasions(transaction, occasions[begin : begin + IN_ONE_STATEMENT], moving)
    return moved


def _move_occasions(transaction: Transaction, occasions: list[int], moving: Moving) -> int:
    theirs = Loan.returned_at.is_null() & (Loan.due_on == moving.closed)
    there = LoanOccasion.alias()
    same_card = (there.card == LoanOccasion.card) | (there.card.is_null() & LoanOccasion.card.is_null())
    joined = dict(
        transaction.all(
            LoanOccasion.select(LoanOccasion.id, fn.MIN(there.id))
            .join(
                there,
                on=(there.borrower == LoanOccasion.borrower)
                & (there.visit == LoanOccasion.visit)
                & (there.due_on == moving.to)
                & same_card,
            )
            .where(LoanOccasion.id.in_(occasions))
            .group_by(LoanOccasion.id)
        )
    )
    moved = 0
    for occasion_id, other in joined.items():
        moved += transaction.run(
            Loan.update(due_on=moving.to, occasion=other).where((Loan.occasion == occasion_id) & theirs)
        )
    alone = [occasion_id for occasion_id in occasions if occasion_id not in joined]
    if alone:
        moved += transaction.run(Loan.update(due_on=moving.to).where(Loan.occasion.in_(alone) & theirs))
        transaction.run(LoanOccasion.update(due_on=moving.to).where(LoanOccasion.id.in_(alone)))
    return moved


def pickups_to_be_moved(transaction: Transaction, branch_id: int, today: date, calendar: Calendar) -> dict[date, int]:
    """Count the waiting items whose pickup deadline falls on a day that a calendar closes, by that day."""
    rows = transaction.all(
        Reservation.select(Reservation.pickup_deadline, fn.COUNT(Reservation.id))
        .where((Reservation.pickup_branch == branch_id) & (Reservation.pickup_deadline >= today))
        .group_by(Reservation.pickup_deadline)
    )
    return {day: count for day, count in rows if not calendar.is_open(day)}


def move_pickups(transaction: Transaction, branch_id: int, today: date, calendar: Calendar) -> int:
    """Give whoever cannot pick up on a closed day until the next open one (R6); says how many."""
    moved = 0
    for day in pickups_to_be_moved(transaction, branch_id, today, calendar):
        moved += transaction.run(
            Reservation.update(pickup_deadline=_next_open(calendar, day)).where(
                (Reservation.pickup_branch == branch_id) & (Reservation.pickup_deadline == day)
            )
        )
    return moved
