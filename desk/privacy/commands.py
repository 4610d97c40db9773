"""Looks that are logged (G8): a search, a failed look-up, and the log itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import JOIN

from db.models import AccessLog, Borrower, Counter, Staff
from desk.command import Command, carries_out
from desk.errors import NotFound
from desk.privacy.access_log import DONE, NOT_FOUND, note, subject_of, subject_of_borrower
from desk.privacy.purposes import Action, Purpose
from desk.privacy.records import LogLine
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

LONGEST_LIST = 500


@dataclass(frozen=True, slots=True)
class Noted:
    """That a row was added to the log."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSearch(Command[Noted]):
    """Note that borrowers were searched for and none was opened. What was typed is not kept: it may be a CPR number."""

    right: ClassVar[Right] = Right.SEE_BORROWER

    found: bool
    purpose: Purpose = Purpose.BORROWER_ASKS


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnknownCpr(Command[Noted]):
    """Note that a CPR number was scanned that no borrower has. The number is not kept."""

    right: ClassVar[Right] = Right.LEND


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLogOfBorrower(Command[tuple[LogLine, ...]]):
    """Read who looked at a borrower, the newest first; reading it is a look of its own, and the first line."""

    right: ClassVar[Right] = Right.READ_LOG

    borrower_id: int
    purpose: Purpose = Purpose.SUPERVISION


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLogOfStaff(Command[tuple[LogLine, ...]]):
    """Read what a staff member looked at, the newest first; that it was read is noted."""

    right: ClassVar[Right] = Right.READ_LOG

    staff_id: int


def _noted_again(_transaction: Transaction, _command: Any, number: int) -> Noted:
    return Noted(number)


@carries_out(NoteSearch, row_id=lambda noted: noted.number, again=_noted_again)
def note_search(transaction: Transaction, command: NoteSearch) -> Noted:
    """Note a search that ended without a borrower being opened."""
    outcome = DONE if command.found else NOT_FOUND
    return Noted(note(transaction, command.who, command.at, Action.SEARCH, command.purpose, outcome=outcome))


@carries_out(NoteUnknownCpr, row_id=lambda noted: noted.number, again=_noted_again)
def note_unknown_cpr(transaction: Transaction, command: NoteUnknownCpr) -> Noted:
    """Note a failed look-up."""
    return Noted(note(transaction, command.who, command.at, Action.VISIT, Purpose.LENDING, outcome=NOT_FOUND))


@carries_out(
    ReadLogOfBorrower,
    row_id=lambda _lines: None,
    again=lambda transaction, command, _row: log_of(transaction, command.borrower_id),
)
def read_log_of_borrower(transaction: Transaction, command: ReadLogOfBorrower) -> tuple[LogLine, ...]:
    """Read a borrower's log.

    Raises:
        NotFound: the borrower is gone.
    """
    note(transaction, command.who, command.at, Action.LOG, command.purpose, command.borrower_id)
    return log_of(transaction, command.borrower_id)


def log_of(transaction: Transaction, borrower_id: int, count: int = LONGEST_LIST) -> tuple[LogLine, ...]:
    """Give a borrower's rows, the newest first.

    Raises:
        NotFound: the borrower is gone.
    """
    subject = subject_of_borrower(transaction, borrower_id)
    number = transaction.value(Borrower.select(Borrower.number).where(Borrower.id == borrower_id))
    rows = transaction.all(_rows().where(AccessLog.subject == subject).limit(count))
    return tuple(_lines(rows, {subject: number}))


@carries_out(
    ReadLogOfStaff,
    row_id=lambda _lines: None,
    again=lambda transaction, command, _row: log_of_staff(transaction, command.staff_id),
)
def read_log_of_staff(transaction: Transaction, command: ReadLogOfStaff) -> tuple[LogLine, ...]:
    """Read a staff member's log.

    Raises:
        NotFound: there is no such account.
    """
    if transaction.value(Staff.select(Staff.id).where(Staff.id == command.staff_id)) is None:
        raise NotFound("staff")
    note(transaction, command.who, command.at, Action.LOG, Purpose.SUPERVISION)
    return log_of_staff(transaction, command.staff_id)


def log_of_staff(transaction: Transaction, staff_id: int, count: int = LONGEST_LIST) -> tuple[LogLine, ...]:
    """Give what a staff member looked at, the newest first, with the lånernummer of those who are still borrowers."""
    rows = transaction.all(_rows().where(AccessLog.staff == staff_id).limit(count))
    wanted = {row[5] for row in rows if row[5] is not None}
    # Whose a mark is, only the borrowers' own keys tell; half a second for 50,000, and asked for seldom.
    numbers = {}
    if wanted:
        for key, number in transaction.all(Borrower.select(Borrower.log_key, Borrower.number)):
            mark = subject_of(key)
            if mark in wanted:
                numbers[mark] = number
    return tuple(_lines(rows, numbers))


def _rows() -> Any:
    return (
        AccessLog.select(
            AccessLog.number,
            AccessLog.at,
            Staff.name,
            Counter.name,
            AccessLog.outcome,
            AccessLog.subject,
            AccessLog.action,
            AccessLog.purpose,
            AccessLog.revealed,
        )
        .join(Staff, JOIN.LEFT_OUTER, on=(AccessLog.staff == Staff.id))
        .join(Counter, JOIN.LEFT_OUTER, on=(AccessLog.counter == Counter.id))
        .order_by(AccessLog.number.desc())
    )


def _lines(rows: Iterable[tuple[Any, ...]], numbers: dict[bytes, str]) -> Iterable[LogLine]:
    for number, at, staff, counter, outcome, subject, action, purpose, revealed in rows:
        yield LogLine(
            number=number,
            at=at,
            staff=staff or "",
            counter=counter or "",
            borrower="" if subject is None else numbers.get(subject, ""),
            action=action,
            purpose=purpose,
            revealed=tuple(revealed.split()),
            outcome=outcome,
        )
