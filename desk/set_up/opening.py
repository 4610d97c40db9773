"""When a branch is open (R2): its week, and days that differ. Closing a day moves the due dates that fall on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from db.models import Branch, CalendarDay, OpeningHours
from desk.calendar import Calendar
from desk.errors import NotFound
from desk.set_up.changes import CalendarChange, HoursChange
from desk.set_up.due_dates import (
    calendar_from,
    move_due_dates,
    move_pickups,
    own_days,
    pickups_to_be_moved,
    to_be_moved,
)
from desk.set_up.kinds import Kind, Written
from desk.set_up.records import Effect, Hours, OwnDay
from desk.set_up.rules import LONGEST_REASON, check_hours, check_span, named, refuse_never_open, with_days

if TYPE_CHECKING:
    from db.store import Transaction


def hours_of(transaction: Transaction, branch_id: int) -> tuple[Hours, ...]:
    """Read a branch's week, in the order of the days."""
    rows = transaction.all(
        OpeningHours.select(OpeningHours.weekday, OpeningHours.opens_minute, OpeningHours.closes_minute)
        .where(OpeningHours.branch == branch_id)
        .order_by(OpeningHours.weekday)
    )
    return tuple(Hours(*row) for row in rows)


def _there(transaction: Transaction, branch_id: int) -> None:
    if transaction.value(Branch.select(Branch.id).where(Branch.id == branch_id)) is None:
        raise NotFound("branch")


def _calendar_after(transaction: Transaction, change: HoursChange | CalendarChange, today: date) -> Calendar:
    """Give the calendar as the change would make it, from today on."""
    now = calendar_from(transaction, change.branch_id, today)
    if isinstance(change, HoursChange):
        return replace(now, weekdays=frozenset(one.weekday for one in change.after))
    own = own_days(transaction, change.branch_id, today)
    return replace(now, own_days=with_days(own, change.first, change.last, change.is_open))


def _effect(transaction: Transaction, change: HoursChange | CalendarChange, today: date) -> Effect:
    calendar = _calendar_after(transaction, change, today)
    moving = to_be_moved(transaction, change.branch_id, today, calendar)
    pickups = pickups_to_be_moved(transaction, change.branch_id, today, calendar)
    return Effect(
        due=sum(one.loans for one in moving),
        due_first=min((one.to for one in moving), default=None),
        due_last=max((one.to for one in moving), default=None),
        pickups=sum(pickups.values()),
    )


def _moved(transaction: Transaction, change: HoursChange | CalendarChange, today: date, calendar: Calendar) -> Written:
    moved, left = move_due_dates(transaction, change.branch_id, today, calendar)
    move_pickups(transaction, change.branch_id, today, calendar)
    return Written(moved=moved, left=left)


def _checked_hours(transaction: Transaction, change: HoursChange, today: date) -> HoursChange:
    _there(transaction, change.branch_id)
    check_hours(change.after)
    ordered = replace(change, after=tuple(sorted(change.after, key=lambda one: one.weekday)))
    _refuse_impossible(transaction, ordered, today)
    return ordered


def _refuse_impossible(transaction: Transaction, change: HoursChange | CalendarChange, today: date) -> None:
    """A calendar that never opens, or has no open day after one on which loans are due, lends nothing."""
    calendar = _calendar_after(transaction, change, today)
    refuse_never_open(calendar, today)
    to_be_moved(transaction, change.branch_id, today, calendar)


def _write_hours(transaction: Transaction, change: HoursChange, today: date) -> Written:
    calendar = _calendar_after(transaction, change, today)
    transaction.run(OpeningHours.delete().where(OpeningHours.branch == change.branch_id))
    for one in change.after:
        transaction.run(
            OpeningHours.insert(
                branch=change.branch_id,
                weekday=one.weekday,
                opens_minute=one.opens_minute,
                closes_minute=one.closes_minute,
            )
        )
    return _moved(transaction, change, today, calendar)


HOURS = Kind(
    "hours",
    lambda change: (change.branch_id,),
    lambda transaction, change: hours_of(transaction, change.branch_id),
    _checked_hours,
    _write_hours,
    _effect,
)


def _standing_days(transaction: Transaction, change: CalendarChange) -> tuple[OwnDay, ...]:
    return own_days(transaction, change.branch_id, change.first, change.last)


def _checked_days(transaction: Transaction, change: CalendarChange, today: date) -> CalendarChange:
    _there(transaction, change.branch_id)
    check_span(change.first, change.last, today)
    reason = change.reason
    if change.is_open is False or (change.is_open and reason.strip()):
        reason = named("reason", reason, LONGEST_REASON)
    else:
        reason = ""
    cleaned = replace(change, reason=reason)
    _refuse_impossible(transaction, cleaned, today)
    return cleaned


def _write_days(transaction: Transaction, change: CalendarChange, today: date) -> Written:
    calendar = _calendar_after(transaction, change, today)
    transaction.run(
        CalendarDay.delete().where(
            (CalendarDay.branch == change.branch_id) & CalendarDay.day.between(change.first, change.last)
        )
    )
    if change.is_open is not None:
        for ahead in range(change.days):
            day = date.fromordinal(change.first.toordinal() + ahead)
            transaction.run(
                CalendarDay.insert(branch=change.branch_id, day=day, is_open=change.is_open, reason=change.reason)
            )
    return _moved(transaction, change, today, calendar)


CALENDAR = Kind(
    "calendar",
    lambda change: (change.branch_id, change.first.isoformat(), change.last.isoformat()),
    _standing_days,
    _checked_days,
    _write_days,
    _effect,
)
