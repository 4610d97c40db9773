"""Pure rules of lending: ages, due dates, renewals. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from desk.calendar import Calendar


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date, and the first closed day it was moved over (None: not moved)."""

    day: date
    closed_from: date | None

    @property
    def closed_until(self) -> date | None:
        """The last closed day it was moved over."""
        return None if self.closed_from is None else self.day - timedelta(days=1)


def birthday_in(born: date, year: int) -> date:
    """Give the birthday in a year; 29 February → 1 March in common years (*Semantics*)."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_on(born: date, day: date) -> int:
    """Give the age in whole years on a day; a birthday counts on its day (*Semantics*)."""
    return day.year - born.year - (day < birthday_in(born, day.year))


def turns(born: date, years: int) -> date:
    """Give the day somebody turns that many years."""
    return birthday_in(born, born.year + years)


def due_date(lent_on: date, loan_days: int, calendar: Calendar) -> DueDate | None:
    """Local lending date + days, moved forward to an open day (R2, *Semantics*).

    Args:
        lent_on: local date of lending.
        loan_days: the rule's days, at least 1.
        calendar: of the lending branch.

    Returns:
        The due date, or None when the bounded search found no open day.
    """
    wanted = lent_on + timedelta(days=loan_days)
    return moved_to_open_day(wanted, calendar)


def moved_to_open_day(wanted: date, calendar: Calendar) -> DueDate | None:
    """Move a date forward to the first open day."""
    day = calendar.next_open(wanted)
    if day is None:
        return None
    return DueDate(day, None if day == wanted else wanted)


def renewed_due_date(old: date, today: date, loan_days: int, calendar: Calendar) -> DueDate | None:
    """max(old due date, today + days), moved to an open day (*Semantics*)."""
    return moved_to_open_day(max(old, today + timedelta(days=loan_days)), calendar)


def days_overdue(due_on: date, returned_on: date) -> int:
    """Booked return date − due date in calendar days; 0 when in time."""
    return max(0, (returned_on - due_on).days)
