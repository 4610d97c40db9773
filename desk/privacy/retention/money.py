"""Fees and payments that are settled (P5). The anonymous line in the ledger stays for the accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peewee import fn

from db.models import Fee, FeeLoan, Payment, PaymentPart
from desk.privacy.retention.kind import Doomed, KindByCondition
from desk.privacy.retention.rules import Due

if TYPE_CHECKING:
    from db.store import Transaction

PAID_BACK = ("refund", "payout")


def fee_goes_now(due: Due) -> Any:
    """Give the condition of P5 on a fee: settled, and money that had to go back has gone, long enough ago."""
    owed_back = (Fee.outcome == "cancelled") & (Fee.paid_ore > Fee.refunded_ore)
    back_lately = (
        PaymentPart.select(PaymentPart.id)
        .join(Payment, on=(PaymentPart.payment == Payment.id))
        .where((PaymentPart.fee == Fee.id) & Payment.kind.in_(PAID_BACK) & (Payment.paid_at >= due.kept_from))
    )
    return (Fee.settled_on <= due.settled_until) & ~owed_back & ~fn.EXISTS(back_lately)


def fee_stays(due: Due) -> Any:
    """Give the contrary. An unsettled fee has no day to compare, and neither goes nor does not go by comparing."""
    return Fee.settled_on.is_null() | ~fee_goes_now(due)


class Fees(KindByCondition):
    """Settled fees, with their links to loans and payments."""

    about = "balance"
    table = Fee
    dated = Fee.settled_on
    at_once = 60

    def may_go(self, due: Due) -> Any:
        """Settled long enough ago."""
        return Fee.settled_on <= due.settled_until

    def does_go(self, due: Due) -> Any:
        """And nothing is owed back."""
        return fee_goes_now(due)

    def doomed(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> Doomed:
        """What was paid of them, what they were for, and they."""
        parts = transaction.all(PaymentPart.select(PaymentPart.id).where(PaymentPart.fee.in_(list(ids))))
        links = transaction.all(FeeLoan.select(FeeLoan.id).where(FeeLoan.fee.in_(list(ids))))
        return {PaymentPart: [row[0] for row in parts], FeeLoan: [row[0] for row in links], Fee: ids}


class Payments(KindByCondition):
    """Payments of which every fee has gone, or goes now."""

    about = "payments"
    table = Payment

    def may_go(self, due: Due) -> Any:
        """Moved long enough ago: no fee was settled before its last payment."""
        return Payment.paid_at < due.kept_from

    def does_go(self, due: Due) -> Any:
        """And no fee of it is kept."""
        kept = (
            PaymentPart.select(PaymentPart.id)
            .join(Fee, on=(PaymentPart.fee == Fee.id))
            .where((PaymentPart.payment == Payment.id) & fee_stays(due))
        )
        return (Payment.paid_at < due.kept_from) & ~fn.EXISTS(kept)
