"""What an earlier run left in this counter's queue: read before anything is shown, and before the work over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.errors import StorageError
from desk.counter.modes import CHECK_OUT, RETURN
from desk.desk import store_error

if TYPE_CHECKING:
    from db.queue import Entry, Queue


@dataclass(frozen=True, slots=True)
class LeftInQueue:
    """Where the counter was (JSON), and what was not finished, oldest first."""

    place: str
    entries: tuple[Entry, ...]


async def left_in(queue: Queue) -> LeftInQueue:
    """Open a queue, clear its piles and read what is not finished.

    Raises:
        StoreError: the queue cannot be read with its key, or not be written.
    """
    try:
        await queue.open()
        place = await queue.place()
        for pile in (CHECK_OUT, RETURN):
            await queue.clear_pile(pile)
        return LeftInQueue(place, tuple(await queue.entries("waiting", "deciding")))
    except StorageError as error:
        raise store_error(error) from None
