"""A counter with a printer, without a screen, fed line by line: what is killed while it prints.

``python -m tests.crash.printing_program STORE_URL HOME STAFF_ID COUNTER_ID``

Lines come in as ``scan CODE`` or ``order KIND``; out go ``settled`` or ``ordered`` for each and ``printed``
for each job. The printer is the file ``lp0`` in the home.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

from db.queue import Queue
from desk.command import Who
from desk.counter.happenings import Happening, Settled
from desk.counter.work import CounterWork
from desk.desk import Desk
from desk.spool.printing import Printing
from desk.spool.sealed import spool_key
from desk.spool.spool import Paper, Spool
from devices.printer import Printer, PrinterMessage
from devices.printer_lines import FileLine
from devices.printer_messages import Printed
from tests.builders import QUEUE_KEY, TUESDAY, new_store
from tests.crash.counter_program import lines, say


def tell(happening: Happening) -> None:
    """Tell that a line has its outcome, or that an order behind the lines has been carried out."""
    if isinstance(happening, Settled):
        say("settled" if happening.counts else "ordered")


def tell_of_printer(message: PrinterMessage) -> None:
    """Tell that a job has been printed."""
    if isinstance(message, Printed):
        say("printed")


async def main(url: str, home: str, staff_id: str, counter_id: str) -> None:
    """Work until killed."""
    who, run, numbers = Who(int(staff_id), int(counter_id)), os.getpid(), itertools.count(1)
    desk = Desk(new_store(url))
    spool = Spool(Path(home), spool_key(QUEUE_KEY), Paper())
    prints = Printing(desk, spool, receipts=False)
    queue = Queue(Path(home) / "queue.db", QUEUE_KEY)
    work = CounterWork(desk, queue, lambda: TUESDAY, lambda: f"{run}-{next(numbers)}", prints=prints)
    work.tell = tell
    printer = Printer(FileLine(Path(home) / "lp0"), spool, look_seconds=0.01)
    prints.wake = printer.wake
    await work.open()

    def take(line: str) -> None:
        kind, _, rest = line.partition(" ")
        work.take("code" if kind == "scan" else rest, rest, who, next(numbers) * 10.0)

    tasks = [asyncio.create_task(work.run()), asyncio.create_task(work.listen())]
    printer.start(tell_of_printer)
    say("ready")
    await lines(take)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
