"""What a run would delete, what goes tonight, and how the clock stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from db.models import DeletionRequest, Fee, Item, Loan, Message, Override, Payment, RetentionRun, Title
from desk.calendar import local_date
from desk.command import query
from desk.errors import ClockSetBack
from desk.privacy.retention.commands import LAST_RUN, clock_back_from
from desk.privacy.retention.kind import Kind
from desk.privacy.retention.kinds import BY_NAME, KINDS
from desk.privacy.retention.records import After, GoingRow, GoingTonight, RetentionStatus, Step
from desk.privacy.retention.rules import Due
from desk.privacy.retention.words import COMMANDS, TABLES
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

LOOKED_AT = 200
"""Rows a look: so many are read while a scan waits for the same thread."""
BROKEN_OFF_AFTER = timedelta(hours=1)
"""A run that has gone on for longer is at work nowhere any more."""
MOST_LISTED = 500
"""Rows of a kind that «slettes i nat» tells one by one, and of which a backlog is counted."""


@query(Right.RUN_NIGHTLY)
def next_due(transaction: Transaction, name: str, due: Due, after: After | None) -> Step:
    """Look at the next rows of a kind, as many as a batch of it has.

    Args:
        transaction: a consistent view of the store.
        name: of the kind.
        due: what the run goes by.
        after: how far the last look came; None: begin.
    """
    return BY_NAME[name].step(transaction, due, after, BY_NAME[name].at_once)


@query(Right.RUN_NIGHTLY)
def doomed_by(transaction: Transaction, due: Due) -> dict[str, tuple[int, ...]]:
    """Give the ids of everything a run deletes, by table; nothing when that date's has been done (``--dry-run``).

    Raises:
        ClockSetBack: a run would refuse.
    """
    latest = clock_back_from(transaction, due.at)
    if latest is not None:
        raise ClockSetBack(latest, due.at)
    return {} if next_run_on(transaction, due.at) > due.day else _doomed(transaction, due, None)


def _doomed(transaction: Transaction, due: Due, most: int | None) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for kind in KINDS:
        for ids in _going(transaction, kind, due, most):
            for table, rows in kind.would_go(transaction, due, ids).items():
                found.setdefault(table._meta.table_name, set()).update(rows)
    return {table: tuple(sorted(ids)) for table, ids in found.items()}


def _going(transaction: Transaction, kind: Kind, due: Due, most: int | None) -> Iterable[tuple[int, ...]]:
    after, count = None, 0
    while most is None or count < most:
        step = kind.step(transaction, due, after, LOOKED_AT)
        count += len(step.ids)
        if step.ids:
            yield step.ids
        if step.after is None:
            return
        after = step.after


def next_run_on(transaction: Transaction, now: datetime) -> date:
    """Give the local date of the next run: today's if it has not been done."""
    today, last = local_date(now), transaction.one(LAST_RUN)
    done = last is not None and last[2] == "done" and last[1] >= today
    return today + timedelta(days=1) if done else today


@query(Right.SIGN_IN)
def retention_status(transaction: Transaction, now: datetime, log_days: int) -> RetentionStatus:
    """Say how the clock stands: dates and a figure, for whoever stands before the sign-in screen.

    Args:
        transaction: a consistent view of the store.
        now: aware UTC.
        log_days: how long the access log is kept.
    """
    today, last = local_date(now), transaction.one(LAST_RUN)
    done = transaction.one(
        RetentionRun.select(RetentionRun.day, RetentionRun.finished_at)
        .where(RetentionRun.state == "done")
        .order_by(RetentionRun.day.desc())
        .limit(1)
    )
    done_on, done_at = done or (None, None)
    next_on = next_run_on(transaction, now)
    if last is None:
        return RetentionStatus(None, None, next_on)
    back_from = clock_back_from(transaction, now)
    is_late = back_from is None and (done_on or last[1]) < today - timedelta(days=1)
    # A program that was killed, or whose disk was full, could not say that it had failed.
    is_broken_off = last[2] == "failed" or (last[2] == "running" and now - last[3] > BROKEN_OFF_AFTER)
    has_failed = back_from is None and is_broken_off
    backlog, is_more = 0, False
    if is_late or has_failed:
        # The same that F5 lists: what the next run deletes, the figure and the rows of one page are one.
        backlog, is_more = _backlog(transaction, _next_due(transaction, now, log_days))
    return RetentionStatus(done_on, done_at, next_on, is_late, has_failed, back_from, backlog, is_more)


