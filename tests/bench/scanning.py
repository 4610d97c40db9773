"""Scans while something else goes on: quicker than anybody scans, each as at the counter."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from db.queue import NewEntry
from desk.circulation.commands import CheckOut
from desk.counter.modes import CHECK_OUT
from desk.counter.records import Place, Visit

if TYPE_CHECKING:
    from db.queue import Queue
    from tests.bench.town import Town

BETWEEN_SECONDS = 0.03
"""Between two scans: quicker than anybody scans."""


def scans_of(town: Town, queue: Queue) -> Iterator[Any]:
    """Give one scan after another: written down, carried out, settled, as at the counter."""
    lenders = itertools.cycle(town.lenders(100))

    async def scan() -> None:
        lender = next(lenders)
        item_id, barcode = town.next_item()
        visit = Visit(str(uuid4()), lender.borrower_id, lender.card_id)
        new = NewEntry(str(uuid4()), "code", barcode, town.who.staff_id or 0, town.who.counter_id or 0, town.now())
        entry = await queue.append(new)
        command = CheckOut(
            command_id=new.command_id,
            who=town.who,
            at=town.now(),
            item_id=item_id,
            borrower_id=lender.borrower_id,
            card_id=lender.card_id,
            visit=visit.visit,
        )
        await town.installation.desk.do(command)
        await queue.settle(entry.id, CHECK_OUT, Place(CHECK_OUT, visit).to_json())

    while True:
        yield scan()


async def timed(scans: Iterator[Any]) -> float:
    """Make one scan, and wait as long as nobody waits; gives the seconds it took."""
    begin = time.perf_counter()
    await next(scans)
    spent = time.perf_counter() - begin
    await asyncio.sleep(BETWEEN_SECONDS)
    return spent
