"""What a program left in its queue file when it ended: finished, once, by the next program that starts (C2).

A file is claimed by the same lock as a program's own, so nobody else works on it meanwhile. Scans that wait are handled
as after a restart of their own program: from its place, at the times they were heard. What needs a human stays in that
file and shows in the lane of the program that claimed it; the file is held until the last answer, and claimed again
after a restart. Nothing is moved from file to file, so nothing can be done twice or get lost on the way.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from db.errors import StorageError
from db.queue import Entry, Queue
from desk.counter.kept import kept_in_queue
from desk.counter.modes import CHECK_OUT
from desk.counter.records import Decision, Place

log = logging.getLogger(__name__)

# Entries of several files stand in one lane. Ours are numbered upwards from 1, these downwards from here.
FIRST_KEY = -1_000_000_000
NOBODYS_PLACE = Place().to_json()


class LeftBehind:
    """The queue files that programs before this one left something in."""

    def __init__(self, claim: Callable[[], list[Queue]]) -> None:
        self._claim = claim
        self._unfinished: list[Queue] | None = None
        self._origins: dict[int, tuple[Queue, int]] = {}
        self._next_key = FIRST_KEY
        self.entries: dict[int, Entry] = {}

    async def finish(self, drain: Callable[[Queue], Awaitable[None]]) -> None:
        """Handle what waits; what needs a human is in :attr:`entries` afterwards, under a key of ours.

        Args:
            drain: handles everything that waits in a queue.

        Raises:
            StoreError: the store did not answer; call again, it goes on where it was.
        """
        if self._unfinished is None:
            self._unfinished = self._claimed()
        while self._unfinished:
            queue = self._unfinished[0]
            try:
                if await queue.entries("waiting"):
                    await drain(queue)
                to_decide = await queue.entries("deciding")
            except StorageError:
                # ``desk check`` says what is wrong with it. It must not keep this counter from its own work.
                log.exception("a queue that was left behind cannot be read")
                to_decide = []
            self._unfinished.pop(0)
            for entry in to_decide:
                self._take_in(queue, entry)
            self._let_go(queue)

    def _claimed(self) -> list[Queue]:
        try:
            return self._claim()
        except StorageError:
            log.exception("the queues that were left behind cannot be claimed")
            return []

    def _take_in(self, queue: Queue, entry: Entry) -> None:
        self._origins[self._next_key] = (queue, entry.id)
        self.entries[self._next_key] = replace(entry, id=self._next_key)
        self._next_key -= 1

    async def settle(self, key: int, decision: Decision | None) -> None:
        """Write down, where the entry lies, that it has been answered, or what it still asks.

        Args:
            key: the entry's key, one of :attr:`entries`.
            decision: what it asks; None: nothing any more.

        Raises:
            StorageError: the file cannot be written.
        """
        queue, entry_id = self._origins[key]
        if decision is not None:
            await queue.defer(entry_id, kept_in_queue(decision), NOBODYS_PLACE)
            return
        await queue.settle(entry_id, CHECK_OUT, NOBODYS_PLACE)
        await queue.clear_pile(CHECK_OUT)
        del self._origins[key], self.entries[key]
        self._let_go(queue)

    def _let_go(self, queue: Queue) -> None:
        """Release a file in which nothing is left."""
        if not any(held is queue for held, _entry_id in self._origins.values()):
            queue.close()

    def close(self) -> None:
        """Release every file; what is left in them is claimed at the next start."""
        held = {id(queue): queue for queue, _entry_id in self._origins.values()}
        held |= {id(queue): queue for queue in self._unfinished or ()}
        for queue in held.values():
            queue.close()
