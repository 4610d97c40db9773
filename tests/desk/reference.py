"""A plain reference of lending: dicts and dates, written from product.md and sharing nothing with the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

Outcome: TypeAlias = tuple[object, ...]

SUNDAY = 6
HOLIDAYS = frozenset(
    {date(2026, month, day) for month, day in ((4, 2), (4, 3), (4, 5), (4, 6), (5, 14), (5, 24), (5, 25))}
    | {date(2027, month, day) for month, day in ((3, 25), (3, 26), (3, 28), (3, 29), (5, 6), (5, 16), (5, 17))}
    | {
        date(year, month, day)
        for year in (2026, 2027)
        for month, day in ((1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31))
    }
)
DAYS = {"standard": 30, "14dag": 14, "film15": 14}
GIVES_WAY = frozenset({"block_E", "block_U", "block_S", "block_W", "limit", "age"})
# From day overdue, øre: of adults, which everybody in the model is when something is due.
TIERS = ((1, 2_000), (8, 12_000), (31, 23_000))
DEBT_LIMIT = 20_000
STUCK = frozenset({"lost", "damaged", "discarded", "not_for_loan"})


def open_day(day: date) -> date:
    """Move a day forward to one on which the library is open."""
    while day.weekday() == SUNDAY or day in HOLIDAYS:
        day += timedelta(days=1)
    return day


@dataclass
class OnLoan:
    """An open loan; what was lent in one visit with one due date is one occasion."""

    borrower: int
    due: date
    visit: int
    renewals: int = 0


@dataclass
class BlockSet:
    """A block of a borrower."""

    borrower: int
    kind: str
    ends: date | None
    lifted: bool = False


@dataclass
class Reference:
    """What the library would say and do. Borrowers and items are numbers from 0."""

    groups: tuple[str, ...]
    status: dict[int, str]
    born: tuple[date, ...]
    limit: int
    today: date
    loans: dict[int, OnLoan] = field(default_factory=dict)
    blocks: list[BlockSet] = field(default_factory=list)
    aside: set[tuple[int, int, str, int | None]] = field(default_factory=set)
    visits: dict[int, int] = field(default_factory=dict)
    fees: dict[tuple[int, int, date, date], int] = field(default_factory=dict)

    def visit(self, borrower: int) -> int:
        """Give the number of a borrower's visit."""
        return self.visits.get(borrower, 0)

    def theirs(self, borrower: int) -> int:
        """Count what somebody has."""
        return sum(loan.borrower == borrower for loan in self.loans.values())

    def owes(self, borrower: int) -> int:
        """Add up somebody's fees, in øre; nobody pays in the model."""
        return sum(fee for (whose, *_rest), fee in self.fees.items() if whose == borrower)

    def charge(self, loan: OnLoan) -> None:
        """Charge what an occasion costs that ends today: once, at the highest tier reached."""
        days = (self.today - loan.due).days
        fee = max((ore for from_day, ore in TIERS if days >= from_day), default=0)
        if fee:
            self.fees[loan.borrower, loan.visit, loan.due, self.today] = fee

    def set_aside(self, borrower: int, code: str, item: int) -> bool:
        """Tell whether a supervisor has set a refusal aside for this visit."""
        visit = self.visit(borrower)
        return code in GIVES_WAY and bool({(borrower, visit, code, None), (borrower, visit, code, item)} & self.aside)

    def blocked(self, borrower: int, item: int) -> Iterator[str]:
        """Name the blocks in force that no supervisor has set aside."""
        for block in self.blocks:
            if block.borrower == borrower and not block.lifted and (block.ends is None or self.today <= block.ends):
                code = f"block_{block.kind}"
                if not self.set_aside(borrower, code, item):
                    yield code
        if self.owes(borrower) >= DEBT_LIMIT and not self.set_aside(borrower, "block_E", item):
            yield "block_E"

    def reasons(self, borrower: int, item: int, return_first: bool) -> Iterator[str]:
        """Name every reason why an item is not lent to a borrower today."""
        yield from self.blocked(borrower, item)
        loan = self.loans.get(item)
        if loan is not None and loan.borrower == borrower:
            yield "already_theirs"
        else:
            if loan is not None and not return_first:
                yield "on_loan_to_another"
            if self.theirs(borrower) >= self.limit and not self.set_aside(borrower, "limit", item):
                yield "limit"
        if self.status[item] in STUCK:
            yield f"status_{self.status[item]}"
        if self.groups[item] == "film15" and self.too_young(borrower) and not self.set_aside(borrower, "age", item):
            yield "age"

    def too_young(self, borrower: int) -> bool:
        """Tell whether somebody is under 15."""
        born = self.born[borrower]
        return self.today < date(born.year + 15, born.month, born.day)

    def lend(self, borrower: int, item: int, return_first: bool) -> Outcome:
        """Lend, or say why not."""
        reasons = frozenset(self.reasons(borrower, item, return_first))
        if reasons:
            return ("refused", reasons)
        due = open_day(self.today + timedelta(days=DAYS[self.groups[item]]))
        if item in self.loans:
            self.charge(self.loans[item])
        self.loans[item] = OnLoan(borrower, due, self.visit(borrower))
        self.status[item] = "on_loan"
        return ("lent", due)

    def take_back(self, item: int) -> Outcome:
        """Return."""
        loan = self.loans.pop(item, None)
        if loan is not None:
            self.charge(loan)
        if self.status[item] not in STUCK - {"lost"}:
            self.status[item] = "available"
        return ("returned", loan is not None, max(0, (self.today - loan.due).days) if loan else 0)

    def renew(self, borrower: int, item: int) -> Outcome:
        """Renew, or say why not."""
        loan = self.loans.get(item)
        if loan is None or loan.borrower != borrower:
            return ("not_found",)
        reasons = {"deniedLoanerIsBlocked" for _code in self.blocked(borrower, item)}
        due = open_day(max(loan.due, self.today + timedelta(days=DAYS[self.groups[item]])))
        if self.groups[item] != "standard":
            reasons.add("deniedMaterialIsNotLoanable")
        elif loan.renewals == 2:
            reasons.add("deniedMaxRenewalsReached")
        if due <= loan.due:
            reasons.add("deniedOtherReason")
        if reasons:
            return ("refused", frozenset(reasons))
        self.charge(loan)
        loan.due, loan.renewals, loan.visit = due, loan.renewals + 1, self.visit(borrower)
        return ("renewed", due, loan.renewals)

    def block(self, borrower: int, kind: str, days: int | None) -> Outcome:
        """Block."""
        self.blocks.append(BlockSet(borrower, kind, None if days is None else self.today + timedelta(days=days)))
        return ("done",)

    def lift(self, number: int) -> Outcome:
        """Lift one of the blocks ever set."""
        if self.blocks[number].lifted:
            return ("not_found",)
        self.blocks[number].lifted = True
        return ("done",)

    def override(self, borrower: int, item: int, code: str) -> Outcome:
        """Set a refusal aside for this visit."""
        self.aside.add((borrower, self.visit(borrower), code, item if code == "age" else None))
        return ("done",)
