"""Queues that break on purpose what a kill campaign must find out."""

from __future__ import annotations

import asyncio

from db.queue import Entry, NewEntry, Queue
from desk.counter.modes import RETURN

WITHOUT_COMMIT = "queue-without-commit"
SLOW_TO_SETTLE = "slow-to-settle"
SLOW_TO_SETTLE_RETURNS = "slow-to-settle-returns"


class QueueWithoutCommit(Queue):
    """Acknowledges what it has not committed: the commit comes with the next line that is settled."""

    async def append(self, new: NewEntry) -> Entry:
        await self._on_thread(lambda connection: connection.in_transaction or connection.execute("BEGIN"))
        return await super().append(new)

    async def settle(self, entry_id: int, pile: str, place: str) -> None:
        await self._on_thread(lambda connection: connection.commit())
        await super().settle(entry_id, pile, place)


class SlowToSettle(Queue):
    """Widens the moment between the store's commit and the queue's, so that few rounds hit it often."""

    async def settle(self, entry_id: int, pile: str, place: str) -> None:
        await asyncio.sleep(0.02)
        await super().settle(entry_id, pile, place)


class SlowToSettleReturns(Queue):
    """Leaves time enough to see a return on a screen and kill before it is settled, also on a busy machine."""

    async def settle(self, entry_id: int, pile: str, place: str) -> None:
        if pile == RETURN:
            await asyncio.sleep(2.0)
        await super().settle(entry_id, pile, place)


QUEUES: dict[str, type[Queue]] = {
    "": Queue,
    WITHOUT_COMMIT: QueueWithoutCommit,
    SLOW_TO_SETTLE: SlowToSettle,
    SLOW_TO_SETTLE_RETURNS: SlowToSettleReturns,
}
