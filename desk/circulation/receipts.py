"""The receipt of a visit (C13): counts and due dates, no title, queued as a message once for the same loans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from db.models import Loan, LoanOccasion
from desk.command import Command, carries_out
from desk.messages.queueing import queue_message
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """Whether a receipt was queued; False: nothing was lent in the visit, or it had been told."""

    is_queued: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReceipt(Command[ReceiptRecord]):
    """Queue the receipt of a visit that has ended."""

    right: ClassVar[Right] = Right.LEND

    borrower_id: int
    visit: str


@carries_out(QueueReceipt, again=lambda _transaction, _command, _row_id: ReceiptRecord(is_queued=True))
def queue_receipt(transaction: Transaction, command: QueueReceipt) -> ReceiptRecord:
    """Queue what the visit's borrower took home: loans that are still open, not what was only renewed."""
    loans = transaction.all(
        Loan.select(Loan.id, Loan.due_on)
        .join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id))
        .where(
            (LoanOccasion.visit == command.visit)
            & (Loan.borrower == command.borrower_id)
            & Loan.returned_at.is_null()
            & (Loan.renewals == 0)
        )
        .order_by(Loan.id)
    )
    if not loans:
        return ReceiptRecord(is_queued=False)
    # A visit that is brought back and lends more has another receipt; one that lends nothing more has none.
    cause = f"receipt:{command.visit}:{loans[-1][0]}"
    facts = {"loans": len(loans), "due_on": sorted({due_on.isoformat() for _loan_id, due_on in loans})}
    queued = queue_message(transaction, command.borrower_id, "receipt", cause, facts, command.at, command.command_id)
    return ReceiptRecord(queued)
