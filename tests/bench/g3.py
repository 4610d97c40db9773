"""G3: an erasure at the counter, from the transaction to the proof, while scans go on in the same program."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from db.engine import embedded_path
from db.models import DeletionRequest, Staff
from db.queue import Queue
from desk.command import INSTALLATION
from desk.installation import new_id, now, open_installation
from desk.privacy.erasure.carrying_out import carry_out
from tests.bench.figures import Figure, milliseconds, p50
from tests.bench.q7 import KEY
from tests.bench.scanning import scans_of, timed
from tests.bench.town import LOGIN, Town

if TYPE_CHECKING:
    from db.store import Transaction

LIMIT = 2_000
APPROVER = "bench-2"


def g3(home: Path, scratch: Path, alone: int) -> list[Figure]:
    """Measure what an erasure costs a scan.

    Args:
        home: the town; one borrower of it goes.
        scratch: for a queue, and for a copy to compare with.
        alone: scans before it begins, to compare with.
    """
    with open_installation(home) as installation:
        town = Town(installation)
        (whose,) = town.lenders(1)
        request_id = installation.store.write_here(lambda store: _approved(store, whose.borrower_id))
        before, meanwhile, seconds = asyncio.run(_measured(town, request_id, scratch / "g3-queue.db", alone))
        copied = _copied(embedded_path(installation.store.url), scratch / "copy")
    longest, usual = max(meanwhile), p50(before)
    return [
        Figure("G3", f"longest of {len(meanwhile)} scans during an erasure", milliseconds(longest), "ms", LIMIT),
        Figure("G3", "the same, against copying the store's file", longest / copied, "x"),
        Figure("G3", "scan before the erasure, p50", milliseconds(usual), "ms"),
        Figure("G3", "scan meanwhile, p50", milliseconds(p50(meanwhile)), "ms"),
        Figure("G3", "erasure, from the transaction to its proof", seconds, "s"),
    ]


def _approved(store: Transaction, borrower_id: int) -> int:
    """Let one register and another approve; gives the request."""
    hashed = store.value(Staff.select(Staff.password_hash).where(Staff.login == LOGIN))
    store.run(Staff.update(person_number="SKR-B1").where(Staff.login == LOGIN))
    store.run(
        Staff.insert(login=APPROVER, name="Måler To", role="supervisor", password_hash=hashed, person_number="SKR-B2")
    )
    staff = dict(store.all(Staff.select(Staff.login, Staff.id)))
    return store.run(
        DeletionRequest.insert(
            borrower=borrower_id,
            state="approved",
            registered_at=now(),
            registered_by=staff[LOGIN],
            identity_check="card",
            decided_at=now(),
            decided_by=staff[APPROVER],
        )
    )


async def _measured(
    town: Town, request_id: int, queue_file: Path, alone: int
) -> tuple[list[float], list[float], float]:
    queue = Queue(queue_file, KEY)
    await queue.open()
    scans = scans_of(town, queue)
    before = [await timed(scans) for _scan in range(alone)]
    begin = time.perf_counter()
    erasing = asyncio.create_task(
        carry_out(
            town.installation,
            request_id,
            who=INSTALLATION,
            clock=now,
            new_id=new_id,
            progress=lambda _stage, _done, _of: None,
        )
    )
    meanwhile = []
    while not erasing.done():
        meanwhile.append(await timed(scans))
    seconds = time.perf_counter() - begin
    queue.close()
    outcome = await erasing
    if outcome.state != "proven":
        raise RuntimeError(f"the erasure ended {outcome.state} {outcome.why}")
    return before, meanwhile, seconds


def _copied(store: Path, copy: Path) -> float:
    """Copy a file to the disk; gives the seconds that took."""
    begin = time.perf_counter()
    with store.open("rb") as source, copy.open("wb") as target:
        target.write(source.read())
        target.flush()
        os.fsync(target.fileno())
    return time.perf_counter() - begin
