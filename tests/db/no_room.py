"""A program whose files may grow no further: ``python -m tests.db.no_room FOLDER`` tells what store and queue say.

The system itself refuses the writes: as much of a full disk as a test can have without being root.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from pathlib import Path

from db.errors import StorageError
from db.models import Title
from db.queue import NewEntry, Queue
from db.store import Transaction
from tests.builders import QUEUE_KEY, TUESDAY, new_store


async def attempt(folder: Path) -> None:
    """Fill both files until each says that there is no room, and look whether what was there still is."""
    room = (folder / "store.db").stat().st_size + 40_000
    # The signal would end the program before the error is seen.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    store = new_store(f"sqlcipher://{folder}/store.db")

    def fill(transaction: Transaction) -> None:
        for number in range(500):
            transaction.run(Title.insert(title="x" * 3000, source_key=f"fill-{number}"))

    try:
        store.write_here(fill)
    except StorageError as error:
        sys.stdout.write(f"store:{type(error).__name__}\n")
    titles = len(store.read_here(lambda transaction: transaction.all(Title.select(Title.id))))
    store.close()
    queue = Queue(folder / "queue.db", QUEUE_KEY)
    kept = 0
    try:
        for number in range(2000):
            await queue.append(NewEntry(f"c{number}", "code", "9" * 3000, 1, 1, TUESDAY))
            kept += 1
    except StorageError as error:
        sys.stdout.write(f"queue:{type(error).__name__}\n")
    whole = len(await queue.entries("waiting")) == kept > 0 and titles == 30 and await queue.damage() == []
    sys.stdout.write(f"kept:{whole}\n")
    queue.close()


if __name__ == "__main__":
    asyncio.run(attempt(Path(sys.argv[1])))
