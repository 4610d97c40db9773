"""A counter at work without a screen: scans go in, and what it told is there to read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from db.queue import Queue
from desk.command import Who
from desk.counter.happenings import Happening, Heard, Settled
from desk.counter.records import Answer, Decision, Outcome
from desk.counter.work import CounterWork
from desk.desk import Desk
from desk.staff.records import StaffRecord
from tests.builders import QUEUE_KEY, Clock, House, Ids, Thing

PATIENCE = 20.0


class AtWork:
    """One counter's work over a house's store, and a queue file."""

    def __init__(
        self, house: House, queue_file: Path, ids: Ids, desk: Desk | None = None, *, sends_receipts: bool = False
    ) -> None:
        self.house = house
        self.clock: Clock = house.clock
        self.who: Who = house.who()
        self.queue = Queue(queue_file, QUEUE_KEY)
        self.work = CounterWork(desk or house.desk, self.queue, house.clock, ids, sends_receipts=sends_receipts)
        self.told: list[Happening] = []
        self._news = asyncio.Event()
        self._seconds = 0.0
        self.work.tell = self._hear

    def _hear(self, happening: Happening) -> None:
        self.told.append(happening)
        self._news.set()

    async def scan(self, *codes: str | Thing, after: float = 10.0) -> None:
        """Scan codes one after another, ``after`` seconds apart; gives back when they are queued."""
        for code in codes:
            self._seconds += after
            await self.work.hear(code.barcode if isinstance(code, Thing) else code, self.who, self._seconds)

    async def order(self, kind: str) -> None:
        """Press a key whose work waits behind the scans."""
        await self.work.order(kind, self.who)

    async def until(self, what: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not what():
                self._news.clear()
                await self._news.wait()

    async def settled(self) -> list[Outcome]:
        """Wait until nothing waits any more and the queue knows, and give all outcomes so far."""
        await self.until(lambda: not self.work.waiting)
        await self.queue.place()
        return self.outcomes

    @property
    def outcomes(self) -> list[Outcome]:
        """Every outcome told, in order."""
        return [told.outcome for told in self.told if isinstance(told, Settled)]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the outcomes told, in order."""
        return [type(outcome).__name__ for outcome in self.outcomes]

    @property
    def heard(self) -> list[int]:
        """The entries that were acknowledged, in order."""
        return [told.entry_id for told in self.told if isinstance(told, Heard)]

    def told_kinds(self, *kinds: type[Happening]) -> list[Happening]:
        """What was told of some kinds."""
        return [told for told in self.told if isinstance(told, kinds)]

    @property
    def decision(self) -> Decision:
        """The one decision in the lane."""
        (decision,) = self.work.decisions.values()
        return decision

    async def answer(self, answer: Answer) -> Outcome:
        """Answer the one decision in the lane."""
        await self.work.answer(self.decision.entry_id, answer, self.who)
        return self.outcomes[-1]

    async def override(self, reason: str = "aftalt", entry_id: int | None = None) -> Outcome:
        """Let the supervisor step up and override the one decision in the lane, or one of several."""
        supervisor = StaffRecord(self.house.staff["supervisor"], "supervisor2", "Supervisor 2", "supervisor")
        await self.work.override(entry_id or self.decision.entry_id, self.who, supervisor, reason)
        return self.outcomes[-1]


@asynccontextmanager
async def at_work(
    house: House,
    folder: Path,
    *,
    ids: Ids | None = None,
    desk: Desk | None = None,
    running: bool = True,
    sends_receipts: bool = False,
) -> AsyncIterator[AtWork]:
    """Open a counter whose queue lies in a folder; opened again, it goes on where it was."""
    counter = AtWork(house, folder / "queue.db", ids or house.new_id, desk, sends_receipts=sends_receipts)
    await counter.work.open()
    await counter.work.restore_decisions()
    running_work = asyncio.create_task(counter.work.run()) if running else None
    try:
        yield counter
        assert running_work is None or not running_work.done(), "the work has ended"
    finally:
        if running_work is not None:
            running_work.cancel()
            with suppress(asyncio.CancelledError):
                await running_work
        counter.work.close()


async def make_full(queue: Queue) -> None:
    """Let the engine refuse every write to a queue, as on a full disk."""
    await queue._on_thread(lambda connection: connection.execute("PRAGMA query_only = 1"))


async def make_room(queue: Queue) -> None:
    """Let the queue be written again."""
    await queue._on_thread(lambda connection: connection.execute("PRAGMA query_only = 0"))
