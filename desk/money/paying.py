"""Paying (P5, M7): one fee, several, all, or a part; the oldest first when a sum is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from db.models import Fee, Payment, PaymentPart
from db.statements import Slot, Statement
from desk.borrowers.about import AboutBorrower, hold_borrower
from desk.calendar import local_date
from desk.command import carries_out
from desk.errors import InvalidInput, NotFound
from desk.money.claims import close_settled
from desk.money.debt import owed_ore
from desk.money.records import PaymentRecord
from desk.money.rules import shared_out
from desk.money.vouchers import MOST_ORE, checked_method, move_money, open_till
from desk.privacy.access_log import note
from desk.privacy.purposes import Action
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

UNSETTLED = Statement(
    Fee.select(Fee.id, Fee.amount_ore - Fee.paid_ore)
    .where((Fee.borrower == Slot("borrower_id")) & Fee.settled_on.is_null())
    .order_by(Fee.charged_on, Fee.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay(AboutBorrower[PaymentRecord]):
    """Take money for fees.

    Attributes:
        fee_ids: which; none named: all that are unsettled.
        amount_ore: how much; None: all that is left of them. It is paid on the oldest first.
        method: cash, card or mobilepay.
        reference: of the payment; MobilePay has one.
        tendered_ore: what was handed over in cash; the record says what goes back. None: the exact amount.
    """

    right: ClassVar[Right] = Right.TAKE_MONEY

    fee_ids: tuple[int, ...] = ()
    amount_ore: int | None = None
    method: str
    reference: str = field(default="", repr=False)
    tendered_ore: int | None = None


@carries_out(
    Pay,
    row_id=lambda record: record.payment_id,
    again=lambda transaction, command, payment_id: _paid_again(transaction, command, payment_id),
)
def pay(transaction: Transaction, command: Pay) -> PaymentRecord:
    """Take a payment. A claim that is paid whole while its material is out closes the loan that day (*Semantics*).

    Raises:
        InvalidInput: nothing is owed, or more would be paid than is; not more than nothing; an unknown way to pay, no
            reference; less was handed over than is paid.
        NotFound: the borrower, or one of the fees, is gone or settled.
        TillIsClosed: this counter's till has been counted for today.
    """
    method, reference = checked_method(command.method, command.reference)
    if command.amount_ore is not None and command.amount_ore <= 0:
        raise InvalidInput("amount", "not_positive")
    today = local_date(command.at)
    # What is owed stays so until the end: two counters that take the same money take it one after the other.
    hold_borrower(transaction, command.borrower_id)
    left = _left_of(transaction, command)
    owed = sum(its_left for _fee_id, its_left in left)
    amount_ore = owed if command.amount_ore is None else command.amount_ore
    if amount_ore > owed:
        raise InvalidInput("amount", "more_than_owed")
    if amount_ore > MOST_ORE:
        raise InvalidInput("amount", "too_much")
    change_ore = _change(command, amount_ore)
    open_till(transaction, command.who.counter_id, today)
    parts = shared_out(amount_ore, left)
    payment_id, voucher = move_money(
        transaction, command, command.borrower_id, "payment", method, amount_ore, reference=reference
    )
    for fee_id, part in parts:
        _pay_on(transaction, command, fee_id, part, today)
        transaction.run(PaymentPart.insert(payment=payment_id, fee=fee_id, amount_ore=part))
    closed = close_settled(transaction, [fee_id for fee_id, _part in parts], command.at, today)
    keys = ("balance", "payments")
    note(transaction, command.who, command.at, Action.PAY, command.purpose, command.borrower_id, revealed=keys)
    return PaymentRecord(
        payment_id, voucher, amount_ore, change_ore, owed_ore(transaction, command.borrower_id), closed
    )


def _left_of(transaction: Transaction, command: Pay) -> list[tuple[int, int]]:
    left = [(fee_id, its_left) for fee_id, its_left in transaction.all(UNSETTLED, borrower_id=command.borrower_id)]
    if not left:
        raise InvalidInput("amount", "nothing_owed")
    if not command.fee_ids:
        return left
    named = set(command.fee_ids)
    if named - {fee_id for fee_id, _left in left}:
        raise NotFound("fee")
    return [(fee_id, its_left) for fee_id, its_left in left if fee_id in named]


def _change(command: Pay, amount_ore: int) -> int:
    if command.tendered_ore is None:
        return 0
    if command.method != "cash":
        raise InvalidInput("tendered", "not_cash")
    if command.tendered_ore < amount_ore:
        raise InvalidInput("tendered", "too_little")
    return command.tendered_ore - amount_ore


def _pay_on(transaction: Transaction, command: Pay, fee_id: int, amount_ore: int, day: date) -> None:
    unsettled = (Fee.id == fee_id) & Fee.settled_on.is_null()
    room = Fee.amount_ore >= Fee.paid_ore + amount_ore
    if transaction.run(Fee.update(paid_ore=Fee.paid_ore + amount_ore).where(unsettled & room)) != 1:
        # The return of its material has just cancelled it; the whole command is rolled back.
        raise NotFound("fee")
    transaction.run(
        Fee.update(settled_on=day, outcome="paid", settled_by=command.who.staff_id).where(
            unsettled & (Fee.paid_ore == Fee.amount_ore)
        )
    )


def _paid_again(transaction: Transaction, command: Pay, payment_id: int) -> PaymentRecord:
    """Give a payment's answer again.

    Raises:
        NotFound: it is gone: settled, and its 30 days are over.
    """
    row = transaction.one(Payment.select(Payment.voucher, Payment.amount_ore).where(Payment.id == payment_id))
    if row is None:
        raise NotFound("payment")
    voucher, amount_ore = row
    owed = owed_ore(transaction, command.borrower_id)
    return PaymentRecord(payment_id, voucher, amount_ore, _change(command, amount_ore), owed)
