"""Q5: how long it takes to start, and what memory a long day takes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

from desk.installation import open_installation
from tests.bench.at_terminal import (
    ESCAPE,
    F3,
    PASSWORD_FIELD,
    AtTerminal,
    CounterAtTerminal,
    at_terminal,
)
from tests.bench.empty_app import READY
from tests.bench.figures import Figure, milliseconds, p50
from tests.bench.town import Town, desk_command, environment

# As many as a median takes to stand still on a machine that has other things to do.
STARTS = 15
# Scans of one visit and of one pile of returns, and how many may be on their way at once.
IN_A_PILE, ON_THEIR_WAY = 50, 10


def q5(home: Path, scratch: Path, scans: int) -> list[Figure]:
    """Start the demo and an empty app in turn; then scan for a day."""
    demo = scratch / "demo"
    subprocess.run(
        desk_command("demo", "--print"), env={**os.environ, **environment(demo)}, check=True, stdout=subprocess.DEVNULL
    )
    ours, empty = [], []
    for _ in range(STARTS):
        ours.append(_seconds_to_show(PASSWORD_FIELD, desk_command("demo"), demo))
        empty.append(_seconds_to_show(READY, [sys.executable, "-m", "tests.bench.empty_app"]))
    return [
        Figure("Q5", f"start to a usable screen, median of {STARTS}", milliseconds(p50(ours)), "ms"),
        Figure("Q5", f"start of an empty Textual app, median of {STARTS}", milliseconds(p50(empty)), "ms"),
        Figure("Q5", "start / empty Textual app", p50(ours) / p50(empty), "x", 2),
        Figure("Q5", f"VmRSS after {scans} scans", memory_after(home, scans), "MB", 150),
    ]


def _seconds_to_show(text: str, command: list[str], home: Path | None = None) -> float:
    start = time.monotonic()
    with AtTerminal(at_terminal(command, home)) as started:
        return started.shown_at(text) - start


def memory_after(home: Path, scans: int) -> float:
    """Lend and take back the same items, pile after pile; gives megabytes."""
    with open_installation(home) as installation:
        town = Town(installation)
        first, second = town.lenders(2)
        items = town.titled_items(IN_A_PILE)
    with CounterAtTerminal(home) as counter:
        lenders = cycle((first, second))
        for _ in range(0, scans, 2 * IN_A_PILE):
            counter.open_visit(next(lenders).card)
            _scan_pile(counter, items)
            counter.press(ESCAPE)
            counter.press(F3)
            _scan_pile(counter, items)
            counter.press(ESCAPE)
        return counter.memory()


def _scan_pile(counter: CounterAtTerminal, items: list[tuple[str, str]]) -> None:
    """Scan quicker than anybody does, with some scans always on their way."""
    for start in range(0, len(items), ON_THEIR_WAY):
        counter.scan_in_a_row(items[start : start + ON_THEIR_WAY])
