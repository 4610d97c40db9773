"""What the commands of circulation read: few prepared statements with joins, for statements are the cost (Q3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from peewee import JOIN, SQL, Case, Select, fn

from db.models import (
    Block,
    Borrower,
    BorrowerGroup,
    Branch,
    CalendarDay,
    Card,
    Counter,
    Fee,
    Item,
    LendingRule,
    Loan,
    MaterialGroup,
    OpeningHours,
    Override,
    Reservation,
    Title,
)
from db.statements import Slot, Statement, row_lock
from desk.calendar import SEARCH_DAYS, Calendar
from desk.circulation.records import ItemRecord
from desk.circulation.refusals import Blocked
from desk.command import query
from desk.money.debt import LIMIT_ORE, OWED_BY_BORROWER
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
    """A borrower as the rules see one, with what the log and the figures need.

    Attributes:
        owed_ore: blocks when it has reached ``debt_limit_ore`` (R4).
        has_blocks: there are some that nobody has lifted; whether one holds today is not known yet.
        log_key: which rows of the access log are theirs.
    """

    borrower_id: int
    birth_date: date | None
    group_id: int
    loan_limit: int
    card_state: str | None
    card_since: date | None
    owed_ore: int
    debt_limit_ore: int
    open_loans: int
    has_blocks: bool
    log_key: bytes = field(repr=False)
    group_code: str
    municipality: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """The lending rule of one pair of groups (R1). ``loan_limit`` None: only the borrower group's own."""

    loan_days: int
    renewals: int
    renewable: bool
    loan_limit: int | None


@dataclass(frozen=True, slots=True)
class Trapped:
    """The reservation an item is set aside for: its shelf place and since when, or on its way there (R6)."""

    reservation_id: int
    borrower_id: int
    state: str
    pickup_branch_id: int
    pickup_number: int | None
    ready_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lendable:
    """An item as the rules see it, with its open loan if it has one, and what is reserved of it.

    Attributes:
        material_code: of its material group, which the figures are counted by (G10).
        loan_group_code: the borrower group of whoever has it on loan, and ``loan_municipality``: for the figures.
        claim_id: the claim on its open loan (R3).
        trapped: the reservation it is set aside for, None: for nobody's.
        own_reservation_id: the reservation of its title that the borrower has, when one was asked about.
        is_waited_for: somebody has a place in the title's queue; whether they may be served today is not known yet.
        rule: what the asked borrower group may do with it; None: there is no rule, or none was asked for.
    """

    item: ItemRecord
    material_group_id: int
    material_code: str
    age_limit: int | None
    loan_id: int | None
    loan_borrower_id: int | None
    loan_due_on: date | None
    loan_group_code: str | None
    loan_municipality: str | None = field(repr=False)
    claim_id: int | None
    status_since: datetime | None
    status_reason: str
    title_id: int
    trapped: Trapped | None
    own_reservation_id: int | None
    is_waited_for: bool
    rule: Rule | None


BORROWER_ROW = row_lock(Borrower.select(Borrower.id).where(Borrower.id == Slot("borrower_id")))
BORROWING = Statement(
    Borrower.select(
        Borrower.id,
        Borrower.birth_date,
        Borrower.borrower_group,
        BorrowerGroup.loan_limit,
        Card.state,
        Card.state_since,
        OWED_BY_BORROWER,
        LIMIT_ORE,
        # Counted here, under the lock: a statement of its own costs more than the count (Q3).
        Loan.select(fn.COUNT(Loan.id)).where((Loan.borrower == Borrower.id) & Loan.returned_at.is_null()),
        fn.EXISTS(Block.select(Block.id).where((Block.borrower == Borrower.id) & Block.lifted_at.is_null())),
        Borrower.log_key,
        BorrowerGroup.code,
        Borrower.municipality,
    )
    .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
    .join(Card, JOIN.LEFT_OUTER, on=(Card.borrower == Borrower.id) & (Card.id == Slot("card_id")))
    .where(Borrower.id == Slot("borrower_id"))
)


def borrowing(transaction: Transaction, borrower_id: int, card_id: int | None) -> Borrowing | None:
    """Lock a borrower's row and read what the rules need (R7: the lock is what counts limits right)."""
    transaction.lock(BORROWER_ROW, borrower_id=borrower_id)
    row = transaction.one(BORROWING, borrower_id=borrower_id, card_id=card_id)
    return None if row is None else Borrowing(*row)


