"""A counter without a screen, for tracing: hears some scans, then handles them, and says so as it goes.

``python -m tests.crash.traced_counter FOLDER SCANS`` lends so many items and writes ``heard`` and ``settled`` to its
standard output, each in one system call, at the moment at which a screen would show it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from db.queue import Queue
from desk.counter.happenings import Happening, Heard, Settled
from desk.counter.records import Lent, VisitOpened
from desk.counter.work import CounterWork
from tests.builders import QUEUE_KEY, Ids, a_house


def say(what: str) -> None:
    """Write a line at once."""
    os.write(1, f"{what}\n".encode())


def pragmas(database: Any) -> dict[str, object]:
    """Read back how a file is kept."""
    names = ("journal_mode", "synchronous")
    return {name: database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names}


async def lend(folder: Path, scans: int) -> None:
    """Hear a card and items; then, and not before, handle them."""
    with a_house(f"sqlcipher://{folder}/store.db") as house:
        person = house.borrower()
        house.limit(scans + 1)
        codes = [person.card, *(house.item().barcode for _ in range(scans))]
        queue = Queue(folder / "queue.db", QUEUE_KEY)
        work = CounterWork(house.desk, queue, house.clock, Ids("scan"))
        all_settled = asyncio.Event()

        def tell(happening: Happening) -> None:
            if isinstance(happening, Heard):
                say("heard")
            elif isinstance(happening, Settled):
                if not isinstance(happening.outcome, (Lent, VisitOpened)):
                    raise TypeError(f"not lent: {happening.outcome}")
                # Opening a visit writes nothing to the store.
                say("settled" if isinstance(happening.outcome, Lent) else "opened")
                if not work.waiting:
                    all_settled.set()

        work.tell = tell
        await work.open()
        say("ready")
        for number, code in enumerate(codes):
            await work.hear(code, house.who(), float(number))
        running = asyncio.create_task(work.run())
        await all_settled.wait()
        running.cancel()
        say("done")
        kept = {
            "queue": await queue._on_thread(lambda _connection: pragmas(queue._database)),
            "store": await house.store.read(lambda _transaction: pragmas(house.store._database)),
        }
        work.close()
    (folder / "pragmas.json").write_text(json.dumps(kept), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(lend(Path(sys.argv[1]), int(sys.argv[2])))
