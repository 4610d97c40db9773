"""The till (M7): what moved at a counter on a day, and that it was counted and signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from peewee import fn

from db.models import LedgerLine, Staff, TillClosing
from desk.calendar import local_date
from desk.command import Command, carries_out, query
from desk.errors import InvalidInput, NotFound
from desk.money.records import ClosingRecord, TillDay
from desk.money.vouchers import MOST_ORE, open_till
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

REMARK_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTill(Command[ClosingRecord]):
    """Close the counter's till for a local day: whoever signs has counted the cash."""

    right: ClassVar[Right] = Right.TAKE_MONEY

    day: date
    counted_ore: int
    remark: str = field(default="", repr=False)


@carries_out(
    CloseTill,
    row_id=lambda record: record.closing_id,
    again=lambda transaction, _command, closing_id: _closing(transaction, TillClosing.id == closing_id),
)
def close_till(transaction: Transaction, command: CloseTill) -> ClosingRecord:
    """Close a till.

    Raises:
        InvalidInput: no counter; a day that has not come; a negative sum, or one beyond reason; nobody to sign.
        TillIsClosed: somebody has closed it.
    """
    if command.day > local_date(command.at):
        raise InvalidInput("day", "ahead")
    if not 0 <= command.counted_ore <= MOST_ORE:
        raise InvalidInput("counted", "impossible")
    if command.who.staff_id is None:
        raise InvalidInput("staff", "missing")
    counter_id = open_till(transaction, command.who.counter_id, command.day)
    closing_id = transaction.run(
        TillClosing.insert(
            counter=counter_id,
            day=command.day,
            expected_ore=_expected(transaction, counter_id, command.day),
            counted_ore=command.counted_ore,
            closed_at=command.at,
            closed_by=command.who.staff_id,
            remark=command.remark.strip()[:REMARK_LENGTH],
        )
    )
    return _closing(transaction, TillClosing.id == closing_id)


def _expected(transaction: Transaction, counter_id: int, day: date) -> int:
    cash = (LedgerLine.counter == counter_id) & (LedgerLine.day == day) & (LedgerLine.method == "cash")
    return int(transaction.value(LedgerLine.select(fn.COALESCE(fn.SUM(LedgerLine.amount_ore), 0)).where(cash)))


def _closing(transaction: Transaction, which: object) -> ClosingRecord:
    row = transaction.one(
        TillClosing.select(
            TillClosing.id,
            TillClosing.day,
            TillClosing.expected_ore,
            TillClosing.counted_ore,
            TillClosing.closed_at,
            Staff.name,
            TillClosing.remark,
        )
        .join(Staff, on=(TillClosing.closed_by == Staff.id))
        .where(which)
    )
    if row is None:
        raise NotFound("till")
    return ClosingRecord(*row)


@query(Right.TAKE_MONEY)
def till_of(transaction: Transaction, counter_id: int, day: date) -> TillDay:
    """Give what moved at a counter on a local day, kind by kind, and whether it has been closed."""
    here = (LedgerLine.counter == counter_id) & (LedgerLine.day == day)
    rows = transaction.all(
        LedgerLine.select(
            LedgerLine.kind, LedgerLine.method, fn.COUNT(LedgerLine.voucher), fn.SUM(LedgerLine.amount_ore)
        )
        .where(here)
        .group_by(LedgerLine.kind, LedgerLine.method)
        .order_by(LedgerLine.kind, LedgerLine.method)
    )
    first, last = transaction.one(
        LedgerLine.select(fn.MIN(LedgerLine.voucher), fn.MAX(LedgerLine.voucher)).where(here)
    ) or (None, None)
    that_day = (TillClosing.counter == counter_id) & (TillClosing.day == day)
    is_closed = transaction.value(TillClosing.select(TillClosing.id).where(that_day)) is not None
    return TillDay(
        day=day,
        by_kind=tuple((kind, method, int(count), int(amount)) for kind, method, count, amount in rows),
        expected_ore=_expected(transaction, counter_id, day),
        vouchers=None if first is None else (first, last),
        closed=_closing(transaction, that_day) if is_closed else None,
    )


@query(Right.TAKE_MONEY)
def open_till_days(transaction: Transaction, counter_id: int, today: date) -> tuple[date, ...]:
    """Give the days before today on which money moved at a counter whose till nobody has closed, the newest first."""
    closed = TillClosing.select(TillClosing.day).where(TillClosing.counter == counter_id)
    rows = transaction.all(
        LedgerLine.select(LedgerLine.day)
        .where((LedgerLine.counter == counter_id) & (LedgerLine.day < today) & LedgerLine.day.not_in(closed))
        .distinct()
        .order_by(LedgerLine.day.desc())
        .limit(31)
    )
    return tuple(row[0] for row in rows)
