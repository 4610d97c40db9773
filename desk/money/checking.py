"""What must always be so of money, asked of the rows (``desk check``)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from peewee import JOIN, fn

from db.models import Fee, LedgerLine, Loan, Payment, PaymentPart

if TYPE_CHECKING:
    from db.store import Transaction


def wrong_money(transaction: Transaction) -> dict[str, tuple[int, ...]]:
    """Give the ids of what does not add up, by a short code; empty where all is well.

    ``money_fee``: what is paid and paid out of a fee is the sum of its parts. ``money_parts``: a payment is spread over
    no more than it is. ``money_payment``: each has its line in the ledger, of the same amount the same way.
    ``money_vouchers``: numbers run from 1 without gaps. ``money_claim``: nothing is out whose claim is settled.
    """
    return {
        "money_fee": _fees(transaction),
        "money_parts": _parts(transaction),
        "money_payment": _payments(transaction),
        "money_vouchers": _vouchers(transaction),
        "money_claim": tuple(
            row[0]
            for row in transaction.all(
                Loan.select(Loan.id)
                .join(Fee, on=(Fee.claimed_loan == Loan.id))
                .where(Loan.returned_at.is_null() & Fee.settled_on.is_null(False))
            )
        ),
    }


def _fees(transaction: Transaction) -> tuple[int, ...]:
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for fee_id, kind, amount in transaction.all(
        PaymentPart.select(PaymentPart.fee, Payment.kind, fn.SUM(PaymentPart.amount_ore))
        .join(Payment, on=(PaymentPart.payment == Payment.id))
        .group_by(PaymentPart.fee, Payment.kind)
    ):
        sums[fee_id][kind] = int(amount)
    return tuple(
        fee_id
        for fee_id, paid, refunded in transaction.all(Fee.select(Fee.id, Fee.paid_ore, Fee.refunded_ore))
        if paid != sums[fee_id]["payment"] - sums[fee_id]["refund"] or refunded != sums[fee_id]["payout"]
    )


def _parts(transaction: Transaction) -> tuple[int, ...]:
    # Less is right: fees go when they are settled, each at its own time (P5), and their parts go with them.
    return tuple(
        row[0]
        for row in transaction.all(
            Payment.select(Payment.id)
            .join(PaymentPart, on=(PaymentPart.payment == Payment.id))
            .group_by(Payment.id, Payment.amount_ore)
            .having(fn.SUM(PaymentPart.amount_ore) > Payment.amount_ore)
        )
    )


def _payments(transaction: Transaction) -> tuple[int, ...]:
    rows = transaction.all(
        Payment.select(Payment.id, Payment.kind, Payment.amount_ore, LedgerLine.amount_ore).join(
            LedgerLine,
            JOIN.LEFT_OUTER,
            on=(LedgerLine.voucher == Payment.voucher)
            & (LedgerLine.kind == Payment.kind)
            & (LedgerLine.method == Payment.method)
            & (LedgerLine.counter == Payment.counter),
        )
    )
    return tuple(
        payment_id for payment_id, kind, amount, line in rows if line != (amount if kind == "payment" else -amount)
    )


def _vouchers(transaction: Transaction) -> tuple[int, ...]:
    there = {row[0] for row in transaction.all(LedgerLine.select(LedgerLine.voucher))}
    return tuple(sorted(set(range(1, max(there, default=0) + 1)) - there))
