"""Open loans as they would have come to be: for the demo and the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from db.bulk import ids_in_order, insert_many, update_many
from db.models import Branch, Item, LendingRule, Loan, LoanOccasion
from desk.calendar import COPENHAGEN, Calendar
from desk.circulation.queries import calendar_of
from desk.circulation.rules import due_date

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit at which things were lent.

    Attributes:
        lent_on: an open day.
        item_ids: all of one material group, so that one due date holds for them.
    """

    borrower_id: int
    card_id: int | None
    borrower_group_id: int
    material_group_id: int
    lent_on: date
    item_ids: tuple[int, ...]


class Lending:
    """Gives due dates by the rules of the store and writes loans, occasions and item status together."""

    def __init__(self, transaction: Transaction, today: date) -> None:
        self._transaction = transaction
        self._days: Mapping[tuple[int, int], int] = {
            (borrower_group, material_group): days
            for borrower_group, material_group, days in transaction.all(
                LendingRule.select(LendingRule.borrower_group, LendingRule.material_group, LendingRule.loan_days)
            )
        }
        branch_id = transaction.value(Branch.select(Branch.id).order_by(Branch.id))
        self.calendar: Calendar = calendar_of(transaction, branch_id, today - timedelta(days=366))
        self._due = lru_cache(maxsize=None)(self._due_date)

    def _due_date(self, lent_on: date, days: int) -> date:
        due = due_date(lent_on, days, self.calendar)
        if due is None:
            raise ValueError(f"the branch is not open within a year of {lent_on}")
        return due.day

    def open_day_before(self, today: date, days: int) -> date:
        """Give the last open day that is at least so many days back."""
        day = today - timedelta(days=days)
        while not self.calendar.is_open(day):
            day -= timedelta(days=1)
        return day

    def lend(self, visits: list[Visit]) -> None:
        """Write visits, each an occasion of its own, into a store that has no loans yet."""
        dues = [
            self._due(visit.lent_on, self._days[visit.borrower_group_id, visit.material_group_id]) for visit in visits
        ]
        insert_many(
            self._transaction,
            (LoanOccasion.borrower, LoanOccasion.card, LoanOccasion.visit, LoanOccasion.due_on),
            (
                (visit.borrower_id, visit.card_id, f"made-up-{number}", due)
                for number, (visit, due) in enumerate(zip(visits, dues, strict=True), 1)
            ),
        )
        occasions = ids_in_order(self._transaction, LoanOccasion)
        loans = [
            (item_id, visit.borrower_id, occasion_id, lent_at(visit), due, 0)
            for visit, due, occasion_id in zip(visits, dues, occasions, strict=True)
            for item_id in visit.item_ids
        ]
        insert_many(
            self._transaction,
            (Loan.item, Loan.borrower, Loan.occasion, Loan.lent_at, Loan.due_on, Loan.renewals),
            loans,
        )
        update_many(
            self._transaction,
            Item.id,
            (Item.status, Item.status_since),
            (("on_loan", lent, item_id) for item_id, _borrower, _occasion, lent, _due, _renewals in loans),
        )


def lent_at(visit: Visit) -> datetime:
    """Give a visit's instant: in opening hours, not everybody's at the same minute."""
    minutes = visit.borrower_id * 7 % 200
    return datetime.combine(visit.lent_on, time(10, 5), COPENHAGEN) + timedelta(minutes=minutes)
