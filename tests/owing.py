"""Builders of what is owed: a loan that is so many days late, fees, payments, tills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from db.models import Borrower, BorrowerGroup, Fee, Item, LedgerLine, Loan, LoanOccasion, Message, Payment, PaymentPart
from desk.calendar import COPENHAGEN
from desk.command import INSTALLATION
from desk.money.commands import ClaimLoans, CloseTill, Pay, PayOut, Refund, Waive, WriteFee
from desk.money.queries import balance_of
from desk.money.records import BalanceRecord, ClaimRecord, ClosingRecord, PaymentRecord
from tests.builders import House, Person, Thing

DUE = date(2026, 3, 2)
"""A Monday, on which everything here is due unless said."""


def at_noon(day: date) -> datetime:
    """Noon in Copenhagen on a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=COPENHAGEN).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Owing:
    """A house in which people come too late."""

    house: House

    def lent(
        self, person: Person, *, due_on: date = DUE, occasion: int | None = None, price_ore: int | None = None
    ) -> tuple[Thing, int]:
        """Let somebody have something, due on a day; gives it and its loan."""
        house = self.house
        thing = house.item()
        if price_ore is not None:
            house.put(Item.update(price_ore=price_ore).where(Item.id == thing.item_id))
        house.put(Item.update(status="on_loan").where(Item.id == thing.item_id))
        loan_id = house.put(
            Loan.insert(
                item=thing.item_id,
                borrower=person.borrower_id,
                occasion=occasion or self.occasion(person, due_on),
                lent_at=at_noon(due_on - timedelta(days=30)),
                due_on=due_on,
            )
        )
        return thing, loan_id

    def occasion(self, person: Person, due_on: date = DUE) -> int:
        """Begin a loan occasion."""
        return self.house.put(
            LoanOccasion.insert(
                borrower=person.borrower_id, card=person.card_id, visit=self.house.new_id(), due_on=due_on
            )
        )

    async def returned(self, thing: Thing, days_late: int, *, due_on: date = DUE) -> Any:
        """Take something back so many days after it was due."""
        self.house.clock.now = at_noon(due_on + timedelta(days=days_late))
        return await self.house.take_back(thing)

    async def owes(self, person: Person, amount_ore: int) -> int:
        """Write a fee by hand."""
        return int((await self.written(person, amount_ore)).row_id)

    async def written(self, person: Person, amount_ore: int, **more: Any) -> Any:
        """Write a fee by hand, and give what is answered."""
        return await self.house.desk.do(
            WriteFee(**self._about(person, more), amount_ore=amount_ore, **self._reason(more))
        )

    async def paid(self, person: Person, amount_ore: int | None = None, **more: Any) -> PaymentRecord:
        """Pay: cash, and on everything, unless said."""
        return await self.house.desk.do(self.pay_command(person, amount_ore, **more))

    def pay_command(self, person: Person, amount_ore: int | None = None, **more: Any) -> Pay:
        """Word a payment."""
        about = self._about(person, more)
        return Pay(**about, amount_ore=amount_ore, **({"method": "cash"} | more))

    async def waived(self, person: Person, *fee_ids: int, **more: Any) -> Any:
        """Waive fees, as a supervisor."""
        about = self._about(person, more, "supervisor")
        return await self.house.desk.do(Waive(**about, fee_ids=fee_ids, **self._reason(more)))

    async def refunded(self, person: Person, payment: PaymentRecord, **more: Any) -> PaymentRecord:
        """Give a payment back, as a supervisor."""
        about = self._about(person, more, "supervisor")
        return await self.house.desk.do(Refund(**about, payment_id=payment.payment_id, **self._reason(more)))

    async def paid_out(self, person: Person, **more: Any) -> PaymentRecord:
        """Pay out what is owed to a borrower."""
        about = self._about(person, more, "supervisor")
        return await self.house.desk.do(PayOut(**about))

    async def claimed(self, loan_id: int, days_late: int = 31, *, due_on: date = DUE) -> ClaimRecord:
        """Claim a replacement, as the nightly run does."""
        self.house.clock.now = at_noon(due_on + timedelta(days=days_late))
        return (await self.house.desk.do(self.claim_command(loan_id))).claims[0]

    def claim_command(self, *loan_ids: int, **more: Any) -> ClaimLoans:
        """Word a claim."""
        values: dict[str, Any] = {
            "command_id": self.house.new_id(),
            "who": INSTALLATION,
            "at": self.house.clock(),
            "loan_ids": loan_ids,
        }
        return ClaimLoans(**(values | more))

    async def closed_till(self, counted_ore: int, **more: Any) -> ClosingRecord:
        """Count the till."""
        house = self.house
        today = house.clock().astimezone(COPENHAGEN).date()
        values: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(), "at": house.clock(), "day": today}
        return await house.desk.do(CloseTill(**(values | {"counted_ore": counted_ore} | more)))

    async def balance(self, person: Person) -> BalanceRecord:
        """Ask what somebody owes."""
        return await self.house.desk.ask(self.house.who(), balance_of, person.borrower_id)

    def fees(self, person: Person) -> list[tuple[Any, ...]]:
        """Read reason, amount and outcome of every fee, in order."""
        columns = (Fee.reason, Fee.amount_ore, Fee.outcome)
        return self.house.rows(Fee.select(*columns).where(Fee.borrower == person.borrower_id).order_by(Fee.id))

    def amounts(self, person: Person) -> list[int]:
        """Read the amounts of every fee, in order."""
        return [amount for _reason, amount, _outcome in self.fees(person)]

    def ledger(self) -> list[tuple[Any, ...]]:
        """Read the ledger: voucher, kind, amount."""
        columns = (LedgerLine.voucher, LedgerLine.kind, LedgerLine.amount_ore)
        return self.house.rows(LedgerLine.select(*columns).order_by(LedgerLine.voucher))

    def payments(self) -> list[tuple[Any, ...]]:
        """Read the payments: voucher, kind, amount, how many parts."""
        return self.house.rows(
            Payment.select(Payment.voucher, Payment.kind, Payment.amount_ore).order_by(Payment.voucher)
        )

    def parts(self, payment: PaymentRecord) -> list[tuple[int, int]]:
        """Read which fees a payment went to."""
        rows = self.house.rows(
            PaymentPart.select(PaymentPart.fee, PaymentPart.amount_ore)
            .where(PaymentPart.payment == payment.payment_id)
            .order_by(PaymentPart.fee)
        )
        return [(fee, amount) for fee, amount in rows]

    def told(self, kind: str) -> list[str]:
        """Read the causes of the messages of a kind that have been queued."""
        return [row[0] for row in self.house.rows(Message.select(Message.cause).where(Message.kind == kind))]

    def loan(self, loan_id: int) -> tuple[Any, ...]:
        """Read a loan: the day it was closed on, and its item's status."""
        rows = self.house.rows(
            Loan.select(Loan.closed_on, Item.status).join(Item, on=(Loan.item == Item.id)).where(Loan.id == loan_id)
        )
        return rows[0]

    def group(self, person: Person, code: str) -> None:
        """Put somebody into another group."""
        group = BorrowerGroup.select(BorrowerGroup.id).where(BorrowerGroup.code == code)
        self.house.put(Borrower.update(borrower_group=group).where(Borrower.id == person.borrower_id))

    def _about(self, person: Person, more: dict[str, Any], role: str = "staff") -> dict[str, Any]:
        house = self.house
        given = {name: more.pop(name) for name in ("command_id", "who", "at") if name in more}
        values: dict[str, Any] = {"command_id": house.new_id(), "who": house.who(role), "at": house.clock()}
        return values | given | {"borrower_id": person.borrower_id}

    @staticmethod
    def _reason(more: dict[str, Any]) -> dict[str, Any]:
        return {"reason": "våd bog"} | more
