"""Q7: a nightly run of 100,000 rows in a program of its own, while scans go on in this one."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.bulk import insert_many
from db.models import Borrower, Counter, Fee, Item, Loan, LoanOccasion, Message, Payment, PaymentPart, RetentionRun
from db.queue import Queue
from desk.calendar import local_date
from desk.installation import open_installation
from tests.bench.figures import Figure, milliseconds, p50, p95
from tests.bench.scanning import scans_of, timed
from tests.bench.town import Town, desk_command, environment

if TYPE_CHECKING:
    from db.store import Transaction

KEY = bytes(32)
DAYS = 30
# Shares of all rows: loans come with their occasions, fees with a payment and its part.
OF_LOANS, OF_FEES, OF_MESSAGES = 0.6, 0.2, 0.2


def q7(home: Path, scratch: Path, rows: int, alone: int) -> list[Figure]:
    """Measure the run, and what it costs a scan.

    Args:
        home: the town; so many rows of it are made due.
        scratch: for a queue.
        rows: that are to be deleted.
        alone: scans before the run begins, to compare with.
    """
    with open_installation(home) as installation:
        town = Town(installation)
        made = installation.store.write_here(lambda store: make_due(store, rows, town.now()))
        counted, seconds, before, meanwhile = asyncio.run(_measured(town, home, scratch / "q7-queue.db", alone))
    if counted < made:
        raise RuntimeError(f"{counted} rows were deleted, and {made} were due")
    usual = p50(before)
    delays = [max(0.0, spent - usual) for spent in meanwhile]
    return [
        Figure("Q7", f"nightly run of {counted} rows, the program's start included", seconds, "s", 30),
        Figure("Q7", f"longest delay of {len(delays)} scans meanwhile", milliseconds(max(delays)), "ms", 50),
        Figure("Q7", "delay of a scan meanwhile, p95", milliseconds(p95(delays)), "ms"),
        Figure("Q7", "scan before the run, p50", milliseconds(usual), "ms"),
        Figure("Q7", "longest scan before the run", milliseconds(max(before)), "ms"),
        Figure("Q7", "scan meanwhile, p50", milliseconds(p50(meanwhile)), "ms"),
    ]


async def _measured(
    town: Town, home: Path, queue_file: Path, alone: int
) -> tuple[int, float, list[float], list[float]]:
    queue = Queue(queue_file, KEY)
    await queue.open()
    scans = scans_of(town, queue)
    before = [await timed(scans) for _scan in range(alone)]
    begin = time.perf_counter()
    run = subprocess.Popen(
        desk_command("retention", "run", "--json"),
        env={**os.environ, **environment(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    meanwhile = []
    while run.poll() is None:
        meanwhile.append(await timed(scans))
    seconds = time.perf_counter() - begin
    said, _nothing = run.communicate()
    queue.close()
    if run.returncode:
        raise RuntimeError("the run failed")
    return sum(json.loads(said.splitlines()[-1])["deleted"].values()), seconds, before, meanwhile


def make_due(store: Transaction, rows: int, now: datetime) -> int:
    """Write rows that are due today, spread over the borrowers; gives how many."""
    at, day = now - timedelta(days=DAYS), local_date(now) - timedelta(days=DAYS)
    borrowers = [row[0] for row in store.all(Borrower.select(Borrower.id).order_by(Borrower.id))]
    counter = store.value(Counter.select(Counter.id).order_by(Counter.id))
    store.run(RetentionRun.delete())
    loans, fees, messages = (int(rows * share) for share in (OF_LOANS / 2, OF_FEES / 3, OF_MESSAGES))
    _loans(store, loans, borrowers, at, day)
    _fees(store, fees, borrowers, counter, at, day)
    insert_many(
        store,
        (
            *(Message.borrower, Message.kind, Message.channel, Message.cause, Message.language, Message.facts),
            *(Message.subject, Message.body, Message.created_at, Message.state, Message.sent_at, Message.message_id),
        ),
        (
            (
                *(borrowers[number % len(borrowers)], "reminder", "email", f"q7:{number}", "da", "{}"),
                *("Dine lån", "Kære låner. " * 20, at, "sent", at, f"q7-{number}"),
            )
            for number in range(messages)
        ),
    )
    return 2 * loans + 3 * fees + messages


def _loans(store: Transaction, count: int, borrowers: list[int], at: datetime, day: date) -> None:
    first = _next_id(store, LoanOccasion)
    items = [row[0] for row in store.all(Item.select(Item.id).order_by(Item.id))]
    whose = [borrowers[number * 7 % len(borrowers)] for number in range(count)]
    insert_many(
        store,
        (LoanOccasion.id, LoanOccasion.borrower, LoanOccasion.visit, LoanOccasion.due_on),
        ((first + number, borrower, f"q7-{number}", day) for number, borrower in enumerate(whose)),
    )
    columns = (Loan.item, Loan.borrower, Loan.occasion, Loan.lent_at, Loan.due_on, Loan.returned_at, Loan.closed_on)
    insert_many(
        store,
        columns,
        (
            (items[n % len(items)], borrower, first + n, at - timedelta(days=9), day, at, day)
            for n, borrower in enumerate(whose)
        ),
    )


def _fees(store: Transaction, count: int, borrowers: list[int], counter: int, at: datetime, day: date) -> None:
    fee, payment, voucher = _next_id(store, Fee), _next_id(store, Payment), 10_000_000
    whose = [(number, borrowers[number * 11 % len(borrowers)]) for number in range(count)]
    insert_many(
        store,
        (
            *(Fee.id, Fee.borrower, Fee.type, Fee.reason, Fee.amount_ore, Fee.paid_ore, Fee.charged_on),
            *(Fee.created_at, Fee.settled_on, Fee.outcome),
        ),
        ((fee + n, borrower, "other", "by_hand", 2000, 2000, day, at, day, "paid") for n, borrower in whose),
    )
    insert_many(
        store,
        (
            *(Payment.id, Payment.borrower, Payment.kind, Payment.method, Payment.amount_ore, Payment.paid_at),
            *(Payment.counter, Payment.voucher),
        ),
        ((payment + n, borrower, "payment", "cash", 2000, at, counter, voucher + n) for n, borrower in whose),
    )
    insert_many(
        store,
        (PaymentPart.payment, PaymentPart.fee, PaymentPart.amount_ore),
        ((payment + n, fee + n, 2000) for n, _borrower in whose),
    )


def _next_id(store: Transaction, table: Any) -> int:
    newest = store.value(table.select(table.id).order_by(table.id.desc()).limit(1))
    return (newest or 0) + 1
