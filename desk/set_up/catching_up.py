"""Due dates and pickup deadlines on closed days, caught up with at night (R2, R6, M6).

F7 moves what a change of the calendar closes. What is left is what it could not see: a check-out that had read the
calendar just before, a change whose moving was broken off, imported loans. Nothing is ever moved back, and what is
overdue stays so; a second run finds nothing to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from db.models import Branch
from desk.calendar import local_date
from desk.command import Command, carries_out, query
from desk.errors import InvalidInput
from desk.set_up.changing import ONE_AT_A_TIME
from desk.set_up.due_dates import (
    calendar_from,
    due_from,
    move_due_dates,
    move_pickups,
    pickups_to_be_moved,
    to_be_moved,
)
from desk.set_up.records import CaughtUp, OnClosedDays
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

BATCH: Final = 200
"""Loans a command moves: few enough that no scan waits for it (Q7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUpDueDates(Command[CaughtUp]):
    """Move one batch of a branch's due dates, and its pickup deadlines, off the days on which it is closed."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    branch_id: int
    batch: int = BATCH


@carries_out(CatchUpDueDates, again=lambda _transaction, _command, _row: CaughtUp(0, 0, 0))
def catch_up_due_dates(transaction: Transaction, command: CatchUpDueDates) -> CaughtUp:
    """Move one batch to the next open day.

    Raises:
        InvalidInput: ``calendar``: ``no_open_day``: the branch does not open within a year; nothing has been written.
    """
    transaction.lock(ONE_AT_A_TIME)
    today = local_date(command.at)
    calendar = calendar_from(transaction, command.branch_id, today)
    moved, left = move_due_dates(transaction, command.branch_id, today, calendar, command.batch)
    return CaughtUp(moved, left, move_pickups(transaction, command.branch_id, today, calendar))


@query(Right.RUN_NIGHTLY)
def due_on_closed_days(transaction: Transaction, today: date) -> tuple[OnClosedDays, ...]:
    """Say of each branch that has any what is due, or is to be fetched, on days on which it is closed.

    Args:
        transaction: a consistent view of the store.
        today: local date.
    """
    found = []
    for (branch_id,) in transaction.all(Branch.select(Branch.id).order_by(Branch.id)):
        calendar = calendar_from(transaction, branch_id, today)
        pickups = sum(pickups_to_be_moved(transaction, branch_id, today, calendar).values())
        try:
            loans = sum(moving.loans for moving in to_be_moved(transaction, branch_id, today, calendar))
            opens = True
        except InvalidInput:
            due = due_from(transaction, branch_id, today)
            loans, opens = sum(count for day, count in due.items() if not calendar.is_open(day)), False
        if loans or pickups:
            found.append(OnClosedDays(branch_id, loans, pickups, opens))
    return tuple(found)
