"""What the commands of circulation read. Joins and plain tuples: statements, not encryption, are the cost (Q3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from peewee import JOIN, Select, fn

from db.models import (
    Block,
    Borrower,
    BorrowerGroup,
    Branch,
    CalendarDay,
    Card,
    Counter,
    Item,
    LendingRule,
    Loan,
    MaterialGroup,
    OpeningHours,
    Override,
    Title,
)
from desk.calendar import SEARCH_DAYS, Calendar
from desk.circulation.records import ItemRecord
from desk.circulation.refusals import Blocked
from desk.command import query
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

ITEM_COLUMNS = (
    Item.id,
    Item.barcode,
    Title.title,
    Title.author,
    MaterialGroup.name,
    Item.branch,
    Branch.name,
    Item.status,
    Item.parts,
)


def items_with_columns(*more: Any) -> Select:
    """Start a query over items with what a line shows, and more columns after those."""
    return (
        Item.select(*ITEM_COLUMNS, *more)
        .join(Title, on=(Item.title == Title.id))
        .join(MaterialGroup, on=(Item.material_group == MaterialGroup.id))
        .join(Branch, on=(Item.branch == Branch.id))
    )


@dataclass(frozen=True, slots=True)
class Borrowing:
    """A borrower as the rules see one."""

    borrower_id: int
    birth_date: date | None
    group_id: int
    loan_limit: int
    card_state: str | None
    card_since: date | None


@dataclass(frozen=True, slots=True)
class Rule:
    """The lending rule of one pair of groups (R1). ``loan_limit`` None: only the borrower group's own."""

    loan_days: int
    renewals: int
    renewable: bool
    loan_limit: int | None


@dataclass(frozen=True, slots=True)
class Lendable:
    """An item as the rules see it, with its open loan if it has one."""

    item: ItemRecord
    material_group_id: int
    age_limit: int | None
    loan_id: int | None
    loan_borrower_id: int | None
    loan_due_on: date | None


def borrowing(transaction: Transaction, borrower_id: int, card_id: int | None) -> Borrowing | None:
    """Lock a borrower's row and read what the rules need (R7: the lock is what counts limits right)."""
    row = transaction.one_for_update(
        Borrower.select(Borrower.id, Borrower.birth_date, Borrower.borrower_group).where(Borrower.id == borrower_id)
    )
    if row is None:
        return None
    limit, state, since = transaction.one(
        BorrowerGroup.select(BorrowerGroup.loan_limit, Card.state, Card.state_since)
        .join(Card, JOIN.LEFT_OUTER, on=(Card.id == card_id) & (Card.borrower == borrower_id))
        .where(BorrowerGroup.id == row[2])
    ) or (0, None, None)
    return Borrowing(row[0], row[1], row[2], limit, state, since)


def lendable(transaction: Transaction, *where: Any) -> Lendable | None:
    """Lock an item's row, then read it with its open loan."""
    item_id = transaction.one_for_update(Item.select(Item.id).where(*where))
    if item_id is None:
        return None
    row = transaction.one(
        items_with_columns(MaterialGroup.id, MaterialGroup.age_limit, Loan.id, Loan.borrower, Loan.due_on)
        .join(Loan, JOIN.LEFT_OUTER, on=(Loan.item == Item.id) & Loan.returned_at.is_null())
        .where(Item.id == item_id[0])
    )
    if row is None:
        return None
    return Lendable(ItemRecord(*row[:9]), *row[9:])


def rule_for(transaction: Transaction, borrower_group_id: int, material_group_id: int) -> Rule | None:
    """Read the lending rule of a pair of groups."""
    row = transaction.one(
        LendingRule.select(
            LendingRule.loan_days, LendingRule.renewals, LendingRule.renewable, LendingRule.loan_limit
        ).where((LendingRule.borrower_group == borrower_group_id) & (LendingRule.material_group == material_group_id))
    )
    return None if row is None else Rule(*row)


def open_loan_counts(transaction: Transaction, borrower_id: int, material_group_id: int) -> tuple[int, int]:
    """Count a borrower's open loans, and those of one material group among them."""
    row = transaction.one(
        Loan.select(fn.COUNT(Loan.id), fn.SUM((Item.material_group == material_group_id).cast("INTEGER")))
        .join(Item, on=(Loan.item == Item.id))
        .where((Loan.borrower == borrower_id) & Loan.returned_at.is_null())
    ) or (0, 0)
    return row[0], row[1] or 0


def blocks_in_force(
    transaction: Transaction, borrower_id: int, card_id: int | None, today: date
) -> tuple[Blocked, ...]:
    """Read the blocks that hold today: of the person, and of the card that is used (R5; ends are inclusive)."""
    rows = transaction.all(
        Block.select(Block.kind, Block.set_on, Block.ends_on, Block.reason).where(
            (Block.borrower == borrower_id)
            & Block.lifted_at.is_null()
            & (Block.ends_on.is_null() | (Block.ends_on >= today))
            & (Block.set_on <= today)
            & (Block.card.is_null() | (Block.card == card_id))
        )
    )
    return tuple(Blocked(*row) for row in rows)


def overrides_of(transaction: Transaction, borrower_id: int, visit: str, item_id: int) -> frozenset[str]:
    """Read which refusals a supervisor has set aside for this visit, for all items or for this one."""
    rows = transaction.all(
        Override.select(Override.refusal).where(
            (Override.borrower == borrower_id)
            & (Override.visit == visit)
            & (Override.item.is_null() | (Override.item == item_id))
        )
    )
    return frozenset(row[0] for row in rows)


def calendar_of(transaction: Transaction, branch_id: int, from_day: date) -> Calendar:
    """Read a branch's calendar for the search of an open day from a date on (R2)."""
    weekdays = transaction.all(OpeningHours.select(OpeningHours.weekday).where(OpeningHours.branch == branch_id))
    own_days = transaction.all(
        CalendarDay.select(CalendarDay.day, CalendarDay.is_open).where(
            (CalendarDay.branch == branch_id)
            & CalendarDay.day.between(from_day, from_day + timedelta(days=SEARCH_DAYS))
        )
    )
    return Calendar(frozenset(row[0] for row in weekdays), {day: bool(is_open) for day, is_open in own_days})


def branch_of_counter(transaction: Transaction, counter_id: int | None) -> int | None:
    """Read where a counter stands."""
    branch_id: int | None = transaction.value(Counter.select(Counter.branch).where(Counter.id == counter_id))
    return branch_id


def item_columns(rows: Iterable[tuple[Any, ...]]) -> list[tuple[ItemRecord, tuple[Any, ...]]]:
    """Split rows of :func:`items_with_columns` into the item and the columns after it."""
    return [(ItemRecord(*row[:9]), row[9:]) for row in rows]


@query(Right.LEND)
def item_with_id(transaction: Transaction, item_id: int) -> ItemRecord | None:
    """Give one item as a line shows it."""
    row = transaction.one(items_with_columns().where(Item.id == item_id))
    return None if row is None else ItemRecord(*row)


@query(Right.LEND)
def open_loan_id(transaction: Transaction, item_id: int, borrower_id: int) -> int | None:
    """Give the open loan of an item with a borrower."""
    loan_id: int | None = transaction.value(
        Loan.select(Loan.id).where((Loan.item == item_id) & (Loan.borrower == borrower_id) & Loan.returned_at.is_null())
    )
    return loan_id
