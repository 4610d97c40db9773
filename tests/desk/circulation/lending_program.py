"""Another program that lends: one line for each item, «lent» or the reasons why not.

``python -m tests.desk.circulation.lending_program STORE_URL STAFF_ID COUNTER_ID BORROWER_ID ITEM_ID…`` says «ready»
and begins when it is given a line.
"""

from __future__ import annotations

import asyncio
import sys

from desk.calendar import closing_days
from desk.circulation.commands import CheckOut
from desk.command import Who
from desk.desk import Desk
from desk.errors import Refused
from tests.builders import TUESDAY, new_store


async def lend(url: str, staff_id: str, counter_id: str, borrower_id: str, *item_ids: str) -> None:
    """Lend items one after another."""
    desk = Desk(new_store(url))
    closing_days(TUESDAY.year)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for item_id in item_ids:
        command = CheckOut(
            command_id=f"{borrower_id}-{item_id}",
            who=Who(int(staff_id), int(counter_id)),
            at=TUESDAY,
            item_id=int(item_id),
            borrower_id=int(borrower_id),
            card_id=None,
            visit=f"visit-{borrower_id}",
        )
        try:
            await desk.do(command)
        except Refused as refused:
            sys.stdout.write(f"{'+'.join(refused.codes)}\n")
        else:
            sys.stdout.write("lent\n")
    desk.close()


if __name__ == "__main__":
    asyncio.run(lend(*sys.argv[1:]))
