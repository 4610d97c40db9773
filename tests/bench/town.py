"""The town that is measured in: 50,000 borrowers, 200,000 items, 60,000 open loans, made by ``desk sample``."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from peewee import fn

from db.models import (
    Block,
    Borrower,
    BorrowerGroup,
    Card,
    Counter,
    Item,
    Loan,
    LoanOccasion,
    MaterialGroup,
    Staff,
    Title,
)
from desk.command import Who
from desk.installation import open_installation

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.installation import Installation

CHECKOUT = Path(__file__).resolve().parents[2]
LOGIN, PASSWORD = "bench", "bench-2026"
SEED = 1
# What is lent here would reach any limit in a minute; the rule that counts is asked all the same.
NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a town is."""

    borrowers: int
    items: int
    loans: int


FULL = Size(50_000, 200_000, 60_000)
QUICK = Size(2_000, 12_000, 2_500)


def desk_command(*arguments: str) -> list[str]:
    """Word a call of the program under test."""
    return [sys.executable, "-m", "desk", *arguments]


def environment(home: Path) -> dict[str, str]:
    """Give what a call of it needs in its environment besides this process's own."""
    return {"DESK_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}


def make_town(home: Path, size: Size) -> None:
    """Make a sample town in an empty folder, and an account to sign in with.

    Raises:
        subprocess.CalledProcessError: it could not be made.
    """
    counts = (("--borrowers", size.borrowers), ("--items", size.items), ("--loans", size.loans), ("--seed", SEED))
    arguments = [str(part) for pair in counts for part in pair]
    subprocess.run(
        desk_command("sample", *arguments), env={**os.environ, **environment(home)}, check=True, stdout=sys.stderr
    )
    furnish(home)


def furnish(home: Path) -> None:
    """Add what measuring needs to a town: an account, and no limits."""
    with open_installation(home) as installation:
        hashed = installation.hasher.password_hash(PASSWORD)

        def write(store: Transaction) -> None:
            store.run(Staff.insert(login=LOGIN, name="Måler B.", role="staff", password_hash=hashed))
            store.run(BorrowerGroup.update(loan_limit=NO_LIMIT))

        if not installation.store.read_here(lambda store: store.all(Staff.select().where(Staff.login == LOGIN))):
            installation.store.write_here(write)


@dataclass(frozen=True, slots=True)
class Lender:
    """A borrower whom nothing keeps from borrowing, and the card."""

    borrower_id: int
    card_id: int
    card: str


class Town:
    """An opened town, read past the desk. The same items and borrowers come in the same order in every run."""

    def __init__(self, installation: Installation, seed: int = SEED) -> None:
        self.installation = installation
        self.store = installation.store
        self._random = random.Random(seed)
        staff, counter = (
            self.rows(Staff.select(Staff.id).where(Staff.login == LOGIN)),
            self.rows(Counter.select(Counter.id).order_by(Counter.id)),
        )
        self.who = Who(staff[0][0], counter[0][0])
        self._items = self.rows(
            Item.select(Item.id, Item.barcode)
            .join(MaterialGroup, on=(Item.material_group == MaterialGroup.id))
            .where((Item.status == "available") & (Item.parts == 1) & MaterialGroup.age_limit.is_null())
            .order_by(Item.id)
        )
        self._random.shuffle(self._items)

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """Read rows past the desk."""
        return self.store.read_here(lambda store: store.all(query))

    def now(self) -> datetime:
        """The instant commands are given."""
        return datetime.now(UTC)

    def next_item(self) -> tuple[int, str]:
        """Take an item that is in, each only once: its id and barcode."""
        item_id, barcode = self._items.pop()
        return item_id, barcode

    def titled_items(self, count: int) -> list[tuple[str, str]]:
        """Take items and give each a title that no other has, to know it by on a screen: barcodes and titles."""
        items = [(*self.next_item(), f"Prøvebog {number:06d}") for number in range(1, count + 1)]

        def write(store: Transaction) -> None:
            for item_id, _barcode, title in items:
                title_id = store.run(Title.insert(title=title, author="M. Åler", source_key=f"bench {uuid4()}"))
                store.run(Item.update(title=title_id).where(Item.id == item_id))

        self.store.write_here(write)
        return [(barcode, title) for _item_id, barcode, title in items]

    def lenders(self, count: int) -> list[Lender]:
        """Give borrowers who have no block, an active card and no open loan."""
        blocked = Block.select(Block.borrower)
        lending = Loan.select(Loan.borrower).where(Loan.returned_at.is_null())
        rows = self.rows(
            Card.select(Card.borrower, fn.MIN(Card.id), fn.MIN(Card.number))
            .join(Borrower, on=(Card.borrower == Borrower.id))
            .where((Card.state == "active") & Borrower.id.not_in(blocked) & Borrower.id.not_in(lending))
            .group_by(Card.borrower)
            .having(fn.COUNT(Card.id) == 1)
            .order_by(Card.borrower)
        )
        return [Lender(*row) for row in self._random.sample(rows, count)]

    def lend_past_the_desk(self, lender: Lender, loans: int, due_on: date) -> None:
        """Give somebody open loans, quicker than by scanning."""

        def write(store: Transaction) -> None:
            occasion = store.run(
                LoanOccasion.insert(borrower=lender.borrower_id, card=lender.card_id, visit="bench", due_on=due_on)
            )
            for _ in range(loans):
                item_id, _barcode = self.next_item()
                store.run(Item.update(status="on_loan").where(Item.id == item_id))
                store.run(
                    Loan.insert(
                        item=item_id,
                        borrower=lender.borrower_id,
                        occasion=occasion,
                        lent_at=self.now(),
                        due_on=due_on,
                    )
                )

        self.store.write_here(write)
