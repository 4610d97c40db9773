"""Tests that measure run alone: while one does, the other processes of the same run wait before their next test."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Wait for this test's turn, and keep it: beside the others, or alone.

    There is a room that everybody is in together or one alone, and a door before it: who wants the room alone holds the
    door meanwhile, so that the others, who are in and out all the time, do not keep the room for ever.

    Args:
        alone: whether nothing else of this run may go on meanwhile.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        yield
        return
    folder = Path(tempfile.gettempdir())
    with (folder / f"skranke-{run}.door").open("w") as door, (folder / f"skranke-{run}.room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield
