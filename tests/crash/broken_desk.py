"""The whole program with one thing broken on purpose: ``python -m tests.crash.broken_desk MUTATION``."""

from __future__ import annotations

import sys

import db.queue
from desk.__main__ import main
from tests.crash.broken_queues import QUEUES

if __name__ == "__main__":
    db.queue.Queue = QUEUES[sys.argv.pop()]  # type: ignore[misc]
    main()
