"""Fees, claims, payments and the till (R3, R4, P5, M7). Money is integer øre."""

from __future__ import annotations

from peewee import SQL, AutoField, Check, ForeignKeyField, IntegerField, TextField

from db.fields import InstantField, LocalDateField
from db.models.base import Table, one_of
from db.models.borrowers import Borrower
from db.models.circulation import Loan, LoanOccasion
from db.models.library import Counter
from db.models.staff import Staff

FEE_TYPES = ("fee", "compensation", "other")
FEE_REASONS = ("overdue", "claim", "by_hand")
FEE_OUTCOMES = ("paid", "waived", "cancelled")
PAYMENT_METHODS = ("cash", "card", "mobilepay")
PAYMENT_KINDS = ("payment", "refund", "payout")


class Fee(Table):
    """Something a borrower owes or owed (mellemværende). ``type`` is FBS's (domain.md 4.5).

    An overdue fee belongs to a loan occasion and a booked return date, a claim to one loan (R3). ``paid_ore`` is what
    has been paid of it; unsettled as long as ``settled_on`` is NULL. A cancelled claim that had been paid is owed back
    to the borrower: ``paid_ore - refunded_ore`` of it.
    """

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="fees", on_delete="CASCADE")
    type = TextField()
    reason = TextField()
    note = TextField(default="")
    amount_ore = IntegerField()
    paid_ore = IntegerField(default=0)
    refunded_ore = IntegerField(default=0)
    occasion = ForeignKeyField(LoanOccasion, null=True, on_delete="SET NULL")
    charged_on = LocalDateField()
    claimed_loan = ForeignKeyField(Loan, null=True, unique=True, on_delete="SET NULL")
    created_at = InstantField()
    settled_on = LocalDateField(null=True, index=True)
    outcome = TextField(null=True)
    settled_by = ForeignKeyField(Staff, null=True)
    settle_reason = TextField(default="")

    class Meta:
        """Nothing is paid twice, nothing negative; what is settled has an outcome."""

        constraints = (
            Check(one_of("type", FEE_TYPES)),
            Check(one_of("reason", FEE_REASONS)),
            Check("outcome IS NULL OR " + one_of("outcome", FEE_OUTCOMES)),
            Check("amount_ore > 0 AND paid_ore >= 0 AND paid_ore <= amount_ore"),
            Check("refunded_ore >= 0 AND refunded_ore <= paid_ore"),
            Check("(settled_on IS NULL) = (outcome IS NULL)"),
            Check("outcome IS NULL OR outcome <> 'paid' OR paid_ore = amount_ore"),
        )


# The last guard (R3): one overdue fee for one loan occasion and return date.
Fee.add_index(
    Fee.index(Fee.occasion, Fee.charged_on, unique=True, where=SQL("reason = 'overdue'"), name="fee_one_overdue")
)
Fee.add_index(Fee.index(Fee.borrower, where=SQL("settled_on IS NULL"), name="fee_unsettled"))


class FeeLoan(Table):
    """That a fee is on a loan: several loans returned together share one fee (domain.md 4.5)."""

    id = AutoField()
    fee = ForeignKeyField(Fee, backref="loans", on_delete="CASCADE")
    loan = ForeignKeyField(Loan, backref="fees", on_delete="CASCADE")

    class Meta:
        """A fee is on a loan once."""

        indexes = ((("fee", "loan"), True),)


class Payment(Table):
    """Money over the counter, in or out; ``kind`` payout is credit paid out. ``voucher`` is its line in the ledger.

    A refund names the payment it gives back, whole; ``unique``: nothing is given back twice.
    """

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="payments", on_delete="CASCADE")
    kind = TextField()
    method = TextField()
    reference = TextField(default="")
    amount_ore = IntegerField()
    paid_at = InstantField()
    counter = ForeignKeyField(Counter)
    staff = ForeignKeyField(Staff, null=True)
    reason = TextField(default="")
    voucher = IntegerField(unique=True)
    refund_of = ForeignKeyField("self", null=True, unique=True, on_delete="SET NULL")

    class Meta:
        """The amount is what moved, whichever way."""

        constraints = (
            Check(one_of("kind", PAYMENT_KINDS)),
            Check(one_of("method", PAYMENT_METHODS)),
            Check("amount_ore > 0"),
            Check("refund_of_id IS NULL OR kind = 'refund'"),
        )


class PaymentPart(Table):
    """How much of a payment went to (or of a refund came from) one fee."""

    id = AutoField()
    payment = ForeignKeyField(Payment, backref="parts", on_delete="CASCADE")
    fee = ForeignKeyField(Fee, backref="parts", on_delete="CASCADE")
    amount_ore = IntegerField()

    class Meta:
        """One part for a fee in a payment."""

        indexes = ((("payment", "fee"), True),)
        constraints = (Check("amount_ore > 0"),)


class TillClosing(Table):
    """A counter's till counted and signed for one local day (M7)."""

    id = AutoField()
    counter = ForeignKeyField(Counter)
    day = LocalDateField()
    expected_ore = IntegerField()
    counted_ore = IntegerField()
    closed_at = InstantField()
    closed_by = ForeignKeyField(Staff)
    remark = TextField(default="")

    class Meta:
        """Closed once."""

        indexes = ((("counter", "day"), True),)
        constraints = (Check("counted_ore >= 0"),)


class LedgerLine(Table):
    """The anonymous line that stays for the accounts (P5): no borrower, no member of staff, no fee.

    ``amount_ore`` is positive into the till and negative out of it; ``voucher`` runs through the library
    without gaps.
    """

    voucher = IntegerField(primary_key=True)
    day = LocalDateField()
    counter = ForeignKeyField(Counter, index=False)
    kind = TextField()
    method = TextField()
    amount_ore = IntegerField()

    class Meta:
        """Added up by counter and day."""

        indexes = ((("counter", "day"), False),)
        constraints = (
            Check(one_of("kind", PAYMENT_KINDS)),
            Check(one_of("method", PAYMENT_METHODS)),
            Check("amount_ore <> 0"),
        )
