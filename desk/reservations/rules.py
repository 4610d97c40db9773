"""Pure rules of reservations: shelf places, deadlines, the wait. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from desk.calendar import Calendar


def lowest_free(taken: Iterable[int]) -> int:
    """Give the lowest place of a shelf that is free, from 1.

    Args:
        taken: places where something lies, for somebody or still to be put back.
    """
    occupied = set(taken)
    number = 1
    while number in occupied:
        number += 1
    return number


def pickup_deadline(told_on: date, shelf_days: int, calendar: Calendar) -> date:
    """Give the last day on which something may be fetched (R6).

    Shelf day 1 is the next open day after the notice (*Semantics*). Where the calendar has no open day left, days of
    the week are counted: an item that has come back must lie somewhere, and no return is ever refused.

    Args:
        told_on: local date of the notice.
        shelf_days: open days it lies there, at least 1.
        calendar: of the pickup branch.
    """
    day = told_on
    for _shelf_day in range(shelf_days):
        day = calendar.next_open(day + timedelta(days=1)) or day + timedelta(days=1)
    return day


def estimated_days(place: int, free: int, in_use: int, loan_days: int) -> int | None:
    """Estimate how long somebody waits (R6), in days.

    Copies in use come back evenly spread: one every ``loan_days / in_use`` days.

    Args:
        place: in the queue, from 1.
        free: copies that stand on their shelf.
        in_use: copies that go round at all, the free ones included.
        loan_days: how long one is lent at most.

    Returns:
        0 when a copy stands ready for this place; None when nothing can be said, because no copy goes round.
    """
    if in_use <= 0 or loan_days <= 0:
        return None
    if place <= free:
        return 0
    return -(-(place - free) * loan_days // in_use)


def is_kept_for_others(waiting: int, waiting_for_this_copy: int, free: int) -> bool:
    """Tell whether a copy on loan is needed back, so that its loan is not renewed (FBS: deniedReserved).

    Args:
        waiting: how many who are not absent wait for any copy of the title.
        waiting_for_this_copy: how many wait for this very copy.
        free: copies that stand on their shelf: each serves one of those who wait.
    """
    return waiting_for_this_copy > 0 or waiting > free
