"""A borrower's mellemværende: fees with what they are for, and payments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from peewee import JOIN

from db.models import Fee, FeeLoan, Item, LibraryRules, Loan, Payment, PaymentPart, Title
from desk.calendar import local_date
from desk.command import query
from desk.money.records import BalanceRecord, FeeRecord, PaidRecord
from desk.privacy.retention.rules import KEPT_DAYS, Waits, fee_goes, payment_goes
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@query(Right.SEE_BORROWER)
def balance_of(transaction: Transaction, borrower_id: int) -> BalanceRecord:
    """Give a borrower's fees and payments, and what is owed either way."""
    titles = _titles(transaction, borrower_id)
    back = _paid_back(transaction, borrower_id)
    fees = [_fee(row, titles, back) for row in transaction.all(_fees(borrower_id))]
    unsettled = [fee for fee in fees if fee.settled_on is None]
    settled = sorted(
        (fee for fee in fees if fee.settled_on is not None),
        key=lambda fee: (fee.settled_on or date.min, fee.fee_id),
        reverse=True,
    )
    limit = transaction.value(LibraryRules.select(LibraryRules.debt_limit_ore).where(LibraryRules.id == 1))
    return BalanceRecord(
        fees=(*unsettled, *settled),
        payments=_payments(transaction, borrower_id, {fee.fee_id: fee.goes for fee in fees}),
        owed_ore=sum(fee.left_ore for fee in fees),
        limit_ore=limit or 0,
        credit_ore=sum(fee.credit_ore for fee in fees),
    )


def _fees(borrower_id: int) -> Any:
    return (
        Fee.select(
            Fee.id,
            Fee.type,
            Fee.reason,
            Fee.note,
            Fee.amount_ore,
            Fee.paid_ore,
            Fee.refunded_ore,
            Fee.charged_on,
            Fee.settled_on,
            Fee.outcome,
            Fee.settle_reason,
        )
        .where(Fee.borrower == borrower_id)
        .order_by(Fee.charged_on, Fee.id)
    )


def _fee(row: tuple[Any, ...], titles: dict[int, tuple[str, ...]], back: dict[int, date]) -> FeeRecord:
    fee_id, type_, reason, note, amount, paid, refunded, charged_on, settled_on, outcome, settle_reason = row
    credit = paid - refunded if outcome == "cancelled" else 0
    return FeeRecord(
        fee_id=fee_id,
        type=type_,
        reason=reason,
        note=note,
        amount_ore=amount,
        paid_ore=paid,
        left_ore=amount - paid if settled_on is None else 0,
        credit_ore=credit,
        charged_on=charged_on,
        settled_on=settled_on,
        outcome=outcome,
        settle_reason=settle_reason,
        titles=titles.get(fee_id, ()),
        goes=fee_goes(settled_on, credit, back.get(fee_id)),
    )


def _paid_back(transaction: Transaction, borrower_id: int) -> dict[int, date]:
    """Give the local date on which money of a fee went back last."""
    rows = transaction.all(
        PaymentPart.select(PaymentPart.fee, Payment.paid_at)
        .join(Payment, on=(PaymentPart.payment == Payment.id))
        .where((Payment.borrower == borrower_id) & (Payment.kind != "payment"))
        .order_by(Payment.paid_at)
    )
    return {fee_id: local_date(at) for fee_id, at in rows}


def _titles(transaction: Transaction, borrower_id: int) -> dict[int, tuple[str, ...]]:
    titles: dict[int, tuple[str, ...]] = {}
    rows = transaction.all(
        FeeLoan.select(FeeLoan.fee, Title.title)
        .join(Fee, on=(FeeLoan.fee == Fee.id))
        .switch(FeeLoan)
        .join(Loan, on=(FeeLoan.loan == Loan.id))
        .join(Item, on=(Loan.item == Item.id))
        .join(Title, on=(Item.title == Title.id))
        .where(Fee.borrower == borrower_id)
        .order_by(FeeLoan.id)
    )
    for fee_id, title in rows:
        titles[fee_id] = (*titles.get(fee_id, ()), title)
    return titles


def _payments(transaction: Transaction, borrower_id: int, goes: dict[int, date | Waits]) -> tuple[PaidRecord, ...]:
    of_fees: dict[int, list[date | Waits]] = {}
    parts = (
        PaymentPart.select(PaymentPart.payment, PaymentPart.fee)
        .join(Payment, on=(PaymentPart.payment == Payment.id))
        .where(Payment.borrower == borrower_id)
    )
    for payment_id, fee_id in transaction.all(parts):
        of_fees.setdefault(payment_id, []).append(goes[fee_id])
    refunds: Any = Payment.alias()
    rows = transaction.all(
        Payment.select(
            Payment.id,
            Payment.kind,
            Payment.method,
            Payment.amount_ore,
            Payment.paid_at,
            Payment.voucher,
            refunds.id,
        )
        .join(refunds, JOIN.LEFT_OUTER, on=(refunds.refund_of == Payment.id))
        .where(Payment.borrower == borrower_id)
        .order_by(Payment.paid_at.desc(), Payment.id.desc())
    )
    return tuple(
        PaidRecord(
            payment_id,
            kind,
            method,
            amount,
            at,
            voucher,
            refund is not None,
            payment_goes(of_fees.get(payment_id, [local_date(at) + timedelta(days=KEPT_DAYS)])),
        )
        for payment_id, kind, method, amount, at, voucher, refund in rows
    )