ITEM_ROW = Statement(Item.select(Item.id).where(Item.id == Slot("item_id")).for_update())
_TRAPPING: Any = Reservation.alias("trapping")
_QUEUE: Any = Reservation.alias("queue")
LENDABLE = Statement(
    items_with_columns(
        MaterialGroup.id,
        MaterialGroup.code,
        MaterialGroup.age_limit,
        Loan.id,
        Loan.borrower,
        Loan.due_on,
        BorrowerGroup.code,
        Borrower.municipality,
        Fee.id,
        Item.status_since,
        Item.status_reason,
        Item.title,
        _TRAPPING.id,
        _TRAPPING.borrower,
        _TRAPPING.state,
        _TRAPPING.pickup_branch,
        _TRAPPING.pickup_number,
        _TRAPPING.ready_at,
        Reservation.select(Reservation.id).where(
            (Reservation.title == Item.title) & (Reservation.borrower == Slot("borrower_id"))
        ),
        fn.EXISTS(_QUEUE.select(_QUEUE.id).where((_QUEUE.title == Item.title) & (_QUEUE.state == "reserved"))),
        LendingRule.loan_days,
        LendingRule.renewals,
        LendingRule.renewable,
        LendingRule.loan_limit,
    )
    .join(Loan, JOIN.LEFT_OUTER, on=(Loan.item == Item.id) & Loan.returned_at.is_null())
    .join(Borrower, JOIN.LEFT_OUTER, on=(Loan.borrower == Borrower.id))
    .join(BorrowerGroup, JOIN.LEFT_OUTER, on=(Borrower.borrower_group == BorrowerGroup.id))
    .join(_TRAPPING, JOIN.LEFT_OUTER, on=(_TRAPPING.trapped_item == Item.id))
    .join(Fee, JOIN.LEFT_OUTER, on=(Fee.claimed_loan == Loan.id))
    .join(
        LendingRule,
        JOIN.LEFT_OUTER,
        on=(LendingRule.material_group == Item.material_group) & (LendingRule.borrower_group == Slot("group_id")),
    )
    .where(Item.id == Slot("item_id"))
)


def lendable(
    transaction: Transaction, item_id: int, borrower_id: int | None = None, group_id: int | None = None
) -> Lendable | None:
    """Lock an item's row, then read it with its open loan, its reservations and the rule that holds for it.

    Args:
        transaction: the command's.
        item_id: the item.
        borrower_id: whose reservation of its title is looked for as well.
        group_id: the borrower group whose lending rule is read.
    """
    transaction.lock(ITEM_ROW, item_id=item_id)
    row = transaction.one(LENDABLE, item_id=item_id, borrower_id=borrower_id, group_id=group_id)
    if row is None:
        return None
    about, trapping, (own_reservation_id, is_waited_for), rule = row[9:21], row[21:27], row[27:29], row[29:]
    trapped = None if trapping[0] is None else Trapped(*trapping)
    its_rule = None if rule[0] is None else Rule(*rule)
    values: tuple[Any, ...] = (*about, trapped, own_reservation_id, bool(is_waited_for), its_rule)
    return Lendable(ItemRecord(*row[:9]), *values)


BORROWER_OF_LOAN = Statement(
    Borrower.select(Borrower.id)
    .where(Borrower.id == Loan.select(Loan.borrower).where(Loan.id == Slot("loan_id")))
    .for_update()
)
ITEM_OF_LOAN = Statement(
    Item.select(Item.id).where(Item.id == Loan.select(Loan.item).where(Loan.id == Slot("loan_id"))).for_update()
)


def hold_loan(transaction: Transaction, loan_id: int) -> None:
    """Lock a loan's borrower and item, in the order of check-out, so that nobody returns it meanwhile."""
    transaction.lock(BORROWER_OF_LOAN, loan_id=loan_id)
    transaction.lock(ITEM_OF_LOAN, loan_id=loan_id)


OPEN_LOAN_COUNT = Statement(
    Loan.select(fn.COUNT(Loan.id)).where((Loan.borrower == Slot("borrower_id")) & Loan.returned_at.is_null())
)
# The group is looked at in the count, not in the search: SQLite would start from all items of the group.
OPEN_LOANS_IN_GROUP = Statement(
    Loan.select(fn.COUNT(Case(None, ((Item.material_group == Slot("material_group_id"), 1),))))
    .join(Item, on=(Loan.item == Item.id))
    .where((Loan.borrower == Slot("borrower_id")) & Loan.returned_at.is_null())
)


def open_loan_count(transaction: Transaction, borrower_id: int) -> int:
    """Count a borrower's open loans."""
    return int(transaction.value(OPEN_LOAN_COUNT, borrower_id=borrower_id))


