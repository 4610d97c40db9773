"""Small builders: a library with its rules, people, items and staff, over a store of either engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from peewee import Query

from db.fields import CprVault
from db.models import (
    Block,
    Borrower,
    BorrowerGroup,
    Branch,
    Card,
    CommandRecord,
    Counter,
    Item,
    LendingRule,
    Library,
    Loan,
    MaterialGroup,
    Staff,
    Title,
)
from db.models.staff import ROLES
from db.store import Store, Transaction
from desk.borrowers.searching import write_search_words
from desk.catalogue.title_words import write_title_words
from desk.circulation.commands import CheckOut, Renew, Return, SetAside
from desk.circulation.records import LoanRecord, RenewalRecord, ReturnRecord
from desk.command import INSTALLATION, Who
from desk.desk import Desk
from desk.errors import Refused
from desk.registry.defaults import install_branch, install_library
from desk.staff.passwords import Cost, Hasher

KEY = bytes(range(32))
QUEUE_KEY = bytes(range(32, 64))
VAULT = CprVault(b"c" * 32, b"i" * 32)
HASHER = Hasher(Cost(time_cost=1, memory_kib=8, parallelism=1), b"pepper")

# A Tuesday in March, 11 o'clock in Copenhagen; 30 days later is a Thursday after Easter, and open.
TUESDAY = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = TUESDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **much: float) -> datetime:
        """Move on by days, hours, minutes or seconds."""
        self.now += timedelta(**much)
        return self.now


class Ids:
    """Command ids in order, so that a failing test reads the same each time."""

    def __init__(self, prefix: str = "command") -> None:
        self._numbers = itertools.count(1)
        self._prefix = prefix

    def __call__(self) -> str:
        return f"{self._prefix}-{next(self._numbers)}"


@dataclass(frozen=True, slots=True)
class Person:
    """A borrower with a card."""

    borrower_id: int
    card_id: int
    card: str


@dataclass(frozen=True, slots=True)
class Thing:
    """An item."""

    item_id: int
    barcode: str


class House:
    """A library of the tests: branches Struer and Thyholm with a counter each, the usual rules, staff of every role.

    In a store that has a library already it takes that for its own: what it would build is there.
    """

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        self.store = store
        self.desk = Desk(store)
        self.clock = clock or Clock()
        self.new_id = Ids()
        if not self.ids(Library):
            self._build()
        self.branch, self.other_branch = self.ids(Branch)
        self.counter, self.other_counter = self.ids(Counter)
        self.staff: dict[str, int] = dict(self.rows(Staff.select(Staff.role, Staff.id)))
        self._numbers = itertools.count(len(self.staff) + 1)

    def _build(self) -> None:
        def install(transaction: Transaction) -> None:
            install_library(transaction, name="Struer", isil="DK-767100", made_up=True)
            for name, isil in (("Struer", "767100"), ("Thyholm", "767101")):
                install_branch(transaction, name=name, isil=isil, counters=(f"{name} 1",))

        self._numbers = itertools.count(1)
        self.store.write_here(install)
        for role in ROLES:
            self.hire(role)

    def ids(self, table: Any) -> list[int]:
        """Give the ids of a table's rows."""
        return [row[0] for row in self.rows(table.select(table.id).order_by(table.id))]

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Read rows past the desk."""
        return self.store.read_here(lambda transaction: transaction.all(query))

    def value(self, query: Query) -> Any:
        """Read one value past the desk."""
        return self.store.read_here(lambda transaction: transaction.value(query))

    def put(self, query: Query) -> int:
        """Write past the desk."""
        return self.store.write_here(lambda transaction: transaction.run(query))

    def who(self, role: str = "staff", counter: int | None = None) -> Who:
        """Somebody of a role at the first counter, or at another."""
        return Who(self.staff[role], counter or self.counter)

    def hire(self, role: str, *, login: str = "", password: str = "", active: bool = True, card: str = "") -> int:
        """Open a staff account; its PIN is 1234."""
        number = next(self._numbers)
        return self.put(
            Staff.insert(
                login=login or f"{role}{number}",
                name=f"{role.title()} {number}",
                role=role,
                password_hash=HASHER.password_hash(password) if password else "-",
                pin_hash=HASHER.pin_hash("1234") if card else None,
                card_index=VAULT.index(f"staff-card:{card}") if card else None,
                active=active,
            )
        )

    def borrower(
        self,
        *,
        group: str = "voksen",
        born: date | None = date(1980, 5, 17),
        name: str = "Ib Hansen",
        card: str = "",
        card_state: str = "active",
        cpr: str = "",
    ) -> Person:
        """Sign up a borrower with one card."""
        number = next(self._numbers)
        borrower_id = self.put(
            Borrower.insert(
                number=f"{number:08}",
                name=name,
                birth_date=born,
                borrower_group=self.value(BorrowerGroup.select(BorrowerGroup.id).where(BorrowerGroup.code == group)),
                home_branch=self.branch,
                cpr_sealed=VAULT.seal(cpr) if cpr else None,
                cpr_index=VAULT.index(cpr) if cpr else None,
                log_key=number.to_bytes(32, "big"),
            )
        )
        person = self.card(borrower_id, card or f"K{number:07}", card_state)
        self.store.write_here(lambda transaction: write_search_words(transaction, [borrower_id]))
        return person

    def card(self, borrower_id: int, number: str, state: str = "active") -> Person:
        """Give a borrower another card."""
        since = self.clock().date() if state != "active" else None
        card_id = self.put(Card.insert(borrower=borrower_id, number=number, state=state, state_since=since))
        return Person(borrower_id, card_id, number)

    def block(
        self,
        person: Person,
        kind: str,
        *,
        since: date = date(2026, 1, 5),
        until: date | None = None,
        of_card: bool = False,
    ) -> int:
        """Block a borrower, or one card."""
        return self.put(
            Block.insert(
                borrower=person.borrower_id,
                card=person.card_id if of_card else None,
                kind=kind,
                set_on=since,
                ends_on=until,
                reason="aftalt",
            )
        )

    def item(
        self,
        *,
        group: str = "standard",
        status: str = "available",
        parts: int = 1,
        barcode: str = "",
        title: str = "Pelle Erobreren",
        branch: int | None = None,
    ) -> Thing:
        """Buy an item."""
        number = next(self._numbers)
        title_id = self.put(Title.insert(title=title, author="Martin Andersen Nexø", source_key=f"title-{number}"))
        self.store.write_here(lambda transaction: write_title_words(transaction, [title_id]))
        barcode = barcode or f"{3000000000 + number}"
        item_id = self.put(
            Item.insert(
                barcode=barcode,
                title=title_id,
                material_group=self.value(MaterialGroup.select(MaterialGroup.id).where(MaterialGroup.code == group)),
                branch=branch or self.branch,
                status=status,
                parts=parts,
            )
        )
        return Thing(item_id, barcode)

    def limit(self, loans: int, group: str = "voksen") -> None:
        """Set a borrower group's limit."""
        self.put(BorrowerGroup.update(loan_limit=loans).where(BorrowerGroup.code == group))

    def rule(self, group: str, material: str, **columns: Any) -> None:
        """Change the rule of one borrower group and material group."""
        of_group = BorrowerGroup.select(BorrowerGroup.id).where(BorrowerGroup.code == group)
        of_material = MaterialGroup.select(MaterialGroup.id).where(MaterialGroup.code == material)
        self.put(
            LendingRule.update(**columns).where(
                (LendingRule.borrower_group == of_group) & (LendingRule.material_group == of_material)
            )
        )

    def status(self, thing: Thing) -> str:
        """Read an item's status."""
        return str(self.value(Item.select(Item.status).where(Item.id == thing.item_id)))

    def open_loans(self) -> dict[int, int]:
        """Give item → borrower of every open loan; fails when one item is lent twice."""
        rows = self.rows(Loan.select(Loan.item, Loan.borrower).where(Loan.returned_at.is_null()))
        assert len({item for item, _borrower in rows}) == len(rows), "an item is on loan twice"
        return dict(rows)

    def records(self) -> list[tuple[str, str]]:
        """Give kind and refusals of every command on record, in order."""
        columns = (CommandRecord.kind, CommandRecord.refusals)
        return [
            (kind, refusals) for kind, refusals in self.rows(CommandRecord.select(*columns).order_by(CommandRecord.id))
        ]

    # The commands of the counter, with what seldom matters filled in.

    def check_out_command(self, thing: Thing, person: Person, **more: Any) -> CheckOut:
        """Word a check-out."""
        values: dict[str, Any] = {
            "command_id": self.new_id(),
            "who": self.who(),
            "at": self.clock(),
            "item_id": thing.item_id,
            "borrower_id": person.borrower_id,
            "card_id": person.card_id,
            "visit": f"visit-{person.borrower_id}",
        }
        return CheckOut(**(values | more))

    async def lend(self, thing: Thing, person: Person, **more: Any) -> LoanRecord:
        """Check out."""
        return await self.desk.do(self.check_out_command(thing, person, **more))

    async def refusals(self, thing: Thing, person: Person, **more: Any) -> tuple[str, ...]:
        """Try to check out, and give the codes of the reasons why not, in the order they are told."""
        try:
            await self.lend(thing, person, **more)
        except Refused as refused:
            return refused.codes
        return ()

    def return_command(self, thing: Thing, **more: Any) -> Return:
        """Word a return."""
        values: dict[str, Any] = {
            "command_id": self.new_id(),
            "who": self.who(),
            "at": self.clock(),
            "item_id": thing.item_id,
        }
        return Return(**(values | more))

    async def take_back(self, thing: Thing, **more: Any) -> ReturnRecord:
        """Return."""
        return await self.desk.do(self.return_command(thing, **more))

    async def take_back_item(self, loan: LoanRecord) -> ReturnRecord:
        """Return what a loan is of."""
        return await self.take_back(Thing(loan.item.item_id, loan.item.barcode))

    async def renew(self, loan: LoanRecord, person: Person, **more: Any) -> RenewalRecord:
        """Renew."""
        values: dict[str, Any] = {
            "command_id": self.new_id(),
            "who": self.who(),
            "at": self.clock(),
            "loan_id": loan.loan_id,
            "borrower_id": person.borrower_id,
            "card_id": person.card_id,
            "visit": f"visit-{person.borrower_id}",
        }
        return await self.desk.do(Renew(**(values | more)))

    async def set_aside(self, person: Person, thing: Thing, *refusals: str, **more: Any) -> None:
        """Let a supervisor override."""
        values: dict[str, Any] = {
            "command_id": self.new_id(),
            "who": self.who("supervisor"),
            "at": self.clock(),
            "borrower_id": person.borrower_id,
            "visit": f"visit-{person.borrower_id}",
            "refusals": refusals,
            "item_id": thing.item_id,
            "asked_by": self.staff["staff"],
            "reason": "aftalt med biblioteket",
        }
        await self.desk.do(SetAside(**(values | more)))


def new_store(url: str, *, busy_seconds: float | None = None) -> Store:
    """Open a store with the tests' keys; nothing is in it."""
    return Store(url, KEY, VAULT, busy_seconds=busy_seconds)


@contextmanager
def a_house(url: str, clock: Clock | None = None) -> Iterator[House]:
    """Build a library in an empty store."""
    store = new_store(url)
    try:
        store.migrate()
        yield House(store, clock)
    finally:
        store.close()


@contextmanager
def another_counter(house: House) -> Iterator[Desk]:
    """Open another program's desk over a house's store: a connection and a thread of its own."""
    store = new_store(house.store.url)
    try:
        yield Desk(store)
    finally:
        store.close()


__all__ = ["INSTALLATION", "Clock", "House", "Ids", "Person", "Thing", "a_house", "another_counter", "new_store"]
