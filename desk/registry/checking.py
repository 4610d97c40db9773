"""Is the store whole? What the schema promises and what it cannot promise, asked of the rows (``desk check``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from peewee import JOIN, Select, fn

from db.models import (
    AccessLog,
    Borrower,
    Branch,
    CommandRecord,
    Item,
    Library,
    Loan,
    LoanOccasion,
    SearchWord,
    Staff,
    Title,
)
from desk.circulation.queries import calendar_of
from desk.command import query
from desk.money.checking import wrong_money
from desk.privacy.access_log import first_break
from desk.privacy.erasure.queries import erasures_without_proof
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, worded at the edge.

    Attributes:
        what: a short code.
        count: how many rows.
        rows: the ids of some of them; never anything of a person (T3).
    """

    what: str
    count: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """What was found, and how much there is in the store."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    counts: dict[str, int]


SHOWN = 10
IS_OPEN = Loan.returned_at.is_null()


@query(Right.CHECK)
def store_check(transaction: Transaction, today: date, newest_of_log: tuple[int, bytes] | None = None) -> StoreCheck:
    """Look at everything that must always be so.

    Args:
        transaction: a consistent view of the store.
        today: loans due before it are not asked about closed days any more.
        newest_of_log: number and seal of the access log's newest row, as remembered outside the store.
    """
    errors = [_finding(transaction, what, rows) for what, rows in _wrong_rows().items()]
    errors += [Finding(what, len(rows), rows[:SHOWN]) for what, rows in wrong_money(transaction).items()]
    if transaction.value(Library.select(fn.COUNT(Library.id))) != 1:
        errors.append(Finding("library", 1))
    without_proof = erasures_without_proof(transaction)
    errors.append(Finding("erasure_failed", len(without_proof.failed), without_proof.failed[:SHOWN]))
    errors.append(Finding("erasure_missing", len(without_proof.missing), without_proof.missing[:SHOWN]))
    broken = first_break(transaction, newest_of_log)
    if broken is not None:
        errors.append(Finding(f"log_{broken.what}", 1, (broken.number,)))
    warnings = [_due_on_closed_days(transaction, today)]
    if transaction.value(Staff.select(Staff.id).where((Staff.role == "supervisor") & Staff.active).limit(1)) is None:
        warnings.append(Finding("no_supervisor", 1))
    return StoreCheck(
        tuple(finding for finding in errors if finding.count),
        tuple(finding for finding in warnings if finding.count),
        {
            "borrowers": _count(transaction, Borrower.select()),
            "titles": _count(transaction, Title.select()),
            "items": _count(transaction, Item.select()),
            "open_loans": _count(transaction, Loan.select().where(IS_OPEN)),
            "log_rows": _count(transaction, AccessLog.select()),
        },
    )


def _wrong_rows() -> dict[str, Select]:
    """Word a query of ids for everything that must never be found."""
    twice = Loan.select(Loan.item).where(IS_OPEN).group_by(Loan.item).having(fn.COUNT(Loan.id) > 1)
    command_twice = (
        CommandRecord.select(fn.MAX(CommandRecord.id))
        .group_by(CommandRecord.command_id)
        .having(fn.COUNT(CommandRecord.id) > 1)
    )
    return {
        "lent_twice": twice,
        "lent_not_marked": Loan.select(Loan.id)
        .join(Item, on=(Loan.item == Item.id))
        .where(IS_OPEN & (Item.status != "on_loan")),
        "marked_not_lent": Item.select(Item.id)
        .join(Loan, JOIN.LEFT_OUTER, on=((Loan.item == Item.id) & IS_OPEN))
        .where((Item.status == "on_loan") & Loan.id.is_null()),
        "occasion": Loan.select(Loan.id)
        .join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id))
        .where((Loan.borrower != LoanOccasion.borrower) | (IS_OPEN & (Loan.due_on != LoanOccasion.due_on))),
        "closed_on": Loan.select(Loan.id).where(
            (Loan.returned_at.is_null() != Loan.closed_on.is_null()) | (Loan.returned_at < Loan.lent_at)
        ),
        "command_twice": command_twice,
        "no_search_words": Borrower.select(Borrower.id)
        .join(SearchWord, JOIN.LEFT_OUTER, on=(SearchWord.borrower == Borrower.id))
        .where(SearchWord.id.is_null()),
    }


def _finding(transaction: Transaction, what: str, rows: Select) -> Finding:
    ids = [row[0] for row in transaction.all(rows)]
    return Finding(what, len(ids), tuple(ids[:SHOWN]))


def _count(transaction: Transaction, rows: Select) -> int:
    return int(transaction.value(rows.select(fn.COUNT(1))))


def _due_on_closed_days(transaction: Transaction, today: date) -> Finding:
    """Find open loans due on a day on which no branch is open; which branch lent them is not kept."""
    branches = [row[0] for row in transaction.all(Branch.select(Branch.id))]
    days = [
        row[0] for row in transaction.all(Loan.select(Loan.due_on).where(IS_OPEN & (Loan.due_on >= today)).distinct())
    ]
    calendars = [calendar_of(transaction, branch_id, today) for branch_id in branches]
    closed = [day for day in days if calendars and not any(calendar.is_open(day) for calendar in calendars)]
    return _finding(transaction, "due_on_closed_day", Loan.select(Loan.id).where(IS_OPEN & Loan.due_on.in_(closed)))
