"""A borrower's loan history, as long as it is kept (P1, P2), and when each loan of it goes (G7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from peewee import JOIN

from db.models import Fee, FeeLoan, Item, Loan, LoanOccasion, Title
from desk.command import query
from desk.privacy.retention.rules import Waits, loan_goes
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True)
class ReturnedLoan:
    """A loan that is over.

    Attributes:
        closed_on: the local date it counts as returned on.
        is_lost: it never came back: a replacement was settled.
        goes: the local date on which it is deleted, or what that waits for.
    """

    loan_id: int
    title: str = field(repr=False)
    closed_on: date
    is_lost: bool
    goes: date | Waits


@query(Right.SEE_BORROWER)
def returned_loans_of(transaction: Transaction, borrower_id: int) -> tuple[ReturnedLoan, ...]:
    """Give what is left of a borrower's loan history, the newest first."""
    # By the occasions: loans have an index of a borrower's open ones only, so that returning writes one less.
    of_borrower = LoanOccasion.select(LoanOccasion.id).where(LoanOccasion.borrower == borrower_id)
    rows = transaction.all(
        Loan.select(Loan.id, Title.title, Loan.closed_on, FeeLoan.id, Fee.settled_on, Fee.claimed_loan, Fee.outcome)
        .join(Item, on=(Loan.item == Item.id))
        .join(Title, on=(Item.title == Title.id))
        .switch(Loan)
        .join(FeeLoan, JOIN.LEFT_OUTER, on=(FeeLoan.loan == Loan.id))
        .join(Fee, JOIN.LEFT_OUTER, on=(FeeLoan.fee == Fee.id))
        .where(Loan.occasion.in_(of_borrower) & Loan.closed_on.is_null(False))
        .order_by(Loan.closed_on.desc(), Loan.id.desc())
    )
    settled: dict[int, list[date | None]] = {}
    loans: dict[int, tuple[str, date]] = {}
    lost = set()
    for loan_id, title, closed_on, link, settled_on, claimed, outcome in rows:
        loans[loan_id] = (title, closed_on)
        settled.setdefault(loan_id, []).extend([] if link is None else [settled_on])
        if claimed is not None and outcome in {"paid", "waived"}:
            lost.add(loan_id)
    return tuple(
        ReturnedLoan(loan_id, title, closed_on, loan_id in lost, loan_goes(closed_on, settled[loan_id]))
        for loan_id, (title, closed_on) in loans.items()
    )
