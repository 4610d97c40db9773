"""A day at the library: a reserved book is fetched, a fee paid in part, loans renewed, one sent to who waits for it.

All a clerk does is keys and scans on a terminal; reservations, fee, ledger and messages are read afterwards out of the
store itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from peewee import Query

from db.models import Branch, Card, Fee, Item, LedgerLine, Loan, Message, Payment, Reservation, Staff
from desk.calendar import local_date
from desk.circulation.commands import CheckOut, Return
from desk.command import Command, Who
from desk.installation import Installation, new_id, now, open_installation
from desk.money.commands import WriteFee
from desk.reservations.commands import PlaceReservation
from tests.pty.counter import ENTER, ESC, F3, F4, Demo, counter, desk, make_demo, scan, sign_in
from tests.pty.terminal import Terminal


class Day:
    """The demo's store before the doors open and after they close."""

    def __init__(self, installation: Installation, demo: Demo) -> None:
        self.installation, self.demo = installation, demo
        self.at = now() - timedelta(days=5)
        (self.struer, self.thyholm) = (
            self.value(Branch.select(Branch.id).where(Branch.name == name)) for name in ("Struer", "Thyholm")
        )
        staff = self.value(Staff.select(Staff.id).where(Staff.login == demo.staff("staff")["login"]))
        self.who = Who(staff, 1)

    def value(self, query: Query) -> Any:
        """Read one value."""
        return self.installation.store.read_here(lambda transaction: transaction.value(query))

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """Read rows."""
        return self.installation.store.read_here(lambda transaction: transaction.all(query))

    def do(self, kind: type[Command[Any]], **values: Any) -> Any:
        """Carry out a command some days ago, each a minute after the one before."""
        self.at += timedelta(minutes=1)
        command = kind(command_id=new_id(), who=self.who, at=self.at, **values)
        return asyncio.run(self.installation.desk.do(command))

    def borrower(self, printed: dict[str, Any]) -> int:
        """Give the id of a borrower the demo printed."""
        return int(self.value(Card.select(Card.borrower).where(Card.number == printed["card"])))

    def item(self, printed: dict[str, Any]) -> tuple[int, int]:
        """Give the id and the title of an item the demo printed."""
        ((item_id, title_id),) = self.rows(Item.select(Item.id, Item.title).where(Item.barcode == printed["barcode"]))
        return item_id, title_id

    def nobody_in_particular(self) -> list[dict[str, Any]]:
        """Give adults without blocks, loans, reservations and fees."""
        busy = {row[0] for table in (Fee, Reservation) for row in self.rows(table.select(table.borrower))}
        return [
            one
            for one in self.demo.printed["borrowers"]
            if not one["blocks"] and not one["loans"] and one["group"] == "voksen" and self.borrower(one) not in busy
        ]

    def ordinary(self) -> list[dict[str, Any]]:
        """Give items of this branch that lie at home, each of another title that nobody has reserved."""
        taken = {row[0] for row in self.rows(Reservation.select(Reservation.title))}
        wanted = {"status": "available", "group": "standard", "branch": "Struer", "parts": 1}
        found: dict[int, dict[str, Any]] = {}
        for one in self.demo.printed["items"]:
            title_id = self.item(one)[1]
            if title_id not in taken and wanted.items() <= one.items() and self._is_only_copy(title_id):
                found.setdefault(title_id, one)
        return list(found.values())

    def _is_only_copy(self, title_id: int) -> bool:
        return len(self.rows(Item.select(Item.id).where(Item.title == title_id))) == 1

    def reserve(self, borrower_id: int, title_id: int, branch_id: int) -> int:
        """Reserve a title for somebody; gives the id."""
        placed = self.do(PlaceReservation, borrower_id=borrower_id, title_id=title_id, pickup_branch_id=branch_id)
        return int(placed.reservation_id)


@dataclass(frozen=True)
class Story:
    """Who and what it is about: Anna fetches ``reserved`` and has three ``books``, for the last of which Ib waits."""

    anna: dict[str, Any]
    ib: dict[str, Any]
    reserved: dict[str, Any]
    books: list[dict[str, Any]]
    fetched: int
    waits: int
    shelf: int


