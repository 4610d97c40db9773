"""Builders of what is to be forgotten: rows written past the desk as of any day, and runs of the clock."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from peewee import Model

from db.models import (
    AccessLog,
    DeletionRequest,
    Fee,
    FeeLoan,
    Loan,
    LoanOccasion,
    Message,
    Override,
    Payment,
    PaymentPart,
    RetentionRun,
)
from db.store import Transaction
from desk.calendar import COPENHAGEN
from desk.command import INSTALLATION
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.privacy.retention.queries import doomed_by
from desk.privacy.retention.records import RunReport
from desk.privacy.retention.rules import Due
from desk.privacy.retention.run import Clockwork, dry_run, run_retention
from tests.builders import House, Person

DAY = date(2026, 3, 10)
"""Day 0 of everything here."""
LOG_DAYS = 183

TABLES: tuple[Any, ...] = (
    Loan,
    LoanOccasion,
    Fee,
    FeeLoan,
    Payment,
    PaymentPart,
    Override,
    Message,
    DeletionRequest,
    AccessLog,
)
"""Of which something goes by the clock, but for command ids."""


def on(day: int | date, hour: int = 12, minute: int = 0) -> datetime:
    """Give an instant: an hour in Copenhagen on a day, counted from day 0."""
    when = day if isinstance(day, date) else DAY + timedelta(days=day)
    return datetime(when.year, when.month, when.day, hour, minute, tzinfo=COPENHAGEN).astimezone(UTC)


def day(number: int) -> date:
    """Give the date of a day."""
    return DAY + timedelta(days=number)


@dataclass
class Forgetting:
    """A house whose past is written by hand. Days are counted from day 0."""

    house: House
    home: Path
    person: Person = field(init=False)
    _item: int = field(init=False)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.person = self.house.borrower()
        self._item = self.house.item().item_id

    # What was.

    def occasion(self, due: int = 0, visit: str = "", person: Person | None = None) -> int:
        """Write a loan occasion."""
        who = person or self.person
        number = next(self._numbers)
        return self.house.put(
            LoanOccasion.insert(
                borrower=who.borrower_id, card=who.card_id, visit=visit or f"visit-{number}", due_on=day(due)
            )
        )

    def loan(
        self,
        closed: int | None = 0,
        *,
        occasion: int | None = None,
        item: int | None = None,
        person: Person | None = None,
    ) -> int:
        """Write a loan, returned on a day; None: open, of an item of its own."""
        who = person or self.person
        if item is None:
            item = self.house.item(status="on_loan").item_id if closed is None else self._item
        return self.house.put(
            Loan.insert(
                item=item,
                borrower=who.borrower_id,
                occasion=occasion or self.occasion(person=person),
                lent_at=on(-20),
                due_on=day(10),
                returned_at=None if closed is None else on(closed),
                closed_on=None if closed is None else day(closed),
            )
        )

    def fee(self, *loans: int, settled: int | None = 0, outcome: str = "paid", amount: int = 2000, **more: Any) -> int:
        """Write a fee on loans, settled on a day; None: not yet. What it was paid with is written apart."""
        paid = amount if settled is not None and outcome == "paid" else 0
        values: dict[str, Any] = {
            "borrower": self.person.borrower_id,
            "type": "fee",
            "reason": "by_hand",
            "amount_ore": amount,
            "paid_ore": paid,
            "charged_on": day(0),
            "created_at": on(0),
            "settled_on": None if settled is None else day(settled),
            "outcome": None if settled is None else outcome,
        }
        fee_id = self.house.put(Fee.insert(**(values | more)))
        for loan in loans:
            self.house.put(FeeLoan.insert(fee=fee_id, loan=loan))
        return fee_id

    def payment(self, paid: int, *fees: int, kind: str = "payment", amount: int = 1000, person: int = 0) -> int:
        """Write a movement of money on fees."""
        payment_id = self.house.put(
            Payment.insert(
                borrower=person or self.person.borrower_id,
                kind=kind,
                method="cash",
                amount_ore=amount * len(fees),
                paid_at=on(paid),
                counter=self.house.counter,
                staff=self.house.staff["staff"],
                voucher=next(self._numbers),
            )
        )
        for fee_id in fees:
            self.house.put(PaymentPart.insert(payment=payment_id, fee=fee_id, amount_ore=amount))
        return payment_id

    def message(self, created: int, *, sent: int | None = None, **more: Any) -> int:
        """Write a message, queued and perhaps sent on a day."""
        number = next(self._numbers)
        values: dict[str, Any] = {
            "borrower": self.person.borrower_id,
            "kind": "reminder",
            "channel": "email",
            "cause": f"reminder:{number}",
            "language": "da",
            "facts": "{}",
            "subject": "Dine lån",
            "body": "Kære Ib",
            "created_at": on(created),
            "state": "failed" if sent is None else "sent",
            "sent_at": None if sent is None else on(sent),
            "message_id": f"message-{number}",
        }
        return self.house.put(Message.insert(**(values | more)))

    def override(self, given: int, visit: str, person: Person | None = None) -> int:
        """Write an override of a visit."""
        return self.house.put(
            Override.insert(
                borrower=(person or self.person).borrower_id,
                visit=visit,
                refusal="limit",
                supervisor=self.house.staff["supervisor"],
                given_at=on(given),
                reason="aftalt",
            )
        )

    def request(self, decided: int | None, state: str = "withdrawn") -> int:
        """Write a deletion request that came to nothing, or still waits."""
        return self.house.put(
            DeletionRequest.insert(
                borrower=self.house.borrower().borrower_id,
                state=state if decided is not None else "waiting",
                registered_at=on(-300),
                registered_by=self.house.staff["staff"],
                identity_check="card",
                decided_at=None if decided is None else on(decided),
                decided_by=None if decided is None else self.house.staff["staff"],
                decision_reason="" if decided is None else "fortrød",
            )
        )

    def look(self, at: datetime) -> int:
        """Note a look in the access log."""
        return self.house.store.write_here(
            lambda transaction: note(
                transaction, self.house.who(), at, Action.PAGE, Purpose.LENDING, self.person.borrower_id
            )
        )

    # What is left.

    def there(self, table: type[Model]) -> set[int]:
        """Give the ids of a table's rows; of messages, those that still say something."""
        return {row[0] for row in self.house.rows(_ids(table))}

    def everything(self) -> dict[str, set[int]]:
        """Give what is there, by table."""

        def read(transaction: Transaction) -> dict[str, set[int]]:
            return {table._meta.table_name: {row[0] for row in transaction.all(_ids(table))} for table in TABLES}

        return self.house.store.read_here(read)

    def runs(self) -> list[tuple[Any, ...]]:
        """Give day, state and problem of every run."""
        columns = (RetentionRun.day, RetentionRun.state, RetentionRun.problem)
        return self.house.rows(RetentionRun.select(*columns).order_by(RetentionRun.id))

    # The clock.

    def clockwork(self, log_days: int = LOG_DAYS) -> Clockwork:
        """Give what a run works with; it is as late as the house's clock says."""
        house = self.house
        return Clockwork(house.desk, house.store, self.home, log_days, house.clock, house.new_id)

    async def run(self, number: int, hour: int = 2, **more: Any) -> RunReport:
        """Run the clock in the small hours of a day."""
        self.house.clock.now = on(number, hour)
        return await run_retention(self.clockwork(**more))

    async def dry(self, number: int, hour: int = 2) -> RunReport:
        """Ask what a run would delete."""
        self.house.clock.now = on(number, hour)
        return await dry_run(self.clockwork())

    async def doomed(self, number: int, hour: int = 2) -> dict[str, set[int]]:
        """Ask for the ids that a run would delete."""
        found = await self.house.desk.ask(INSTALLATION, doomed_by, Due(day(number), on(number, hour), LOG_DAYS))
        return {table: set(ids) for table, ids in found.items()}


def _ids(table: type[Model]) -> Any:
    key: Any = table._meta.primary_key
    return table.select(key).where(Message.body.is_null(False)) if table is Message else table.select(key)
