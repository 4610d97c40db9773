"""kill -9 at any moment (Q9, C2): nothing acknowledged is lost, nothing is done twice.

Each round starts the counter's program, feeds it a borrower's visit and the returns after it, and kills it at a moment
drawn uniformly between the first byte sent and the last line settled. Then both files are opened again, what waits is
drained, and the rows must be those of the lines up to one not earlier than the last that was acknowledged.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Protocol

import pytest

from db.models import CommandRecord, Item, Loan, LoanOccasion
from db.queue import Queue
from db.store import Transaction
from desk.counter.handling import END, TO_RETURN
from desk.counter.work import CounterWork
from desk.registry.checking import store_check
from tests.builders import QUEUE_KEY, House, Person, Thing, a_house
from tests.crash.counter_program import SLOW_TO_SETTLE, WITHOUT_COMMIT

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 200
PACES = (0.0, 0.0, 0.0, 0.002)
SEED = 20260310


class Program(Protocol):
    """What is killed: the headless counter here, the program on a pseudo-terminal where there is one."""

    def send(self, line: str) -> None:
        """Scan a code (``scan CODE``) or give an order (``order KIND``)."""

    def told(self) -> list[str]:
        """Give what it has told so far: ``heard`` for each scan acknowledged, ``settled`` for each line done."""

    def kill(self) -> list[str]:
        """Kill it with signal 9, and give all that it told."""


class Headless:
    """The counter's real work without a screen, in a process of its own."""

    def __init__(self, house: House, queue_file: Path, mutation: str = "") -> None:
        arguments = [house.store.url, str(queue_file), str(house.staff["staff"]), str(house.counter), mutation]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.counter_program", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            bufsize=0,
        )
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        self._told = b""
        assert self._out.readline() == b"ready\n"

    def send(self, line: str) -> None:
        self._in.write(f"{line}\n".encode())

    def told(self) -> list[str]:
        """Wait for more to be told, and give all of it."""
        self._told += self._out.read(4096) or b""
        return self._told.decode().split()

    def kill(self) -> list[str]:
        self._process.kill()
        self._told += self._out.read() or b""
        self._in.close()
        self._out.close()
        self._process.wait()
        return self._told.decode().split()


@dataclass
class Rows:
    """What lies in the store and the queue when all is done."""

    on_loan: frozenset[int] = frozenset()
    records: tuple[tuple[str, str], ...] = ()
    deciding: int = 0


