"""kill -9 at any moment (Q9, C2): nothing acknowledged is lost, nothing is done twice.

A round plays a borrower's visit and the returns after it to a counter and kills it at a moment drawn uniformly between
the first byte sent and the last line settled. Then both files are opened again, what waits is finished, and the rows
must be those of the lines up to one not earlier than the last that was acknowledged.

What is killed is a :class:`Counter`: the counter's work without a screen, or the whole program on a pseudo-terminal.
"""

from __future__ import annotations

import random
import time
from collections import Counter as Tally
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import Protocol

from db.models import CommandRecord, Item, Loan, LoanOccasion
from db.store import Store, Transaction
from desk.counter.orders import END, TO_RETURN

SEED = 20260310
TO_BE_SCANNED = 8
IN_PARTS = 3
# Moments are drawn over somewhat more than an unharmed round takes, and those after the last line settled count for
# nothing: what is left is uniform over each round's own time, also when the machine is busier than it was.
BEYOND = 1.1
MEASURES = 3
MEASURED_EVERY = 25

# Seconds between two lines; None: all in one burst.
Pace = float | None


@dataclass(frozen=True, slots=True)
class Rows:
    """What lies in the store and the queue when nothing waits any more.

    Attributes:
        on_loan: barcodes.
        loans: how many loans were ever made.
        records: kind and refusals of every command, in order.
        deciding: how many decisions wait for a human.
    """

    on_loan: frozenset[str] = frozenset()
    loans: int = 0
    records: tuple[tuple[str, str], ...] = ()
    deciding: int = 0


@dataclass(frozen=True)
class Visit:
    """A borrower's visit and the returns after it: ``scan CODE`` and ``order KIND``, line by line.

    Attributes:
        card: the borrower's.
        barcodes: of eight items; the one at IN_PARTS has to be counted by a human.
    """

    card: str
    barcodes: Sequence[str]

    @cached_property
    def lines(self) -> list[str]:
        """All of it: scans that lend, one that is nothing, one that waits for a human, and scans that return."""
        items = [f"scan {barcode}" for barcode in self.barcodes]
        lent = [f"scan {self.card}", *items[:5], "scan 9999999", *items[5:]]
        return [*lent, f"order {END}", f"order {TO_RETURN}", *items[:5]]

    @cached_property
    def scans(self) -> list[int]:
        """The number of each line that is a scan, from 1."""
        return [number for number, line in enumerate(self.lines, 1) if line.startswith("scan")]

    def lines_up_to(self, scans: int) -> int:
        """Give how many lines there are up to a scan; nothing is queued ahead of what came before it."""
        return self.scans[scans - 1] if scans else 0

    def expected(self, count: int) -> Rows:
        """Give what the first lines leave behind, written down without the desk."""
        on_loan: set[str] = set()
        records: list[tuple[str, str]] = []
        loans = deciding = 0
        returning = False
        for line in self.lines[:count]:
            code = line.removeprefix("scan ")
            returning = returning or line == f"order {TO_RETURN}"
            if code not in self.barcodes:
                continue
            if returning:
                on_loan.discard(code)
                records.append(("Return", ""))
            elif code == self.barcodes[IN_PARTS]:
                deciding += 1
                records.append(("CheckOut", "parts"))
            else:
                loans += 1
                on_loan.add(code)
                records.append(("CheckOut", ""))
        return Rows(frozenset(on_loan), loans, tuple(records), deciding)


@dataclass(frozen=True, slots=True)
class Told:
    """What a killed counter had told: how many scans were acknowledged, and whether its last line had settled."""

    acknowledged: int
    has_settled: bool


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found when both files were open again: scans not settled, and the rows once they were finished."""

    unsettled: int
    rows: Rows


class Counter(Protocol):
    """What is killed."""

    def begin(self) -> None:
        """Start it with an empty queue, on a store that knows nothing of rounds before."""

    def send(self, lines: Iterable[str]) -> None:
        """Scan and order, all at once."""

    def wait_until_settled(self) -> None:
        """Wait until the visit's last line has settled."""

    def kill(self) -> Told:
        """Kill it with signal 9."""

    def recover(self) -> Recovered:
        """Open both files again, finish what waits and check them; fails when something is wrong with either."""


