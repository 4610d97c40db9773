"""What is left of lending: returned loans with the occasions they leave empty, and overrides (P1, P2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peewee import fn

from db.models import Fee, FeeLoan, Loan, LoanOccasion, Override
from desk.privacy.retention.kind import Doomed, KindByCondition
from desk.privacy.retention.money import fee_stays
from desk.privacy.retention.rules import Due

if TYPE_CHECKING:
    from db.store import Transaction


def loan_goes_now(due: Due) -> Any:
    """Give the condition of P1 and P2 on a loan: closed long enough ago, and so is the last fee on it settled."""
    keeps = Fee.settled_on.is_null() | (Fee.settled_on > due.settled_until)
    charged = FeeLoan.select(FeeLoan.id).join(Fee, on=(FeeLoan.fee == Fee.id)).where((FeeLoan.loan == Loan.id) & keeps)
    claimed = Fee.select(Fee.id).where((Fee.claimed_loan == Loan.id) & keeps)
    return (Loan.closed_on <= due.settled_until) & ~fn.EXISTS(charged) & ~fn.EXISTS(claimed)


def loan_stays(due: Due) -> Any:
    """Give the contrary. An open loan has no day to compare, and neither goes nor does not go by comparing."""
    return Loan.closed_on.is_null() | ~loan_goes_now(due)


class Loans(KindByCondition):
    """Returned loans; with the last one of an occasion, the occasion."""

    about = "loans"
    table = Loan
    dated = Loan.closed_on
    at_once = 100

    def may_go(self, due: Due) -> Any:
        """Closed long enough ago."""
        return Loan.closed_on <= due.settled_until

    def does_go(self, due: Due) -> Any:
        """And nothing waits on it."""
        return loan_goes_now(due)

    def doomed(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> Doomed:
        """Links to fees that stay, the loans, and occasions of which no other loan is left."""
        return self._going(transaction, ids, Loan.id.not_in(list(ids)))

    def would_go(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> Doomed:
        """The same when every batch has gone: an occasion stays for a loan that is not due."""
        return self._going(transaction, ids, loan_stays(due))

    def _going(self, transaction: Transaction, ids: Sequence[int], stays: Any) -> Doomed:
        links = transaction.all(FeeLoan.select(FeeLoan.id).where(FeeLoan.loan.in_(list(ids))))
        of_these = transaction.all(Loan.select(Loan.occasion).distinct().where(Loan.id.in_(list(ids))))
        occasions = [row[0] for row in of_these]
        kept = transaction.all(
            Loan.select(Loan.occasion).distinct().where(Loan.occasion.in_(occasions) & stays)  # one look for all
        )
        left = {row[0] for row in kept}
        return {
            FeeLoan: [row[0] for row in links],
            Loan: ids,
            LoanOccasion: sorted(number for number in occasions if number not in left),
        }


class Occasions(KindByCondition):
    """Occasions that no loan is of any more because it was renewed or undone, and no fee either.

    Not before 30 days after their due date: until then whoever undoes a renewal needs the one before.
    """

    about = "loans"
    table = LoanOccasion

    def may_go(self, due: Due) -> Any:
        """Due long enough ago."""
        return LoanOccasion.due_on <= due.settled_until

    def does_go(self, due: Due) -> Any:
        """And nothing that stays is of it."""
        lent = Loan.select(Loan.id).where(Loan.occasion == LoanOccasion.id)
        charged = Fee.select(Fee.id).where((Fee.occasion == LoanOccasion.id) & fee_stays(due))
        return (LoanOccasion.due_on <= due.settled_until) & ~fn.EXISTS(lent) & ~fn.EXISTS(charged)


class Overrides(KindByCondition):
    """Overrides of a visit of which no loan is kept any more (they go as the loan history does)."""

    about = "overrides"
    table = Override

    def may_go(self, due: Due) -> Any:
        """Given long enough ago."""
        return Override.given_at < due.kept_from

    def does_go(self, due: Due) -> Any:
        """And no loan of the visit is kept."""
        kept = (
            Loan.select(Loan.id)
            .join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id))
            .where(
                (LoanOccasion.borrower == Override.borrower) & (LoanOccasion.visit == Override.visit) & loan_stays(due)
            )
        )
        return (Override.given_at < due.kept_from) & ~fn.EXISTS(kept)
