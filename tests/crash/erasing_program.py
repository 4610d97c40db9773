"""Carries an approved request out and is killed at a point of the way: ``python -m tests.crash.erasing_program``.

Arguments: the home, the request, and the point. ``after:`` a function lets it end first.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from db import rewriting
from desk.command import INSTALLATION
from desk.installation import new_id, now, open_installation
from desk.privacy.erasure import proving
from desk.privacy.erasure.carrying_out import carry_out

# Point → module, what of it, and whether it is let end before the kill.
POINTS: dict[str, tuple[str, str, bool]] = {
    "before anything is written down": ("desk.privacy.erasure.carrying_out", "write_down", False),
    "written down": ("desk.privacy.erasure.carrying_out", "write_down", True),
    "the tombstone laid": ("desk.privacy.erasure.carrying_out", "lay_down", True),
    "inside the transaction, at the first step": ("desk.privacy.erasure.commands", "erase_borrower", False),
    "inside the transaction, after the last step": ("desk.privacy.erasure.commands", "erase_borrower", True),
    "inside the transaction, at its end": ("desk.privacy.erasure.commands", "note", True),
    "committed": ("desk.privacy.erasure.carrying_out", "prove", False),
    "queues cleaned": ("desk.privacy.erasure.proving", "take_out_of_queues", True),
    "before the rewriting": ("desk.privacy.erasure.proving", "rewrite", False),
    "between rewriting and checkpoint": ("db.rewriting", "_checkpoint", False),
    "rewritten": ("desk.privacy.erasure.proving", "_rewrite_all", True),
    "scanning": ("desk.privacy.erasure.looking", "_rows_that_hold", False),
    "scanned": ("desk.privacy.erasure.proving", "_settled", False),
    "settled": ("desk.privacy.erasure.proving", "put_away", False),
    "key gone, file not": ("desk.secrets", "Secrets.forget", True),
}

NO_ROOM = "no room"


def die() -> NoReturn:
    """End as a machine ends that loses its power."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def be_killed_at(point: str) -> None:
    """Put the kill where it belongs."""
    module_name, name, is_let_end = POINTS[point]
    place: Any = importlib.import_module(module_name)
    *path, last = name.split(".")
    for part in path:
        place = getattr(place, part)
    real = getattr(place, last)
    # The key of an earlier writing is forgotten too, before anything is written down.
    passes = 1 if name == "Secrets.forget" else 0

    def killed(*args: Any, **more: Any) -> Any:
        nonlocal passes
        if passes:
            passes -= 1
            return real(*args, **more)
        if is_let_end:
            real(*args, **more)
        die()

    setattr(place, last, killed)


def leave_no_room(home: Path) -> None:
    """Let the files grow no further once the rows are gone."""
    real = rewriting.rewrite
    # The signal would end the program before the error is seen.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def full(*args: Any, **more: Any) -> None:
        room = (home / "store.db-wal").stat().st_size + 4096
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        real(*args, **more)

    vars(proving)["rewrite"] = full


def main(home: str, request_id: str, point: str) -> None:
    """Carry out, and be killed."""
    if point == NO_ROOM:
        leave_no_room(Path(home))
    else:
        be_killed_at(point)
    with open_installation(Path(home)) as installation:
        outcome = asyncio.run(
            carry_out(
                installation,
                int(request_id),
                who=INSTALLATION,
                clock=now,
                new_id=new_id,
                progress=lambda _stage, _done, _of: None,
            )
        )
    sys.stdout.write(f"{outcome.state} {outcome.why}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