@dataclass
class Campaign:
    """Rounds of one visit at one counter, and what is found out."""

    counter: Counter
    visit: Visit
    paces: Sequence[Pace]
    random: random.Random = field(default_factory=lambda: random.Random(SEED))
    unsettled: Tally[int] = field(default_factory=Tally)
    played: int = 0
    _took: dict[Pace, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=MEASURES)))
    _in_vain: int = 0

    def run(self, rounds: int) -> None:
        """Kill it in so many rounds."""
        for pace in MEASURES * tuple(set(self.paces)):
            self.measure(pace)
        while self.unsettled.total() < rounds:
            self.play(self.paces[self.played % len(self.paces)])
            if self.played % MEASURED_EVERY == 0:
                for pace in set(self.paces):
                    self.measure(pace)

    def measure(self, pace: Pace) -> None:
        """Play a round that nobody kills: how long from the first byte to the last line settled?"""
        self.counter.begin()
        began = time.monotonic()
        self._send(pace)
        self.counter.wait_until_settled()
        self._took[pace].append(time.monotonic() - began)

    def play(self, pace: Pace) -> None:
        """Play a round that is killed, recover, and look."""
        seconds = self.random.uniform(0.0, BEYOND * median(self._took[pace]))
        self.counter.begin()
        at = time.monotonic() + seconds
        self._send(pace, at)
        time.sleep(max(0.0, at - time.monotonic()))
        told = self.counter.kill()
        recovered = self.counter.recover()
        self.look(recovered.rows, told.acknowledged)
        self.played += 1
        if not told.has_settled:
            self.unsettled[recovered.unsettled] += 1
            self._in_vain = 0
            return
        self._in_vain += 1
        if self._in_vain > 1:
            # Twice in a row is more than chance: the machine has grown quicker.
            self.measure(pace)

    def _send(self, pace: Pace, until: float = float("inf")) -> None:
        """Send the visit at a pace, up to a moment."""
        lines = self.visit.lines
        for burst in [lines] if pace is None else [[line] for line in lines]:
            if time.monotonic() >= until:
                return
            self.counter.send(burst)
            time.sleep(min(pace or 0.0, max(0.0, until - time.monotonic())))

    def look(self, found: Rows, scans: int) -> None:
        """Compare what is there with what was acknowledged."""
        acknowledged = self.visit.lines_up_to(scans)
        assert found in [self.visit.expected(count) for count in range(acknowledged, len(self.visit.lines) + 1)], (
            f"{scans} scans were acknowledged, and this is what is left: {found}"
        )


def histogram(unsettled: Tally[int]) -> str:
    """Draw how many scans were unsettled when the program was killed."""
    return "\n".join(f"{scans:3} unsettled: {rounds:3} {'▇' * rounds}" for scans, rounds in sorted(unsettled.items()))


def with_some_unsettled(unsettled: Tally[int]) -> int:
    """Count the rounds in which a scan was unsettled."""
    return unsettled.total() - unsettled[0]


def empty(store: Store) -> None:
    """Empty a store of what a round did."""

    def wipe(transaction: Transaction) -> None:
        for table in (Loan, LoanOccasion, CommandRecord):
            transaction.run(table.delete())
        transaction.run(Item.update(status="available"))

    store.write_here(wipe)


def rows_in(store: Store, deciding: int) -> Rows:
    """Read what a round has left; fails when an item is lent twice."""

    def read(transaction: Transaction) -> Rows:
        loans = transaction.all(Loan.select(Item.barcode, Loan.returned_at).join(Item, on=(Loan.item == Item.id)))
        on_loan = [barcode for barcode, returned_at in loans if returned_at is None]
        assert len(set(on_loan)) == len(on_loan), "an item is on loan twice"
        records = transaction.all(
            CommandRecord.select(CommandRecord.kind, CommandRecord.refusals)
            .where(CommandRecord.kind.in_(("CheckOut", "Return")))
            .order_by(CommandRecord.id)
        )
        return Rows(frozenset(on_loan), len(loans), tuple(records), deciding)

    return store.read_here(read)
