"""Money that moves: a payment's row, its voucher number and its anonymous line in the ledger (P5, M7).

Voucher numbers run without gaps: the next one is drawn under the lock of the library's one row of rules, so that
counters take turns, and a transaction that is rolled back gives its number back.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from peewee import fn

from db.models import Counter, LedgerLine, LibraryRules, Payment, Staff, TillClosing
from db.models.money import PAYMENT_METHODS
from db.statements import Slot, Statement
from desk.calendar import local_date
from desk.errors import InvalidInput, TillIsClosed

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.command import Command

RULES_ROW = Statement(LibraryRules.select(LibraryRules.id).where(LibraryRules.id == Slot("id")).for_update())
# A reference of MobilePay or of a terminal; more is not one.
REFERENCE_LENGTH = 60
# What no single movement at a counter is: 100.000 kr.
MOST_ORE = 10_000_000


def open_till(transaction: Transaction, counter_id: int | None, day: date) -> int:
    """Hold the ledger and make sure that money can still move at a counter on a day.

    Args:
        transaction: the command's.
        counter_id: whose till.
        day: local date.

    Returns:
        The counter.

    Raises:
        InvalidInput: no counter, so no till.
        TillIsClosed: it has been counted and signed for that day; the error says by whom.
    """
    if counter_id is None or transaction.value(Counter.select(Counter.id).where(Counter.id == counter_id)) is None:
        raise InvalidInput("counter", "missing")
    transaction.lock(RULES_ROW, id=1)
    closed = transaction.one(
        TillClosing.select(Staff.name, TillClosing.closed_at)
        .join(Staff, on=(TillClosing.closed_by == Staff.id))
        .where((TillClosing.counter == counter_id) & (TillClosing.day == day))
    )
    if closed is not None:
        raise TillIsClosed("till", "closed", *closed)
    return counter_id


def checked_method(method: str, reference: str) -> tuple[str, str]:
    """Check how it is paid.

    Raises:
        InvalidInput: an unknown way, or MobilePay without a reference, or one that is too long.
    """
    if method not in PAYMENT_METHODS:
        raise InvalidInput("method", "unknown")
    reference = reference.strip()
    if method == "mobilepay" and not reference:
        raise InvalidInput("reference", "missing")
    if len(reference) > REFERENCE_LENGTH:
        raise InvalidInput("reference", "too_long")
    return method, reference


def move_money(
    transaction: Transaction,
    command: Command[Any],
    borrower_id: int,
    kind: str,
    method: str,
    amount_ore: int,
    *,
    reference: str = "",
    reason: str = "",
    refund_of: int | None = None,
) -> tuple[int, int]:
    """Write a movement down, twice: with the borrower, and in the ledger without; :func:`open_till` comes before it.

    Args:
        transaction: the command's.
        command: who, when and at which counter.
        borrower_id: whose money.
        kind: payment, refund or payout.
        method: cash, card or mobilepay.
        amount_ore: what moved, whichever way; more than nothing.
        reference: of the payment, where it has one.
        reason: of a refund.
        refund_of: the payment that is given back.

    Returns:
        The payment's id and its voucher number.
    """
    voucher: int = (transaction.value(LedgerLine.select(fn.MAX(LedgerLine.voucher))) or 0) + 1
    at: datetime = command.at
    transaction.run(
        LedgerLine.insert(
            voucher=voucher,
            day=local_date(at),
            counter=command.who.counter_id,
            kind=kind,
            method=method,
            amount_ore=amount_ore if kind == "payment" else -amount_ore,
        )
    )
    payment_id = transaction.run(
        Payment.insert(
            borrower=borrower_id,
            kind=kind,
            method=method,
            reference=reference,
            amount_ore=amount_ore,
            paid_at=at,
            counter=command.who.counter_id,
            staff=command.who.staff_id,
            reason=reason,
            voucher=voucher,
            refund_of=refund_of,
        )
    )
    return payment_id, voucher
