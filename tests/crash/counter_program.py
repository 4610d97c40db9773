"""One counter's real work without a screen, fed line by line: what the kill campaign kills.

``python -m tests.crash.counter_program STORE_URL QUEUE_FILE STAFF_ID COUNTER_ID [MUTATION]``

Lines come in as ``scan CODE`` or ``order KIND``. Out go ``ready``, ``heard`` the moment a scan is acknowledged, and
``settled`` the moment a line has its outcome. The mutation names one of :data:`~tests.crash.broken_queues.QUEUES`.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desk.calendar import closing_days
from desk.command import NOBODY, Who
from desk.counter.happenings import Happening, Heard, Settled
from desk.counter.work import CounterWork
from desk.desk import Desk
from desk.staff.queries import library_name
from tests.builders import QUEUE_KEY, new_store
from tests.crash.broken_queues import QUEUES


def say(word: str) -> None:
    """Tell the campaign at once: what is in the pipe is not lost when this program is killed."""
    os.write(1, f"{word}\n".encode())


def tell(happening: Happening) -> None:
    """Tell what a screen would show."""
    if isinstance(happening, Heard):
        say("heard")
    elif isinstance(happening, Settled):
        say("settled")


async def lines(take: Callable[[str], None]) -> None:
    """Read standard input until it ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        take(line.decode().rstrip("\n"))


async def main(url: str, queue_file: str, staff_id: str, counter_id: str, mutation: str = "") -> None:
    """Work until killed."""
    who = Who(int(staff_id), int(counter_id))
    desk = Desk(new_store(url))
    numbers = itertools.count(1)
    queue = QUEUES[mutation](Path(queue_file), QUEUE_KEY)
    run = os.getpid()
    work = CounterWork(desk, queue, lambda: datetime.now(UTC), lambda: f"{run}-{next(numbers)}")
    work.tell = tell
    await work.open()

    def take(line: str) -> None:
        kind, _, rest = line.partition(" ")
        # Far apart, so that no scan is taken for a double one.
        work.take("code" if kind == "scan" else rest, rest, who, next(numbers) * 10.0)

    # What a counter has done long before its first scan of the day: opened the store, looked at the calendar.
    await desk.ask(NOBODY, library_name)
    closing_days(datetime.now(UTC).year)
    tasks = [asyncio.create_task(work.run()), asyncio.create_task(work.listen())]
    say("ready")
    await lines(take)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