def the_days_before(day: Day) -> Story:
    """Reserve, shelve, lend, and let Anna owe for a wet book."""
    anna, ib = day.nobody_in_particular()[:2]
    reserved, *books = day.ordinary()[:4]
    anna_id = day.borrower(anna)
    fetched = day.reserve(anna_id, day.item(reserved)[1], day.struer)
    day.do(Return, item_id=day.item(reserved)[0])
    assert day.value(Message.select(Message.kind).where(Message.borrower == anna_id)) == "reservation_ready"
    for book in books:
        day.do(CheckOut, item_id=day.item(book)[0], borrower_id=anna_id, card_id=None, visit="for fem dage siden")
    waits = day.reserve(day.borrower(ib), day.item(books[2])[1], day.thyholm)
    day.do(WriteFee, borrower_id=anna_id, amount_ore=12_000, reason="våd bog")
    shelf = day.value(Reservation.select(Reservation.pickup_number).where(Reservation.id == fetched))
    return Story(anna, ib, reserved, books, fetched, waits, shelf)


def at_the_counter(terminal: Terminal, story: Story) -> None:
    """Anna comes in with three books and goes out with three."""
    scan(terminal, story.anna["card"])
    terminal.wait_for(f"klar på hylde {story.shelf}")
    terminal.wait_for("120,00")
    scan(terminal, story.reserved["barcode"])
    terminal.wait_for(lambda t: "1 klaret" in t.shown or "lån 4/15" in t.shown)
    terminal.wait_for(lambda t: "klar på hylde" not in t.shown)
    terminal.send(F4)
    terminal.wait_for("[1 Udlån 4]")
    terminal.send("a")
    terminal.wait_for("reserveret af en anden")
    terminal.send("7")
    terminal.wait_for("våd bog")
    terminal.send("b")
    terminal.wait_for("Hvordan, ét bogstav")
    terminal.send("\x7f" * 8 + "50")
    terminal.send(ENTER)
    terminal.send("k")
    terminal.send(ENTER)
    terminal.send("100")
    terminal.send(ENTER)
    terminal.wait_for("Byttepenge: 50,00")
    terminal.send(ESC)
    terminal.wait_for("F2 UDLÅN")
    terminal.send(F3)
    terminal.wait_for("F3 AFLEVERING")
    scan(terminal, story.books[2]["barcode"])
    terminal.wait_for("→ Thyholm")
    assert story.anna["name"] not in terminal.shown
    assert story.ib["name"] not in terminal.shown


def what_is_held_of_reservations(day: Day, story: Story) -> None:
    """The fetched one is gone (P4); the other is on its way, and nobody has been told before it comes."""
    assert day.rows(Reservation.select(Reservation.id).where(Reservation.id == story.fetched)) == []
    of_ib = Reservation.select(Reservation.state, Reservation.trapped_item, Reservation.pickup_branch)
    assert day.rows(of_ib.where(Reservation.id == story.waits)) == [
        ("inTransit", day.item(story.books[2])[0], day.thyholm)
    ]
    assert day.rows(Message.select(Message.kind).where(Message.borrower == day.borrower(story.ib))) == []


def what_is_held_of_loans_and_money(day: Day, story: Story) -> None:
    """Two of three are renewed, the fee is paid in part, and the ledger has an anonymous line of it."""
    anna_id = day.borrower(story.anna)
    open_loans = Loan.select(Item.barcode, Loan.renewals).join(Item)
    of_anna = open_loans.where((Loan.borrower == anna_id) & Loan.returned_at.is_null())
    first, second, _returned = (book["barcode"] for book in story.books)
    assert dict(day.rows(of_anna)) == {story.reserved["barcode"]: 0, first: 1, second: 1}
    fee = Fee.select(Fee.amount_ore, Fee.paid_ore, Fee.settled_on).where(Fee.borrower == anna_id)
    assert day.rows(fee) == [(12_000, 5_000, None)]
    payments = Payment.select(Payment.voucher, Payment.amount_ore, Payment.method)
    ((voucher, amount, method),) = day.rows(payments.where(Payment.borrower == anna_id))
    assert (amount, method) == (5_000, "cash")
    line = LedgerLine.select(LedgerLine.day, LedgerLine.kind, LedgerLine.amount_ore)
    assert day.rows(line.where(LedgerLine.voucher == voucher)) == [(local_date(now()), "payment", 5_000)]


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_a_day_at_the_library(tmp_path: Path, columns: int, lines: int) -> None:
    demo = make_demo(tmp_path / "home")
    with open_installation(demo.home) as installation:
        story = the_days_before(Day(installation, demo))
    with counter(demo, columns, lines) as terminal:
        sign_in(terminal, demo.staff("staff"))
        at_the_counter(terminal, story)
    with open_installation(demo.home) as installation:
        day = Day(installation, demo)
        what_is_held_of_reservations(day, story)
        what_is_held_of_loans_and_money(day, story)
    checked = desk(demo.home, "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
