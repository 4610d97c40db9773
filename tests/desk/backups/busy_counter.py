"""A counter without a screen that lends and takes back as fast as it can, for as long as its input is open.

``python -m tests.desk.backups.busy_counter HOME CARD BARCODE …``: out goes ``lent LOAN`` the moment a loan is told.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Callable
from pathlib import Path

from db.models import Staff
from desk.command import Who
from desk.counter.happenings import Happening, Settled
from desk.counter.orders import END, TO_RETURN
from desk.counter.records import Lent
from desk.installation import open_installation


async def main(home: Path, card: str, barcodes: list[str]) -> None:
    """Work until standard input ends."""
    with open_installation(home) as installation:
        who = Who(installation.store.read_here(lambda transaction: transaction.value(Staff.select(Staff.id))), 1)
        work = installation.counter_work()
        settled: asyncio.Queue[None] = asyncio.Queue()
        work.tell = teller(settled)
        await work.open()
        tasks = [asyncio.create_task(work.run()), asyncio.create_task(work.listen())]
        ended = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
        moments = itertools.count(1)
        items = [("code", barcode) for barcode in barcodes]
        visit = [("code", card), *items, (END, ""), (TO_RETURN, ""), *items]
        for kind, code in itertools.cycle(visit):
            work.take(kind, code, who, next(moments) * 10.0)
            await settled.get()
            if ended.done():
                break
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        work.close()


def teller(settled: asyncio.Queue[None]) -> Callable[[Happening], None]:
    """Tell of every loan at once, and of every line that it has settled."""

    def tell(happening: Happening) -> None:
        if isinstance(happening, Settled):
            if isinstance(happening.outcome, Lent):
                os.write(1, f"lent {happening.outcome.loan.loan_id}\n".encode())
            settled.put_nowait(None)

    return tell


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
