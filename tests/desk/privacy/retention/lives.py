"""Lives of borrowers, made up by Hypothesis, and what P1–P6 say of them: a model that knows of no database.

A life is what happens on which day. Living it writes rows past the desk and the same into plain objects; the model
then says of any day what is still there, straight from the rules' words in product.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import strategies as st

from db.models import Fee, FeeLoan, Loan, Message
from tests.builders import Person
from tests.forgetting import Forgetting, day, on

DAYS = 730

# What is done about a fee after it was charged: what, and how many days after the step before.
FEE_STEPS = ("pay", "part", "waive", "cancel", "refund", "pay_out")


@dataclass(frozen=True)
class FeeLife:
    """A fee on some of an occasion's loans: days from its first loan's return, then what is done, each days later."""

    loans: tuple[int, ...]
    charged: int
    steps: tuple[tuple[str, int], ...]
    is_of_occasion: bool


@dataclass(frozen=True)
class OccasionLife:
    """A visit: what was lent together, each with the days it was out (None: it never comes back), and its fees."""

    begins: int
    days_out: tuple[int | None, ...]
    renewed_after: int | None
    overridden: bool
    fees: tuple[FeeLife, ...]
    paid_together: int | None


@dataclass(frozen=True)
class Life:
    """A borrower."""

    occasions: tuple[OccasionLife, ...]
    messages: tuple[tuple[int, int | None], ...]
    looks: tuple[int, ...]
    withdrawn: int | None


def few(low: int, high: int) -> st.SearchStrategy[int]:
    """A number of days; the edges of a month as often as all the rest."""
    return st.one_of(st.integers(low, high), st.sampled_from([n for n in (0, 1, 29, 30, 31) if low <= n <= high]))


FEES = st.builds(
    FeeLife,
    loans=st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True).map(tuple),
    charged=few(0, 60),
    steps=st.lists(st.tuples(st.sampled_from(FEE_STEPS), few(0, 90)), max_size=4).map(tuple),
    is_of_occasion=st.booleans(),
)
OCCASIONS = st.builds(
    OccasionLife,
    begins=st.integers(0, 600),
    days_out=st.lists(st.one_of(st.none(), few(0, 120)), min_size=1, max_size=3).map(tuple),
    renewed_after=st.one_of(st.none(), few(1, 60)),
    overridden=st.booleans(),
    fees=st.lists(FEES, max_size=2).map(tuple),
    paid_together=st.one_of(st.none(), few(0, 90)),
)
LIVES = st.builds(
    Life,
    occasions=st.lists(OCCASIONS, min_size=1, max_size=3).map(tuple),
    messages=st.lists(st.tuples(st.integers(0, 690), st.one_of(st.none(), few(0, 40))), max_size=3).map(tuple),
    looks=st.lists(st.integers(0, 500), max_size=3).map(tuple),
    withdrawn=st.one_of(st.none(), st.integers(0, 500)),
)


@dataclass
class MFee:
    """A fee as the model knows it; days are counted from day 0."""

    row: int
    amount: int = 2000
    paid: int = 0
    back: int = 0
    settled: int | None = None
    outcome: str | None = None
    last_back: int | None = None
    occasion: MOccasion | None = None
    is_there: bool = True

    @property
    def credit(self) -> int:
        """What is owed to the borrower."""
        return self.paid - self.back if self.outcome == "cancelled" else 0


@dataclass
class MLoan:
    """A loan, with every fee that was ever on it."""

    row: int
    occasion: MOccasion
    closed: int | None = None
    fees: list[MFee] = field(default_factory=list)
    is_there: bool = True


@dataclass
class MOccasion:
    """An occasion."""

    row: int
    due: int
    visit: str
    is_there: bool = True


@dataclass
class MPayment:
    """A payment and the fees it was for."""

    row: int
    at: int
    fees: list[MFee]
    amount: int
    kind: str = "payment"
    refunded: bool = False
    is_there: bool = True


@dataclass
class MRow:
    """Anything else: the day its time begins to run."""

    row: int
    at: int
    visit: str = ""
    is_there: bool = True


class Town:
    """Many lives lived, and the model of them.

    Args:
        forgetting: where their rows are written.
    """

    def __init__(self, forgetting: Forgetting) -> None:
        self.forgetting = forgetting
        self.loans: list[MLoan] = []
        self.fees: list[MFee] = []
        self.payments: list[MPayment] = []
        self.occasions: list[MOccasion] = []
        self.overrides: list[MRow] = []
        self.messages: list[MRow] = []
        self.requests: list[MRow] = []
        self.looks: list[MRow] = []
        self._plan: dict[int, list[Callable[[int], None]]] = defaultdict(list)
        self._visits = 0

    # Living.

    def add(self, life: Life) -> None:
        """Plan a life."""
        person = self.forgetting.house.borrower()
        for occasion in life.occasions:
            self._at(occasion.begins, partial(self._lend, person, occasion))
        for created, sent in life.messages:
            self._at(created, partial(self._message, sent))
        for number in life.looks:
            self._at(number, self._look)
        if life.withdrawn is not None:
            self._at(life.withdrawn, self._withdraw)

    def live(self, number: int) -> None:
        """Let everything happen that was planned for a day, at noon."""
        while happenings := self._plan.pop(number, None):
            # What happens may lead to more on the same day.
            for happening in happenings:
                happening(number)

    def _at(self, number: int, happening: Callable[[int], None]) -> None:
        if number < DAYS:
            self._plan[number].append(happening)

    def _lend(self, person: Person, life: OccasionLife, number: int) -> None:
        self._visits += 1
        visit = f"visit {self._visits}"
        occasion = self._occasion(person, number + 30, visit)
        if life.overridden:
            given = self.forgetting.override(number, visit, person)
            self.overrides.append(MRow(given, number, f"{person.borrower_id} {visit}"))
        loans = []
        for _days in life.days_out:
            loan = MLoan(self.forgetting.loan(None, occasion=occasion.row, person=person), occasion)
            self.loans.append(loan)
            loans.append(loan)
        if life.renewed_after is not None:
            self._at(number + life.renewed_after, partial(self._renew, person, loans))
        for days, loan in zip(life.days_out, loans, strict=True):
            if days is not None:
                self._at(number + days, partial(self._return, loan))
        fees: list[MFee] = []
        for fee in life.fees:
            charged = number + (life.days_out[0] or 0) + fee.charged
            self._at(charged, partial(self._charge, person, fee, loans, fees))
        if life.paid_together is not None:
            self._at(number + 60 + life.paid_together, partial(self._pay, person, fees))

    def _occasion(self, person: Person, due: int, visit: str) -> MOccasion:
        occasion = MOccasion(self.forgetting.occasion(due, visit, person), due, f"{person.borrower_id} {visit}")
        self.occasions.append(occasion)
        return occasion

    def _renew(self, person: Person, loans: list[MLoan], today: int) -> None:
        still_out = [loan for loan in loans if loan.closed is None]
        if not still_out:
            return
        self._visits += 1
        occasion = self._occasion(person, today + 30, f"visit {self._visits}")
        for loan in still_out:
            loan.occasion = occasion
            self.forgetting.house.put(Loan.update(occasion=occasion.row).where(Loan.id == loan.row))

    def _return(self, loan: MLoan, today: int) -> None:
        loan.closed = today
        self.forgetting.house.put(Loan.update(returned_at=on(today), closed_on=day(today)).where(Loan.id == loan.row))

    def _charge(self, person: Person, life: FeeLife, loans: list[MLoan], fees: list[MFee], today: int) -> None:
        house = self.forgetting.house
        on_loans = [loans[place] for place in life.loans if place < len(loans) and loans[place].is_there]
        occasion = on_loans[0].occasion if on_loans and life.is_of_occasion else None
        fee = MFee(
            house.put(
                Fee.insert(
                    borrower=person.borrower_id,
                    type="fee",
                    reason="by_hand",
                    amount_ore=2000,
                    occasion=None if occasion is None else occasion.row,
                    charged_on=day(today),
                    created_at=on(today),
                )
            ),
            occasion=occasion,
        )
        for loan in on_loans:
            house.put(FeeLoan.insert(fee=fee.row, loan=loan.row))
            loan.fees.append(fee)
        self.fees.append(fee)
        when = today
        for step, days in life.steps:
            when += days
            self._at(when, partial(self._step, person, fee, step))
        fees.append(fee)

    def _step(self, person: Person, fee: MFee, step: str, today: int) -> None:
        """Do to a fee what the desk would, if it would."""
        if not fee.is_there:
            return
        match step:
            case "pay":
                self._pay(person, [fee], today)
            case "part" if fee.settled is None and fee.paid == 0:
                self._move(person, "payment", [fee], 500, today)
                fee.paid = 500
                self._write(fee)
            case "waive" if fee.settled is None:
                self._settle(fee, "waived", today)
            case "cancel" if fee.outcome != "cancelled":
                self._settle(fee, "cancelled", today)
            case "refund":
                self._refund(person, fee, today)
            case "pay_out" if fee.credit:
                self._move(person, "payout", [fee], fee.credit, today)
                fee.back, fee.last_back = fee.paid, today
                self._write(fee)

    def _pay(self, person: Person, fees: list[MFee], today: int) -> None:
        owed = [fee for fee in fees if fee.is_there and fee.settled is None]
        if owed:
            self._move(person, "payment", owed, 1000, today)
        for fee in owed:
            fee.paid = fee.amount
            self._settle(fee, "paid", today)

    def _refund(self, person: Person, fee: MFee, today: int) -> None:
        """Give the last payment of this fee alone back; what had been paid of a cancelled one is not unsettled."""
        alone = [one for one in self.payments if one.is_there and one.fees == [fee] and one.kind == "payment"]
        given = next((one for one in reversed(alone) if not one.refunded), None)
        if given is None or fee.back or fee.outcome == "waived":
            return
        given.refunded = True
        self._move(person, "refund", [fee], given.amount, today)
        fee.paid, fee.last_back = 0, today
        if fee.outcome != "cancelled":
            fee.settled = fee.outcome = None
        self._write(fee)

    def _settle(self, fee: MFee, outcome: str, today: int) -> None:
        fee.settled, fee.outcome = today, outcome
        self._write(fee)

    def _write(self, fee: MFee) -> None:
        self.forgetting.house.put(
            Fee.update(
                paid_ore=fee.paid,
                refunded_ore=fee.back,
                settled_on=None if fee.settled is None else day(fee.settled),
                outcome=fee.outcome,
            ).where(Fee.id == fee.row)
        )

    def _move(self, person: Person, kind: str, fees: list[MFee], amount: int, today: int) -> None:
        rows = (fee.row for fee in fees)
        row = self.forgetting.payment(today, *rows, kind=kind, amount=amount, person=person.borrower_id)
        self.payments.append(MPayment(row, today, list(fees), amount, kind))

    def _message(self, sent: int | None, today: int) -> None:
        message = MRow(self.forgetting.message(today), today)
        self.messages.append(message)
        if sent is not None:
            self._at(today + sent, partial(self._send, message))

    def _send(self, message: MRow, today: int) -> None:
        if message.is_there:
            message.at = today
            sent = Message.update(state="sent", sent_at=on(today)).where(Message.id == message.row)
            self.forgetting.house.put(sent)

    def _look(self, today: int) -> None:
        self.looks.append(MRow(self.forgetting.look(on(today)), today))

    def _withdraw(self, today: int) -> None:
        self.requests.append(MRow(self.forgetting.request(today), today))

    # What the rules say.

    def gone_on(self, today: int) -> dict[str, set[int]]:
        """Let a run of a day happen in the model; gives what goes, by table."""
        gone: dict[str, set[int]] = defaultdict(set)
        for table, row in self._going(today):
            gone[table].add(row.row)
        return gone

    def _going(self, today: int) -> Iterator[tuple[str, Any]]:
        # P6, and G6: 183 days, the log from its oldest end.
        waiting = [("message", one, one.at + 30) for one in self.messages]
        waiting += [("deletion_request", one, one.at + 183) for one in self.requests]
        waiting += [("access_log", one, one.at + 183) for one in self.looks]
        yield from self._let_go((table, one) for table, one, last in waiting if last <= today)
        # P5: 30 days after it is settled; what is owed to the borrower is not settled before it has gone back.
        yield from self._let_go(("fee", fee) for fee in self.fees if settled_until(fee, today))
        # P5: the payment and its link to the borrower go with what was paid.
        paid = [one for one in self.payments if not any(fee.is_there for fee in one.fees) and one.at + 30 <= today]
        yield from self._let_go(("payment", one) for one in paid)
        # P1, P2: 30 days after return, or after the last fee on it was settled.
        loans = [loan for loan in self.loans if loan.is_there and closed_until(loan, today)]
        yield from self._let_go(("loan", loan) for loan in loans)
        # By themselves, not by their rows: SQLite gives the id of the newest row again when that has gone.
        left = {id(loan.occasion) for loan in self.loans if loan.is_there}
        charged = {id(fee.occasion) for fee in self.fees if fee.is_there}
        emptied = {id(loan.occasion) for loan in loans} - left
        old = {id(one) for one in self.occasions if one.due + 30 <= today} - left - charged
        yield from self._let_go(("loan_occasion", one) for one in self.occasions if id(one) in emptied | old)
        kept = {loan.occasion.visit for loan in self.loans if loan.is_there}
        given = [one for one in self.overrides if one.at + 30 <= today and one.visit not in kept]
        yield from self._let_go(("override", one) for one in given)

    @staticmethod
    def _let_go(rows: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        for table, row in rows:
            if row.is_there:
                row.is_there = False
                yield table, row

    def when_due(self) -> set[int]:
        """Give days on which something may go by what is there now, so that they and their eves are tried."""
        days = set()
        for fee in self.fees:
            days |= {number + 30 for number in (fee.settled, fee.last_back) if number is not None and fee.is_there}
        days |= {loan.closed + 30 for loan in self.loans if loan.is_there and loan.closed is not None}
        days |= {one.at + 30 for one in (*self.messages, *self.overrides) if one.is_there}
        days |= {one.due + 30 for one in self.occasions if one.is_there}
        return days | {one.at + 183 for one in (*self.looks, *self.requests) if one.is_there}

    def there(self) -> dict[str, set[int]]:
        """Give what is there by the model, by table; links follow from what they link."""
        kinds: dict[str, list[Any]] = {
            "loan": self.loans,
            "fee": self.fees,
            "payment": self.payments,
            "loan_occasion": self.occasions,
            "override": self.overrides,
            "message": self.messages,
            "deletion_request": self.requests,
            "access_log": self.looks,
        }
        return {table: {row.row for row in rows if row.is_there} for table, rows in kinds.items()}


def settled_until(fee: MFee, today: int) -> bool:
    """Tell whether a fee has been settled for 30 days, and so has what was owed back of it."""
    if fee.settled is None or fee.credit:
        return False
    return max(fee.settled, fee.settled if fee.last_back is None else fee.last_back) + 30 <= today


def closed_until(loan: MLoan, today: int) -> bool:
    """Tell whether a loan has been closed for 30 days, and every fee that was ever on it settled."""
    if loan.closed is None:
        return False
    settled = [fee.settled for fee in loan.fees]
    return all(number is not None and number + 30 <= today for number in (loan.closed, *settled))
