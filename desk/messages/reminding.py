"""Messages that time causes: reminders before loans are due, recalls when they are overdue (M1, R3).

One message a borrower, due date and reason, with how many loans and no titles. A night that was left out is caught up
with; nobody is told twice. Who is absent is told all the same (P10 is about reservations); who is registered as dead
is told nothing; a loan whose item is said to have been returned is not recalled.

Recalls are sent on the first day of each tier of the fees, when it has just got higher, up to the day on which a
replacement is claimed: from then on the bill speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from peewee import SQL, Value, fn

from db.models import Block, Borrower, BorrowerGroup, FeeTier, Item, LibraryRules, Loan, Message
from desk.calendar import local_date
from desk.command import Command, carries_out, query
from desk.messages.queueing import is_sent, queue_message
from desk.messages.records import Queued
from desk.messages.still_true import rises
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

BATCH: Final = 100
"""Borrowers and due dates a command tells: few enough that no scan waits for it."""
FIRST: Final = (0, date.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReminders(Command[Queued]):
    """Queue one batch of reminders: loans that are due within the library's days of notice."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    after: tuple[int, date] = FIRST
    batch: int = BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRecalls(Command[Queued]):
    """Queue one batch of recalls: loans that have come into a tier of the fees."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    after: tuple[int, date] = FIRST
    batch: int = BATCH


@dataclass(frozen=True, slots=True)
class Window:
    """Due dates that are told about under one reason.

    Attributes:
        kind: of message.
        mark: what tells this reason from others about the same due date.
        first: the earliest due date.
        last: the latest.
    """

    kind: str
    mark: str
    first: date
    last: date


def recall_days(tiers: list[int], claim_from_day: int) -> list[int]:
    """Give the days overdue on which a recall is sent: the first of each tier before a replacement is claimed."""
    return [day for day in tiers or [1] if day < claim_from_day]


def recall_windows(tiers: list[int], claim_from_day: int, today: date) -> list[Window]:
    """Give the due dates that are recalled today, for each tier: from its first day to the day before the next."""
    days = recall_days(tiers, claim_from_day)
    ends = [*days[1:], claim_from_day]
    return [
        Window("recall", str(day), today - timedelta(days=end - 1), today - timedelta(days=day))
        for day, end in zip(days, ends, strict=True)
    ]


@carries_out(QueueReminders, again=lambda _transaction, _command, _row: Queued(0, None))
def queue_reminders(transaction: Transaction, command: QueueReminders) -> Queued:
    """Queue reminders for borrowers and due dates after the last batch's."""
    return _queued(transaction, command, _reminder_windows(transaction, local_date(command.at)))


@carries_out(QueueRecalls, again=lambda _transaction, _command, _row: Queued(0, None))
def queue_recalls(transaction: Transaction, command: QueueRecalls) -> Queued:
    """Queue recalls for borrowers and due dates after the last batch's."""
    return _queued(transaction, command, _recall_windows(transaction, local_date(command.at)))


@query(Right.RUN_NIGHTLY)
def reminders_to_queue(transaction: Transaction, today: date) -> int:
    """Count the borrowers and due dates that a night would remind of."""
    return _count(transaction, _reminder_windows(transaction, today))


@query(Right.RUN_NIGHTLY)
def recalls_to_queue(transaction: Transaction, today: date) -> int:
    """Count the borrowers and due dates that a night would recall."""
    return _count(transaction, _recall_windows(transaction, today))


def _reminder_windows(transaction: Transaction, today: date) -> list[Window]:
    ahead = int(transaction.value(LibraryRules.select(LibraryRules.reminder_days)) or 0)
    # Not today: who is told in the night that it is the last day has been told too late.
    return [Window("reminder", "", today + timedelta(days=1), today + timedelta(days=ahead))] if ahead else []


def _recall_windows(transaction: Transaction, today: date) -> list[Window]:
    return recall_windows(_tiers(transaction), _claim_from_day(transaction), today)


def _tiers(transaction: Transaction) -> list[int]:
    return [row[0] for row in transaction.all(FeeTier.select(FeeTier.from_day).order_by(FeeTier.from_day))]


def _claim_from_day(transaction: Transaction) -> int:
    return int(transaction.value(LibraryRules.select(LibraryRules.claim_from_day)) or 1)


def _queued(transaction: Transaction, command: QueueReminders | QueueRecalls, windows: list[Window]) -> Queued:
    """Queue one batch, window by window within it: a borrower and due date lie in one window at most."""
    rows = []
    for window in windows:
        found = transaction.all(_untold(window, command.after).limit(command.batch))
        rows += [(borrower_id, due_on, count, fees, window) for borrower_id, due_on, count, fees in found]
    rows.sort(key=lambda row: row[:2])
    batch = rows[: command.batch]
    all_rises = rises(_tiers(transaction)) if batch else ()
    told = 0
    for borrower_id, due_on, count, fees, window in batch:
        facts: dict[str, object] = {"loans": count, "due_on": due_on.isoformat()}
        if window.kind == "recall":
            facts["rises"] = [day for day in all_rises if fees == "normal" and day >= int(window.mark)]
        cause = f"{window.kind}:{borrower_id}:{due_on.isoformat()}:{window.mark}"
        told += queue_message(transaction, borrower_id, window.kind, cause, facts, command.at, command.command_id)
    return Queued(told, batch[-1][:2] if len(batch) == command.batch else None)


def _count(transaction: Transaction, windows: list[Window]) -> int:
    total = 0
    for window in windows:
        if not is_sent(transaction, window.kind):
            continue
        untold = _untold(window, FIRST).alias("untold")
        total += int(transaction.value(Loan.select(fn.COUNT(SQL("1"))).from_(untold)))
    return total


def _untold(window: Window, after: tuple[int, date]) -> Any:
    """Select borrower, due date, how many loans and the group's fees of what nobody has been told about."""
    borrower_id, due_on = after
    cause = Value(f"{window.kind}:").concat(Loan.borrower.cast("TEXT")).concat(":")
    cause = cause.concat(Loan.due_on.cast("TEXT")).concat(f":{window.mark}")
    told = Message.select(SQL("1")).where(Message.cause == cause)
    dead = Block.select(SQL("1")).where(
        (Block.borrower == Loan.borrower) & (Block.kind == "D") & Block.lifted_at.is_null()
    )
    query = (
        Loan.select(Loan.borrower, Loan.due_on, fn.COUNT(Loan.id), BorrowerGroup.fees)
        .join(Borrower, on=(Loan.borrower == Borrower.id))
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .switch(Loan)
        .join(Item, on=(Loan.item == Item.id))
        .where(
            Loan.returned_at.is_null()
            & Loan.due_on.between(window.first, window.last)
            & ((Loan.borrower > borrower_id) | ((Loan.borrower == borrower_id) & (Loan.due_on > due_on)))
            & (Item.status != "claimed_returned")
            & ~fn.EXISTS(told)
            & ~fn.EXISTS(dead)
        )
        .group_by(Loan.borrower, Loan.due_on, BorrowerGroup.fees)
        .order_by(Loan.borrower, Loan.due_on)
    )
    # «Kun påmindelser»: an institution is reminded, never recalled.
    return query.where(BorrowerGroup.notices == "all") if window.kind == "recall" else query
