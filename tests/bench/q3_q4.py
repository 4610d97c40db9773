"""Q3 and Q4: what a command costs, through ``Desk.do`` as every caller goes, with the queue's two steps around it."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from peewee import fn

from db.engine import database_for
from db.models import Loan
from db.queue import NewEntry, Queue
from desk.calendar import local_date
from desk.circulation.commands import CheckOut, Return
from desk.counter.codes import meaning_of
from desk.counter.modes import CHECK_OUT
from desk.counter.records import Place, Visit
from desk.installation import open_installation
from tests.bench.figures import Figure, milliseconds, p50, p95
from tests.bench.town import Lender, Town

if TYPE_CHECKING:
    from db.store import Store, Transaction

KEY = bytes(32)
WARM_UP = 20
IN_A_ROW = 10  # alone between the others it would be slower than it has to be
MANY_LOANS, FEW_LOANS = 500, 5
TIMES_THE_LOANS = 10


@dataclass(slots=True)
class Spent:
    """Seconds, one value a round."""

    hand_written: list[float] = field(default_factory=list)
    look_up: list[float] = field(default_factory=list)
    append: list[float] = field(default_factory=list)
    check_out: list[float] = field(default_factory=list)
    settle: list[float] = field(default_factory=list)
    give_back: list[float] = field(default_factory=list)

    @property
    def whole(self) -> list[float]:
        """The command with the queue's two steps."""
        return [sum(steps) for steps in zip(self.append, self.check_out, self.settle, strict=True)]


def q3(home: Path, scratch: Path, rounds: int) -> list[Figure]:
    """Measure the check-out command beside hand-written SQL, turn by turn."""
    with open_installation(home) as installation:
        town = Town(installation)
        statements = asyncio.run(_statements(town))
        with closing(HandWritten(scratch / "hand-written.db")) as hand:
            spent = asyncio.run(_check_outs(town, scratch / "queue.db", hand, rounds))
    whole, hand_written = p50(spent.whole), p50(spent.hand_written)
    return [
        Figure("Q3", "check-out with its queue steps, p50", milliseconds(whole), "ms", 3),
        Figure("Q3", "check-out with its queue steps, p95", milliseconds(p95(spent.whole)), "ms"),
        Figure("Q3", "hand-written minimal SQL, one durable transaction, p50", milliseconds(hand_written), "ms"),
        Figure("Q3", "check-out with its queue steps / hand-written SQL", whole / hand_written, "x", 15),
        Figure("Q3", "check-out command alone, p50", milliseconds(p50(spent.check_out)), "ms"),
        Figure("Q3", "check-out command alone, p95", milliseconds(p95(spent.check_out)), "ms"),
        Figure("Q3", "return command alone, p50", milliseconds(p50(spent.give_back)), "ms"),
        Figure("Q3", "look-up of a code, p50", milliseconds(p50(spent.look_up)), "ms"),
        Figure("Q3", "statements of a check-out, no loans", statements[0], "statements"),
        Figure(
            "Q3",
            f"statements more with {MANY_LOANS} loans",
            abs(statements[MANY_LOANS] - statements[0]),
            "statements",
            0,
        ),
    ]


class HandWritten:
    """The least that lends an item: two statements in one durable transaction, on a file of the same kind."""

    def __init__(self, path: Path) -> None:
        self._database = database_for(f"sqlcipher://{path}", KEY)
        self._database.connect()
        connection: Any = self._database.connection()
        self._execute = connection.execute
        self._items = itertools.count(1)
        connection.executescript(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, barcode TEXT UNIQUE, status TEXT NOT NULL);"
            "CREATE TABLE loan (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL, borrower_id INTEGER NOT NULL,"
            " lent_at TEXT NOT NULL, due_on TEXT NOT NULL);"
            "BEGIN;"
            "INSERT INTO item (barcode, status) SELECT 3000000000 + value, 'available' FROM"
            " (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 200000)"
            " SELECT value FROM n);"
            "COMMIT;"
            "PRAGMA wal_checkpoint(TRUNCATE);"
        )

    def lend_in_a_row(self, count: int) -> list[float]:
        """Lend some items, one transaction each; gives the seconds of each."""
        spent = []
        for _ in range(count):
            start = time.perf_counter()
            self._lend(next(self._items), 1, "2026-03-10 10:00:00", "2026-04-09")
            spent.append(time.perf_counter() - start)
        return spent

    def _lend(self, item_id: int, borrower_id: int, lent_at: str, due_on: str) -> None:
        self._execute("BEGIN IMMEDIATE")
        self._execute(
            "INSERT INTO loan (item_id, borrower_id, lent_at, due_on) VALUES (?, ?, ?, ?)",
            (item_id, borrower_id, lent_at, due_on),
        )
        self._execute("UPDATE item SET status = 'on_loan' WHERE id = ?", (item_id,))
        self._execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _check_out(town: Town, lender: Lender, item_id: int) -> CheckOut:
    return CheckOut(
        command_id=str(uuid4()),
        who=town.who,
        at=town.now(),
        item_id=item_id,
        borrower_id=lender.borrower_id,
        card_id=lender.card_id,
        visit=str(uuid4()),
    )


def _give_back(town: Town, item_id: int) -> Return:
    return Return(command_id=str(uuid4()), who=town.who, at=town.now(), item_id=item_id)


async def _timed(into: list[float], work: Awaitable[Any]) -> Any:
    start = time.perf_counter()
    done = await work
    into.append(time.perf_counter() - start)
    return done