@dataclass
class Campaign:
    """A library, a visit that is played again and again, and what is found out."""

    house: House
    folder: Path
    mutation: str = ""
    random: random.Random = field(default_factory=lambda: random.Random(SEED))
    person: Person = field(init=False)
    things: list[Thing] = field(init=False)
    unsettled: Tally[int] = field(default_factory=Tally)
    round: int = 0

    def __post_init__(self) -> None:
        self.person = self.house.borrower()
        self.things = [self.house.item(parts=2 if number == 3 else 1) for number in range(8)]
        books = [f"scan {thing.barcode}" for thing in self.things]
        self.lines = [
            f"scan {self.person.card}",
            *books[:5],
            "scan 9999999",
            *books[5:],
            f"order {END}",
            f"order {TO_RETURN}",
            *books[:5],
        ]

    def expected(self, count: int) -> Rows:
        """Give what the first lines leave behind, written down without the desk."""
        on_loan: set[int] = set()
        records: list[tuple[str, str]] = []
        deciding = 0
        returning = False
        by_code = {f"scan {thing.barcode}": number for number, thing in enumerate(self.things)}
        for line in self.lines[:count]:
            returning = returning or line == f"order {TO_RETURN}"
            if line not in by_code:
                continue
            number = by_code[line]
            in_parts = number == 3
            if returning:
                on_loan.discard(number)
                records.append(("Return", ""))
            elif in_parts:
                deciding += 1
                records.append(("CheckOut", "parts"))
            else:
                on_loan.add(number)
                records.append(("CheckOut", ""))
        return Rows(frozenset(on_loan), tuple(records), deciding)

    def begin(self) -> Path:
        """Empty the store of what the last round did, and give the name of a new queue."""

        def wipe(transaction: Transaction) -> None:
            for table in (Loan, LoanOccasion, CommandRecord):
                transaction.run(table.delete())
            transaction.run(Item.update(status="available"))

        self.house.store.write_here(wipe)
        self.round += 1
        return self.folder / f"queue-{self.round}.db"

    def seconds_unharmed(self) -> float:
        """Measure a round that nobody kills, from the first byte to the last line settled."""
        program = Headless(self.house, self.begin(), self.mutation)
        began = time.monotonic()
        for line in self.lines:
            program.send(line)
            time.sleep(self.pace)
        while program.told().count("settled") < len(self.lines):
            pass
        took = time.monotonic() - began
        program.kill()
        return took

    def play(self, seconds: float) -> None:
        """Play a round that is killed after so many seconds, recover, and look."""
        queue_file = self.begin()
        program: Program = Headless(self.house, queue_file, self.mutation)
        began = time.monotonic()
        for line in self.lines:
            if time.monotonic() - began >= seconds:
                break
            program.send(line)
            time.sleep(min(self.pace, max(0.0, seconds - (time.monotonic() - began))))
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
        heard = program.kill().count("heard")
        found = asyncio.run(self.recovered(queue_file))
        self.look(found, heard)

    @property
    def pace(self) -> float:
        """Seconds between two lines: all in one burst, or one after another."""
        return PACES[self.round % len(PACES)]

    async def recovered(self, queue_file: Path) -> Rows:
        """Open the queue again, finish what waits, and give what is there then."""
        queue = Queue(queue_file, QUEUE_KEY)
        numbers = iter(range(1000))
        work = CounterWork(self.house.desk, queue, self.house.clock, lambda: f"recovery-{self.round}-{next(numbers)}")
        await work.open()
        self.unsettled[work.waiting] += 1
        await work.drain()
        assert await queue.damage() == []
        assert await queue.entries("waiting") == []
        deciding = len(await queue.entries("deciding"))
        assert len(work.decisions) == deciding
        work.close()
        number_of = {thing.item_id: number for number, thing in enumerate(self.things)}
        loans = self.house.open_loans()
        assert set(loans.values()) <= {self.person.borrower_id}
        return Rows(frozenset(number_of[item] for item in loans), tuple(self.house.records()), deciding)

    def look(self, found: Rows, heard: int) -> None:
        """Compare what is there with what was acknowledged."""
        scans = [number for number, line in enumerate(self.lines, 1) if line.startswith("scan")]
        acknowledged = scans[heard - 1] if heard else 0
        assert found in [self.expected(count) for count in range(acknowledged, len(self.lines) + 1)], (
            f"{heard} scans were acknowledged, and this is what is left: {found}"
        )
        self.check()

    def check(self) -> None:
        """Ask what ``desk check`` asks: whole pages, open loans ⇔ statuses, no command on record twice."""
        assert self.house.store.damage() == []
        today = self.house.clock().date()
        assert self.house.store.read_here(lambda transaction: store_check(transaction, today)).errors == ()

    def run(self, rounds: int) -> None:
        """Kill many programs at moments drawn uniformly over the time an unharmed one takes."""
        took: dict[float, list[float]] = {}
        for _ in range(3 * len(PACES)):
            seconds = self.seconds_unharmed()
            took.setdefault(self.pace, []).append(seconds)
        for _ in range(rounds):
            self.play(self.random.uniform(0.0, median(took[PACES[(self.round + 1) % len(PACES)]])))

    def histogram(self) -> str:
        """Draw how many scans were unsettled when the program was killed."""
        return "\n".join(
            f"{waiting:3} unsettled: {rounds:3} {'▇' * rounds}" for waiting, rounds in sorted(self.unsettled.items())
        )


@contextmanager
def a_campaign(folder: Path, mutation: str = "") -> Iterator[Campaign]:
    """Build the library of a campaign."""
    with a_house(f"sqlcipher://{folder}/store.db") as house:
        yield Campaign(house, folder, mutation)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whenever_the_counter_is_killed_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_campaign(tmp_path) as campaign:
        campaign.run(ROUNDS)
        with capsys.disabled():
            sys.stdout.write(f"\n{ROUNDS} rounds, killed (seed {SEED})\n{campaign.histogram()}\n")
        assert sum(rounds for waiting, rounds in campaign.unsettled.items() if waiting) >= ROUNDS // 2


@pytest.mark.slow
def test_the_campaign_finds_out_a_queue_that_acknowledges_before_it_commits(tmp_path: Path) -> None:
    with a_campaign(tmp_path, WITHOUT_COMMIT) as campaign, pytest.raises(AssertionError, match="were acknowledged"):
        campaign.run(60)


@pytest.mark.slow
def test_the_campaign_finds_out_command_ids_that_are_not_unique(tmp_path: Path) -> None:
    with a_campaign(tmp_path, SLOW_TO_SETTLE) as campaign:
        campaign.house.store.write_here(
            lambda transaction: transaction.run_many("DROP INDEX command_record_command_id", [()])
        )
        with pytest.raises(AssertionError, match="were acknowledged"):
            campaign.run(60)


@pytest.mark.slow
def test_slow_to_settle_is_no_reason_to_fail_while_command_ids_are_unique(tmp_path: Path) -> None:
    with a_campaign(tmp_path, SLOW_TO_SETTLE) as campaign:
        campaign.run(20)
