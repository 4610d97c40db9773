"""Taking in what is heard at a counter: each code and order lies in the queue before anything reacts (C2)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from db.errors import StorageError
from db.queue import Entry, NewEntry, Queue
from desk.command import Who
from desk.counter.codes import storable
from desk.counter.happenings import Happening, Heard, HeardAgain, NotReceived, QueueState
from desk.counter.on_reader import CardOnReader
from desk.counter.orders import CODE

log = logging.getLogger(__name__)


class Intake:
    """The way into the queue, in the order in which things were heard.

    Args:
        queue: the counter's own.
        now: the clock, aware UTC.
        new_id: draws command ids.
        repeat_seconds: within which the same code again is the same scan (C9).
        tell: told what happened.
        hand_over: given each entry as soon as it is durable.
    """

    def __init__(
        self,
        queue: Queue,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        repeat_seconds: float,
        tell: Callable[[Happening], None],
        hand_over: Callable[[Entry], None],
    ) -> None:
        self._queue = queue
        self._now = now
        self._new_id = new_id
        self._repeat_seconds = repeat_seconds
        self._tell = tell
        self._hand_over = hand_over
        self._taken: asyncio.Queue[tuple[str, str, Who, float, bool]] = asyncio.Queue()
        # Code → when it was heard, its entry, and how often.
        self._recent: dict[str, tuple[float, int, int]] = {}
        self.on_reader = CardOnReader()
        self._is_asking = False

    @property
    def is_empty(self) -> bool:
        """Whether everything taken in has been queued, or is being queued."""
        return self._taken.empty()

    def take(self, kind: str, code: str, who: Who, at_seconds: float, *, is_laid: bool) -> None:
        """Take in a code or an order without waiting."""
        self._taken.put_nowait((kind, code, who, at_seconds, is_laid))

    async def next(self) -> tuple[str, str, Who, float, bool]:
        """Give what was taken in first, as soon as there is something."""
        return await self._taken.get()

    async def hear(self, code: str, who: Who, at_seconds: float, *, is_laid: bool) -> None:
        """Take in one scanned or typed code: durable before anything reacts.

        Args:
            code: as it was read.
            who: the operator and the counter.
            at_seconds: monotonic seconds at which it was complete, for double scans.
            is_laid: it is that of a card on the reader.
        """
        read, code = code, storable(code)
        seen = self._recent.get(code)
        if seen is not None and at_seconds - seen[0] <= self._repeat_seconds:
            self._recent[code] = (seen[0], seen[1], seen[2] + 1)
            self._tell(HeardAgain(seen[1], seen[2] + 1))
            return
        self._recent = {c: s for c, s in self._recent.items() if at_seconds - s[0] <= self._repeat_seconds}
        entry = await self.append(CODE, code, who)
        if entry is not None:
            self._recent[code] = (at_seconds, entry.id, 1)
            if is_laid:
                self.on_reader.queued(read, entry.command_id)
            self._tell(Heard(entry.id))
            self._hand_over(entry)

    async def order(self, kind: str, who: Who, details: str = "") -> bool:
        """Queue an order behind the scans; gives whether it could be written down."""
        entry = await self.append(kind, details, who)
        if entry is not None:
            self._hand_over(entry)
        return entry is not None

    async def append(self, kind: str, code: str, who: Who) -> Entry | None:
        """Write an entry down; None, and told, when the queue cannot be written."""
        new = NewEntry(self._new_id(), kind, code, who.staff_id or 0, who.counter_id or 0, self._now())
        try:
            entry = await self._queue.append(new)
        except StorageError:
            log.exception("the queue cannot be written")
            self._tell(QueueState(ok=False))
            if kind == CODE:
                self._tell(NotReceived())
            return None
        self._tell(QueueState(ok=True))
        return entry

    async def ask_again(self) -> None:
        """Ask a queue that could not be written whether it takes scans again; tells when it does."""
        if self._is_asking:
            return
        self._is_asking = True
        try:
            await self._queue.must_take()
        except StorageError:
            # Told already, by the scan or the place that could not be kept.
            return
        finally:
            self._is_asking = False
        self._tell(QueueState(ok=True))

    def forget(self, until: int | None = None) -> None:
        """Let the same code be another scan from now on: what it meant has changed.

        Args:
            until: the last entry that is forgotten; None: all of them.
        """
        self._recent = {} if until is None else {c: seen for c, seen in self._recent.items() if seen[1] > until}