async def _check_outs(town: Town, queue_file: Path, hand: HandWritten, rounds: int) -> Spent:
    """Go through everything once a round, so that a busy moment meets all alike; every visit is a new one."""
    desk, queue, spent = town.installation.desk, Queue(queue_file, KEY), Spent()
    await queue.open()
    for number, lender in enumerate(town.lenders(rounds + WARM_UP)):
        if number == WARM_UP:
            spent = Spent()
        item_id, barcode = town.next_item()
        place = Place(CHECK_OUT, Visit(str(uuid4()), lender.borrower_id, lender.card_id)).to_json()
        new = NewEntry(str(uuid4()), "code", barcode, town.who.staff_id or 0, town.who.counter_id or 0, town.now())
        entry = await _timed(spent.append, queue.append(new))
        await _timed(spent.look_up, desk.ask(town.who, meaning_of, barcode))
        await _timed(spent.check_out, desk.do(_check_out(town, lender, item_id)))
        await _timed(spent.settle, queue.settle(entry.id, CHECK_OUT, place))
        await _timed(spent.give_back, desk.do(_give_back(town, item_id)))
        if number % IN_A_ROW == 0:
            spent.hand_written += hand.lend_in_a_row(IN_A_ROW)
    queue.close()
    return spent


async def _statements(town: Town) -> dict[int, int]:
    """Count the statements SQLite carries out for a check-out, by the loans the borrower has."""
    seen: list[str] = []
    desk, store = town.installation.desk, town.store
    (lender,) = town.lenders(1)

    async def count() -> int:
        item_id, _barcode = town.next_item()
        seen.clear()
        await desk.do(_check_out(town, lender, item_id))
        # SQLite tells what triggers and foreign keys do as comments.
        return sum(not statement.startswith("--") for statement in seen)

    await store.read(lambda _store: store._database.connection().set_trace_callback(seen.append))
    counted = {0: await count()}
    town.lend_past_the_desk(lender, MANY_LOANS, local_date(town.now()) + timedelta(days=20))
    counted[MANY_LOANS] = await count()
    await store.read(lambda _store: store._database.connection().set_trace_callback(None))
    return counted


def q4(home: Path, scratch: Path, rounds: int) -> list[Figure]:
    """Measure that neither a borrower's loans nor the store's make a check-out slow."""
    with open_installation(home) as installation:
        town = Town(installation)
        few, many = town.lenders(2)
        due_on = local_date(town.now()) + timedelta(days=20)
        town.lend_past_the_desk(few, FEW_LOANS, due_on)
        town.lend_past_the_desk(many, MANY_LOANS, due_on)
        with_few, with_many = asyncio.run(_by_turns(rounds, (town, lambda: few), (town, lambda: many)))
    larger_home = scratch / "larger"
    loans = _larger_copy(home, larger_home)
    with open_installation(home) as usual, open_installation(larger_home) as larger:
        towns = Town(usual), Town(larger)
        turns = [_one_after_another(town, rounds + WARM_UP) for town in towns]
        usually, with_more = asyncio.run(_by_turns(rounds, *zip(towns, turns, strict=True)))
    return [
        Figure("Q4", f"check-out with {FEW_LOANS} open loans, p50", milliseconds(p50(with_few)), "ms"),
        Figure("Q4", f"check-out with {MANY_LOANS} open loans, p50", milliseconds(p50(with_many)), "ms"),
        Figure("Q4", f"{MANY_LOANS} open loans / {FEW_LOANS}", p50(with_many) / p50(with_few), "x", 1.5),
        Figure("Q4", f"check-out with {loans[0]} loans in the store, p50", milliseconds(p50(usually)), "ms"),
        Figure("Q4", f"check-out with {loans[1]} loans in the store, p50", milliseconds(p50(with_more)), "ms"),
        Figure("Q4", f"{TIMES_THE_LOANS} times the loans in the store", p50(with_more) / p50(usually), "x", 1.2),
    ]


def _one_after_another(town: Town, count: int) -> Callable[[], Lender]:
    return iter(town.lenders(count)).__next__


async def _by_turns(rounds: int, *contestants: tuple[Town, Callable[[], Lender]]) -> list[list[float]]:
    """Let each check one item out and back in turn; gives each one's seconds a check-out."""
    spent: list[list[float]] = [[] for _ in contestants]
    for _ in range(rounds + WARM_UP):
        for (town, next_lender), into in zip(contestants, spent, strict=True):
            item_id, _barcode = town.next_item()
            await _timed(into, town.installation.desk.do(_check_out(town, next_lender(), item_id)))
            await town.installation.desk.do(_give_back(town, item_id))
    return [seconds[WARM_UP:] for seconds in spent]


def _larger_copy(home: Path, larger_home: Path) -> tuple[int, int]:
    """Copy a town, and give the copy returned loans until it has ten times as many; tells both numbers."""
    with open_installation(home) as installation:
        _empty_log(installation.store)
    shutil.copytree(home, larger_home)
    with open_installation(larger_home) as installation:
        store = installation.store
        loans = store.read_here(_count_loans)
        store.write_here(_return_many)
        _empty_log(store)
        return loans, store.read_here(_count_loans)


def _count_loans(transaction: Transaction) -> int:
    return int(transaction.value(Loan.select(fn.COUNT(Loan.id))))


def _return_many(transaction: Transaction) -> None:
    """Add returned loans, nine for each, spread over the table as years would have spread them."""
    rows = transaction.all(Loan.select(Loan.item, Loan.borrower, Loan.occasion).order_by(Loan.id))
    transaction.run_many(
        "INSERT INTO loan (item_id, borrower_id, occasion_id, lent_at, due_on, due_reason, renewals, returned_at,"
        " closed_on) VALUES (?, ?, ?, '2026-01-05 10:00:00', '2026-02-04', '', 0, '2026-01-20 10:00:00', '2026-01-20')",
        rows * (TIMES_THE_LOANS - 1),
    )


def _empty_log(store: Store) -> None:
    store.read_here(lambda _transaction: None)
    store._database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
