"""The commands of a run: begin it, delete a batch, end it. Each is one transaction, so a run can be killed anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from db.models import RetentionRun
from db.statements import Slot, Statement
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import ClockSetBack, NotFound
from desk.privacy.retention.kinds import BY_NAME, EXPORTS
from desk.privacy.retention.records import BegunRun, Gone
from desk.privacy.retention.rules import Due
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

INTERRUPTED = "interrupted"
LAST_RUN = Statement(
    RetentionRun.select(
        RetentionRun.id, RetentionRun.day, RetentionRun.state, RetentionRun.started_at, RetentionRun.finished_at
    )
    .order_by(RetentionRun.day.desc(), RetentionRun.id.desc())
    .limit(1)
)
COUNTS_OF = Statement(RetentionRun.select(RetentionRun.counts).where(RetentionRun.id == Slot("run_id")).for_update())
COUNTS = Statement(RetentionRun.select(RetentionRun.counts).where(RetentionRun.id == Slot("run_id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRetention(Command[BegunRun]):
    """Begin the run of today's local date, or take up the one that was broken off."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteDue(Command[Gone]):
    """Delete those of some rows that go now. What has been changed since they were looked at is looked at again.

    Attributes:
        run_id: whose counts it adds to.
        kind: the name of a kind.
        ids: of rows of it.
        due: what the run goes by.
    """

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    run_id: int
    kind: str
    ids: tuple[int, ...]
    due: Due


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRetention(Command[Gone]):
    """End a run.

    Attributes:
        problem: a code word of what went wrong; empty: it is done.
        exports: files that went.
    """

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    run_id: int
    problem: str = ""
    exports: int = 0


def clock_back_from(transaction: Transaction, now: datetime) -> datetime | None:
    """Give the instant of the last run, if the clock stands before it: then nothing says what is due.

    Args:
        transaction: a consistent view of the store.
        now: what the clock says, aware UTC.
    """
    last = transaction.one(LAST_RUN)
    if last is None:
        return None
    _run_id, day, _state, started_at, finished_at = last
    latest: datetime = finished_at or started_at
    return latest if day > local_date(now) or latest > now else None


@carries_out(
    BeginRetention,
    row_id=lambda run: run.run_id,
    again=lambda transaction, _command, run_id: _run(transaction, run_id),
)
def begin_retention(transaction: Transaction, command: BeginRetention) -> BegunRun:
    """Begin a run, unless today's has been done. One of an earlier date that was broken off has failed.

    Raises:
        ClockSetBack: the last run was on a later date, or at a later instant: nothing says what is due.
    """
    today, last = local_date(command.at), transaction.one(LAST_RUN)
    if last is not None:
        run_id, day, state, _started_at, _finished_at = last
        latest = clock_back_from(transaction, command.at)
        if latest is not None:
            raise ClockSetBack(latest, command.at)
        if day == today:
            if state != "done":
                transaction.run(
                    RetentionRun.update(state="running", problem="", finished_at=None).where(RetentionRun.id == run_id)
                )
            return BegunRun(run_id, today, state == "done")
        transaction.run(
            RetentionRun.update(state="failed", problem=INTERRUPTED, finished_at=command.at).where(
                RetentionRun.state == "running"
            )
        )
    return BegunRun(transaction.run(RetentionRun.insert(day=today, started_at=command.at)), today, is_done=False)


@carries_out(DeleteDue, row_id=lambda gone: gone.total, again=lambda _transaction, _command, total: Gone({"": total}))
def delete_due(transaction: Transaction, command: DeleteDue) -> Gone:
    """Delete a batch and add it to the run's counts.

    Raises:
        NotFound: there is no such run or kind.
    """
    kind = BY_NAME.get(command.kind)
    if kind is None:
        raise NotFound("kind")
    counts = kind.remove(transaction, command.due, command.ids)
    _add(transaction, command.run_id, counts)
    return Gone(counts)


@carries_out(
    EndRetention,
    row_id=lambda _gone: None,
    again=lambda transaction, command, _row: Gone(_counts(transaction, command.run_id)),
)
def end_retention(transaction: Transaction, command: EndRetention) -> Gone:
    """End a run; gives all that it deleted, whatever became of it in between.

    Raises:
        NotFound: there is no such run.
    """
    if command.exports:
        _add(transaction, command.run_id, {EXPORTS: command.exports})
    transaction.run(
        RetentionRun.update(
            state="failed" if command.problem else "done", problem=command.problem, finished_at=command.at
        ).where(RetentionRun.id == command.run_id)
    )
    return Gone(_counts(transaction, command.run_id))


def _add(transaction: Transaction, run_id: int, counts: dict[str, int]) -> None:
    transaction.lock(COUNTS_OF, run_id=run_id)
    before = _counts(transaction, run_id)
    added = before | {name: before.get(name, 0) + count for name, count in counts.items()}
    if added != before:
        transaction.run(RetentionRun.update(counts=json.dumps(added)).where(RetentionRun.id == run_id))


def _counts(transaction: Transaction, run_id: int) -> dict[str, int]:
    kept = transaction.value(COUNTS, run_id=run_id)
    if kept is None:
        raise NotFound("run")
    counts: dict[str, int] = json.loads(kept)
    return counts


def _run(transaction: Transaction, run_id: int) -> BegunRun:
    row = transaction.one(RetentionRun.select(RetentionRun.day, RetentionRun.state).where(RetentionRun.id == run_id))
    if row is None:
        raise NotFound("run")
    return BegunRun(run_id, row[0], row[1] == "done")
