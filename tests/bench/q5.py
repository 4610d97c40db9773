"""Q5: how long it takes to start, and what memory a long day takes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from desk.installation import open_installation
from tests.bench.at_terminal import (
    ESCAPE,
    F3,
    PASSWORD_FIELD,
    SLOW,
    CounterAtTerminal,
    at_terminal,
)
from tests.bench.empty_app import READY
from tests.bench.figures import Figure, milliseconds, p50
from tests.bench.town import Town, desk_command, environment

STARTS = 5
# Scans of one visit and of one pile of returns, and how many may be on their way at once.
IN_A_PILE, ON_THEIR_WAY = 50, 10


def q5(home: Path, scratch: Path, scans: int) -> list[Figure]:
    """Start the demo and an empty app in turn; then scan for a day."""
    demo = scratch / "demo"
    subprocess.run(
        desk_command("demo", "--print"), env={**_inherited(), **environment(demo)}, check=True, stdout=subprocess.DEVNULL
    )
    ours, empty = [], []
    for _ in range(STARTS):
        ours.append(_seconds_to_show(PASSWORD_FIELD, desk_command("demo"), demo))
        empty.append(_seconds_to_show(READY, [sys.executable, "-m", "tests.bench.empty_app"]))
    return [
        Figure("Q5", f"start to a usable screen, median of {STARTS}", milliseconds(p50(ours)), "ms"),
        Figure("Q5", f"start of an empty Textual app, median of {STARTS}", milliseconds(p50(empty)), "ms"),
        Figure("Q5", "start / empty Textual app", p50(ours) / p50(empty), "x", 2),
        *_memory(home, scans),
    ]