def open_loans_in_group(transaction: Transaction, borrower_id: int, material_group_id: int) -> int:
    """Count a borrower's open loans of one material group. Looks at every item: only for a rule with such a limit."""
    return int(transaction.value(OPEN_LOANS_IN_GROUP, borrower_id=borrower_id, material_group_id=material_group_id))


BLOCKS_IN_FORCE = Statement(
    Block.select(Block.kind, Block.set_on, Block.ends_on, Block.reason).where(
        (Block.borrower == Slot("borrower_id"))
        & Block.lifted_at.is_null()
        & (Block.ends_on.is_null() | (Block.ends_on >= Slot("today")))
        & (Block.set_on <= Slot("today"))
        & (Block.card.is_null() | (Block.card == Slot("card_id")))
    )
)


def blocks_in_force(
    transaction: Transaction, borrower_id: int, card_id: int | None, today: date
) -> tuple[Blocked, ...]:
    """Read the blocks that hold today: of the person, and of the card that is used (R5; ends are inclusive)."""
    rows = transaction.all(BLOCKS_IN_FORCE, borrower_id=borrower_id, card_id=card_id, today=today)
    return tuple(Blocked(*row) for row in rows)


OVERRIDES = Statement(
    Override.select(Override.refusal).where(
        (Override.borrower == Slot("borrower_id"))
        & (Override.visit == Slot("visit"))
        & (Override.item.is_null() | (Override.item == Slot("item_id")))
    )
)


def overrides_of(transaction: Transaction, borrower_id: int, visit: str, item_id: int) -> frozenset[str]:
    """Read which refusals a supervisor has set aside for this visit, for all items or for this one."""
    rows = transaction.all(OVERRIDES, borrower_id=borrower_id, visit=visit, item_id=item_id)
    return frozenset(row[0] for row in rows)


# Own days and open weekdays in one: a statement of its own costs more than either (Q3).
_NOTHING = SQL("NULL")
CALENDAR = Statement(
    CalendarDay.select(CalendarDay.day, CalendarDay.is_open, _NOTHING).where(
        (CalendarDay.branch == Slot("branch_id")) & CalendarDay.day.between(Slot("from_day"), Slot("until_day"))
    )
    + OpeningHours.select(_NOTHING, _NOTHING, OpeningHours.weekday).where(OpeningHours.branch == Slot("branch_id"))
)


def calendar_of(transaction: Transaction, branch_id: int, from_day: date, last_wanted: date | None = None) -> Calendar:
    """Read a branch's calendar for the search of an open day from a date on (R2).

    Args:
        transaction: the command's.
        branch_id: whose calendar.
        from_day: the first date that is asked about.
        last_wanted: the last date from which an open day is searched; None: ``from_day``.
    """
    until_day = (last_wanted or from_day) + timedelta(days=SEARCH_DAYS)
    rows = transaction.all(CALENDAR, branch_id=branch_id, from_day=from_day, until_day=until_day)
    weekdays = frozenset(weekday for _day, _is_open, weekday in rows if weekday is not None)
    return Calendar(weekdays, {day: is_open for day, is_open, _weekday in rows if day is not None})


BRANCH_OF_COUNTER = Statement(Counter.select(Counter.branch).where(Counter.id == Slot("counter_id")))


def branch_of_counter(transaction: Transaction, counter_id: int | None) -> int | None:
    """Give where a counter stands; the look at whoever stands there has told it already (:func:`authorise`)."""
    branch_id: int | None = transaction.branches.get(counter_id)
    return transaction.value(BRANCH_OF_COUNTER, counter_id=counter_id) if branch_id is None else branch_id


def item_columns(rows: Iterable[tuple[Any, ...]]) -> list[tuple[ItemRecord, tuple[Any, ...]]]:
    """Split rows of :func:`items_with_columns` into the item and the columns after it."""
    return [(ItemRecord(*row[:9]), row[9:]) for row in rows]


ITEM_WITH_ID = Statement(items_with_columns().where(Item.id == Slot("item_id")))


@query(Right.LEND)
def item_with_id(transaction: Transaction, item_id: int) -> ItemRecord | None:
    """Give one item as a line shows it."""
    row = transaction.one(ITEM_WITH_ID, item_id=item_id)
    return None if row is None else ItemRecord(*row)


@query(Right.LEND)
def open_loan_id(transaction: Transaction, item_id: int, borrower_id: int) -> int | None:
    """Give the open loan of an item with a borrower."""
    loan_id: int | None = transaction.value(
        Loan.select(Loan.id).where((Loan.item == item_id) & (Loan.borrower == borrower_id) & Loan.returned_at.is_null())
    )
    return loan_id