def _backlog(transaction: Transaction, due: Due) -> tuple[int, bool]:
    doomed = _doomed(transaction, due, MOST_LISTED)
    return rows_told(doomed), any(len(ids) >= MOST_LISTED for ids in doomed.values())


def rows_told(doomed: Mapping[str, Sequence[int]]) -> int:
    """Count the rows that are told of what goes: without command ids, which name nobody, and what only links two."""
    return sum(len(ids) for table, ids in doomed.items() if table in TABLES and table != COMMANDS)


def _next_due(transaction: Transaction, now: datetime, log_days: int) -> Due:
    day = next_run_on(transaction, now)
    return Due(day, now + timedelta(days=1) if day > local_date(now) else now, log_days)


@query(Right.SEE_BORROWER)
def going_tonight(transaction: Transaction, now: datetime, log_days: int) -> GoingTonight:
    """Give what the next run deletes (G7): everything as figures, and what is about a borrower row by row.

    Args:
        transaction: a consistent view of the store.
        now: aware UTC.
        log_days: how long the access log is kept.
    """
    due = _next_due(transaction, now, log_days)
    doomed = _doomed(transaction, due, None)
    rows = [row for name, read in TOLD.items() for row in read(transaction, list(doomed.get(name, ()))[:MOST_LISTED])]
    return GoingTonight(due.day, {table: len(ids) for table, ids in doomed.items()}, tuple(rows))


def _loans(transaction: Transaction, ids: list[int]) -> list[GoingRow]:
    rows = transaction.all(
        Loan.select(Loan.id, Title.title, Loan.closed_on)
        .join(Item, on=(Loan.item == Item.id))
        .join(Title, on=(Item.title == Title.id))
        .where(Loan.id.in_(ids))
        .order_by(Loan.closed_on, Loan.id)
    )
    return [GoingRow("loan", *row) for row in rows]


def _fees(transaction: Transaction, ids: list[int]) -> list[GoingRow]:
    columns = (Fee.id, Fee.reason, Fee.settled_on, Fee.amount_ore)
    return [GoingRow("fee", *row) for row in transaction.all(_these(Fee, columns, ids))]


def _payments(transaction: Transaction, ids: list[int]) -> list[GoingRow]:
    columns = (Payment.id, Payment.kind, Payment.paid_at, Payment.amount_ore)
    rows = transaction.all(_these(Payment, columns, ids))
    return [GoingRow("payment", number, kind, local_date(at), ore) for number, kind, at, ore in rows]


def _messages(transaction: Transaction, ids: list[int]) -> list[GoingRow]:
    columns = (Message.id, Message.kind, Message.sent_at, Message.created_at)
    rows = transaction.all(_these(Message, columns, ids))
    return [GoingRow("message", number, kind, local_date(sent or made)) for number, kind, sent, made in rows]


def _requests(transaction: Transaction, ids: list[int]) -> list[GoingRow]:
    columns = (DeletionRequest.id, DeletionRequest.state, DeletionRequest.decided_at)
    rows = transaction.all(_these(DeletionRequest, columns, ids))
    return [GoingRow("deletion_request", number, state, local_date(at)) for number, state, at in rows]


def _overrides(transaction: Transaction, ids: list[int]) -> list[GoingRow]:
    rows = transaction.all(_these(Override, (Override.id, Override.given_at), ids))
    return [GoingRow("override", number, "", local_date(at)) for number, at in rows]


def _these(table: Any, columns: tuple[Any, ...], ids: list[int]) -> Any:
    return table.select(*columns).where(table.id.in_(ids)).order_by(table.id)


# What is told row by row, in this order; the log and command ids are figures.
TOLD = {
    "loan": _loans,
    "fee": _fees,
    "payment": _payments,
    "message": _messages,
    "override": _overrides,
    "deletion_request": _requests,
}
