"""What the commands and queries about money answer with. Amounts are in øre."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from desk.privacy.retention.rules import Waits


@dataclass(frozen=True, slots=True)
class Charged:
    """What returning, renewing or claiming a loan did to the money. Holds no borrower (C8).

    Attributes:
        fee_ore: the overdue fee the loan is on; 0: none.
        is_shared: the fee was there already: of what was returned together with it.
        claim_dropped: a replacement had been claimed, which is cancelled now; the overdue fee stays.
        credit_ore: what had been paid of the claim and is owed back to the borrower now.
    """

    fee_ore: int = 0
    is_shared: bool = False
    claim_dropped: bool = False
    credit_ore: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.fee_ore or self.claim_dropped)


NOTHING = Charged()


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A replacement claimed for a loan: the claim itself and the overdue fee beside it."""

    fee_id: int
    loan_id: int
    compensation_ore: int
    overdue_ore: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed of one borrower at once; never nothing."""

    claims: tuple[ClaimRecord, ...]


@dataclass(frozen=True, slots=True)
class ToClaim:
    """What is to be claimed of one borrower."""

    borrower_id: int
    loan_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FeeRecord:
    """One fee as the borrower's page lists it.

    Attributes:
        type: FBS's word (domain.md 4.5); ``reason`` is ours: overdue, claim, by_hand.
        note: why staff wrote it by hand.
        left_ore: what is left to pay; 0 once it is settled.
        credit_ore: paid of a cancelled claim, and not paid out yet.
        settled_on, outcome, settle_reason: None and empty while it is unsettled.
        titles: of the materials it is for.
        goes: the local date on which it is deleted (P5), or what that waits for.
    """

    fee_id: int
    type: str
    reason: str
    note: str = field(repr=False)
    amount_ore: int
    paid_ore: int
    left_ore: int
    credit_ore: int
    charged_on: date
    settled_on: date | None
    outcome: str | None
    settle_reason: str = field(repr=False)
    titles: tuple[str, ...] = field(repr=False)
    goes: date | Waits = Waits.FEE


@dataclass(frozen=True, slots=True)
class PaidRecord:
    """One movement of money as the borrower's page lists it.

    Attributes:
        is_refunded: it has been given back.
        goes: the local date on which it is deleted, with the last fee it was for (P5), or what that waits for.
    """

    payment_id: int
    kind: str
    method: str
    amount_ore: int
    paid_at: datetime
    voucher: int
    is_refunded: bool
    goes: date | Waits = Waits.FEE


@dataclass(frozen=True, slots=True)
class BalanceRecord:
    """A borrower's mellemværende.

    Attributes:
        fees: the unsettled first, the oldest on top; then the settled, the newest first.
        payments: the newest first.
        owed_ore: what is left to pay; blocks when it reaches ``limit_ore`` (R4).
        credit_ore: what is owed to the borrower.
    """

    fees: tuple[FeeRecord, ...]
    payments: tuple[PaidRecord, ...]
    owed_ore: int
    limit_ore: int
    credit_ore: int


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """Money that has moved.

    Attributes:
        voucher: its number in the ledger (bilagsnr.).
        change_ore: what goes back out of the notes that were handed over.
        owed_ore: what the borrower owes now.
        closed_loans: loans closed by it: a claim paid whole while the material was still out.
    """

    payment_id: int
    voucher: int
    amount_ore: int
    change_ore: int
    owed_ore: int
    closed_loans: int = 0


@dataclass(frozen=True, slots=True)
class TillDay:
    """A counter's till on one local day (M7).

    Attributes:
        by_kind: kind (payment, refund, payout), method, how many, amount; what went out is negative.
        expected_ore: the cash that should have come in, less what went out.
        vouchers: first and last number, None when nothing moved.
        closed: None as long as it is open.
    """

    day: date
    by_kind: tuple[tuple[str, str, int, int], ...]
    expected_ore: int
    vouchers: tuple[int, int] | None
    closed: ClosingRecord | None


@dataclass(frozen=True, slots=True)
class ClosingRecord:
    """A till counted and signed. ``difference_ore`` is negative when money is missing."""

    closing_id: int
    day: date
    expected_ore: int
    counted_ore: int
    closed_at: datetime
    closed_by: str
    remark: str

    @property
    def difference_ore(self) -> int:
        """Counted less expected."""
        return self.counted_ore - self.expected_ore
