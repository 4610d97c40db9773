"""The counter's real work without a screen, as something to kill: it tells of every line the moment it is so."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from db.queue import Queue
from db.store import Store
from desk.calendar import local_date
from desk.command import Who
from desk.counter.work import CounterWork
from desk.desk import Desk
from desk.installation import new_id, now
from desk.registry.checking import store_check
from tests.builders import QUEUE_KEY, a_house, new_store
from tests.crash.campaign import IN_PARTS, TO_BE_SCANNED, Recovered, Told, Visit, empty, rows_in

ROOT = Path(__file__).resolve().parents[2]
# Line by line without a pause; and one after another.
PACES = (0.0, 0.0, 0.0, 0.002)


@dataclass(slots=True)
class Running:
    """The program while it runs."""

    process: subprocess.Popen[bytes]
    lines: IO[bytes]
    words: IO[bytes]
    told: bytes = b""


class Headless:
    """A :class:`~tests.crash.campaign.Counter` without a screen, in a process of its own."""

    def __init__(self, url: str, folder: Path, visit: Visit, who: Who, mutation: str = "") -> None:
        self.url = url
        self._folder = folder
        self._visit = visit
        self._arguments = [str(who.staff_id), str(who.counter_id), mutation]
        self._round = 0
        self._running: Running | None = None

    @property
    def _queue_file(self) -> Path:
        return self._folder / f"queue-{self._round}.db"

    def begin(self) -> None:
        """Start it over an empty store, with a queue of its own."""
        self.close()
        with a_store(self.url) as store:
            empty(store)
        self._round += 1
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.counter_program", self.url, str(self._queue_file), *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            bufsize=0,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        self._running = Running(process, process.stdin, process.stdout)
        assert process.stdout.readline() == b"ready\n"

    @property
    def _now(self) -> Running:
        assert self._running is not None
        return self._running

    def send(self, lines: Iterable[str]) -> None:
        """Feed it lines."""
        self._now.lines.write("".join(f"{line}\n" for line in lines).encode())

    def wait_until_settled(self) -> None:
        """Read what it tells until every line has settled."""
        while self._told("settled") < len(self._visit.lines):
            self._now.told += self._now.words.read(4096) or b""

    def _told(self, word: str) -> int:
        return self._now.told.decode().split().count(word)

    def kill(self) -> Told:
        """Kill it; what is in the pipe has been told. Fails when it had died already."""
        assert self._now.process.poll() is None
        self._now.process.kill()
        self._now.told += self._now.words.read() or b""
        told = Told(self._told("heard"), self._told("settled") == len(self._visit.lines))
        self.close()
        return told

    def recover(self) -> Recovered:
        """Drain the queue, and ask what ``desk check`` asks."""
        with a_store(self.url) as store:
            unsettled, deciding = asyncio.run(self._drain(Desk(store)))
            assert store.damage() == []
            today = local_date(now())
            found = store.read_here(lambda transaction: store_check(transaction, today)).errors
            assert found == (), found
            return Recovered(unsettled, rows_in(store, deciding))

    async def _drain(self, desk: Desk) -> tuple[int, int]:
        """Finish what waits; gives how many scans that were, and how many decisions there are then."""
        queue = Queue(self._queue_file, QUEUE_KEY)
        work = CounterWork(desk, queue, now, new_id)
        await work.open()
        unsettled = len(work.waiting_codes)
        await work.drain()
        assert await queue.damage() == []
        assert await queue.entries("waiting") == []
        deciding = len(await queue.entries("deciding"))
        assert len(work.decisions) == deciding
        work.close()
        return unsettled, deciding

    def close(self) -> None:
        """End the program, if it runs."""
        if self._running is not None:
            self._running.process.kill()
            self._running.process.wait()
            self._running.lines.close()
            self._running.words.close()
            self._running = None


@contextmanager
def a_store(url: str) -> Iterator[Store]:
    """Open a store for a look: nobody else may keep its log alive while the program is killed."""
    store = new_store(url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def a_headless_counter(folder: Path, mutation: str = "") -> Iterator[tuple[Headless, Visit]]:
    """Build a library with a borrower and eight items, and a counter in it."""
    url = f"sqlcipher://{folder}/store.db"
    with a_house(url) as house:
        person = house.borrower()
        things = [house.item(parts=2 if number == IN_PARTS else 1) for number in range(TO_BE_SCANNED)]
        visit = Visit(person.card, [thing.barcode for thing in things])
        counter = Headless(url, folder, visit, house.who(), mutation)
    try:
        yield counter, visit
    finally:
        counter.close()
