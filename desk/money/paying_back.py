"""Money that goes out again: a payment refunded, credit paid out. Both take a supervisor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from db.models import Fee, Payment, PaymentPart
from desk.borrowers.about import AboutBorrower, hold_borrower
from desk.calendar import local_date
from desk.command import carries_out
from desk.errors import InvalidInput, NotFound
from desk.money.debt import owed_ore
from desk.money.records import PaymentRecord
from desk.money.vouchers import checked_method, move_money, open_till
from desk.privacy.access_log import note
from desk.privacy.purposes import Action
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(AboutBorrower[PaymentRecord]):
    """Give a whole payment back, the way it was paid; what it had settled is unsettled again."""

    right: ClassVar[Right] = Right.WAIVE

    payment_id: int
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOut(AboutBorrower[PaymentRecord]):
    """Pay out all that is owed to a borrower (til gode): what had been paid of claims that were cancelled."""

    right: ClassVar[Right] = Right.WAIVE

    method: str = "cash"
    reference: str = field(default="", repr=False)


def _again(transaction: Transaction, command: AboutBorrower[Any], payment_id: int) -> PaymentRecord:
    """Give the answer again.

    Raises:
        NotFound: it is gone: its 30 days are over.
    """
    row = transaction.one(Payment.select(Payment.voucher, Payment.amount_ore).where(Payment.id == payment_id))
    if row is None:
        raise NotFound("payment")
    return PaymentRecord(payment_id, row[0], row[1], 0, owed_ore(transaction, command.borrower_id))


@carries_out(Refund, row_id=lambda record: record.payment_id, again=_again)
def refund(transaction: Transaction, command: Refund) -> PaymentRecord:
    """Give a payment back.

    A claim that was cancelled stays so: what was paid of it is credit, and that is what goes back.

    Raises:
        InvalidInput: no reason; it has been refunded already; its money has gone out as credit.
        NotFound: there is no such payment of this borrower's.
        TillIsClosed: this counter's till has been counted for today.
    """
    if not command.reason.strip():
        raise InvalidInput("reason", "missing")
    hold_borrower(transaction, command.borrower_id)
    theirs = (Payment.id == command.payment_id) & (Payment.borrower == command.borrower_id)
    row = transaction.one(
        Payment.select(Payment.method, Payment.amount_ore, Payment.reference).where(
            theirs & (Payment.kind == "payment")
        )
    )
    if row is None:
        raise NotFound("payment")
    method, amount_ore, reference = row
    if transaction.value(Payment.select(Payment.id).where(Payment.refund_of == command.payment_id)) is not None:
        raise InvalidInput("payment", "refunded")
    parts = transaction.all(
        PaymentPart.select(PaymentPart.fee, PaymentPart.amount_ore, Fee.paid_ore, Fee.refunded_ore)
        .join(Fee, on=(PaymentPart.fee == Fee.id))
        .where(PaymentPart.payment == command.payment_id)
        .order_by(PaymentPart.fee)
    )
    if sum(part for _fee_id, part, _paid, _refunded in parts) != amount_ore:
        raise NotFound("fee")
    if any(paid - part < refunded for _fee_id, part, paid, refunded in parts):
        raise InvalidInput("payment", "paid_out")
    open_till(transaction, command.who.counter_id, local_date(command.at))
    refund_id, voucher = move_money(
        transaction,
        command,
        command.borrower_id,
        "refund",
        method,
        amount_ore,
        reference=reference,
        reason=command.reason.strip()[:REASON_LENGTH],
        refund_of=command.payment_id,
    )
    for fee_id, part, _paid, _refunded in parts:
        transaction.run(
            Fee.update(paid_ore=Fee.paid_ore - part).where((Fee.id == fee_id) & (Fee.outcome == "cancelled"))
        )
        transaction.run(
            Fee.update(
                paid_ore=Fee.paid_ore - part, settled_on=None, outcome=None, settled_by=None, settle_reason=""
            ).where((Fee.id == fee_id) & (Fee.outcome.is_null() | (Fee.outcome != "cancelled")))
        )
        transaction.run(PaymentPart.insert(payment=refund_id, fee=fee_id, amount_ore=part))
    _note(transaction, command)
    return PaymentRecord(refund_id, voucher, amount_ore, 0, owed_ore(transaction, command.borrower_id))


@carries_out(PayOut, row_id=lambda record: record.payment_id, again=_again)
def pay_out(transaction: Transaction, command: PayOut) -> PaymentRecord:
    """Pay out a borrower's credit, all of it.

    Raises:
        InvalidInput: nothing is owed to the borrower; an unknown way to pay, or no reference.
        NotFound: the borrower is gone.
        TillIsClosed: this counter's till has been counted for today.
    """
    method, reference = checked_method(command.method, command.reference)
    hold_borrower(transaction, command.borrower_id)
    credits_ = transaction.all(
        Fee.select(Fee.id, Fee.paid_ore - Fee.refunded_ore)
        .where((Fee.borrower == command.borrower_id) & (Fee.outcome == "cancelled") & (Fee.paid_ore > Fee.refunded_ore))
        .order_by(Fee.id)
    )
    amount_ore = sum(part for _fee_id, part in credits_)
    if not amount_ore:
        raise InvalidInput("credit", "none")
    open_till(transaction, command.who.counter_id, local_date(command.at))
    payment_id, voucher = move_money(
        transaction, command, command.borrower_id, "payout", method, amount_ore, reference=reference
    )
    for fee_id, part in credits_:
        transaction.run(Fee.update(refunded_ore=Fee.refunded_ore + part).where(Fee.id == fee_id))
        transaction.run(PaymentPart.insert(payment=payment_id, fee=fee_id, amount_ore=part))
    _note(transaction, command)
    return PaymentRecord(payment_id, voucher, amount_ore, 0, owed_ore(transaction, command.borrower_id))


def _note(transaction: Transaction, command: AboutBorrower[Any]) -> None:
    keys = ("balance", "payments")
    note(transaction, command.who, command.at, Action.PAY, command.purpose, command.borrower_id, revealed=keys)
