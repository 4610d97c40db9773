"""Q1 and Q2: how long a scan takes to be on the screen, and how many bytes it sends there."""

from __future__ import annotations

from pathlib import Path

from desk.installation import open_installation
from tests.bench.at_terminal import CounterAtTerminal, EchoAtTerminal
from tests.bench.figures import Figure, milliseconds, p50, p95
from tests.bench.town import Town


def q1_and_q2(home: Path, scans: int) -> list[Figure]:
    """Scan items at the counter and at the stock echo, turn by turn."""
    with open_installation(home) as installation:
        town = Town(installation)
        (lender,) = town.lenders(1)
        items = town.titled_items(scans)
    with CounterAtTerminal(home) as counter, EchoAtTerminal() as echo:
        counter.open_visit(lender.card)
        seen = [
            (counter.scan(barcode, title), echo.scan_and_echo(f"3{number:09d}"))
            for number, (barcode, title) in enumerate(items)
        ]
    ours, stock = zip(*seen, strict=True)
    our_seconds, stock_seconds = [one.seconds for one in ours], [one.seconds for one in stock]
    return [
        Figure("Q1", "last character → committed result painted, p50", milliseconds(p50(our_seconds)), "ms", 15),
        Figure("Q1", "last character → committed result painted, p95", milliseconds(p95(our_seconds)), "ms", 40),
        Figure("Q1", "stock Input + DataTable echo, p50", milliseconds(p50(stock_seconds)), "ms"),
        Figure("Q1", "counter / stock echo, p50", p50(our_seconds) / p50(stock_seconds), "x", 0.25),
        Figure("Q2", f"bytes a scan, median of {scans}", p50([one.sent for one in ours]), "bytes", 1500),
        Figure("Q2", "bytes a scan, stock echo", p50([one.sent for one in stock]), "bytes"),
    ]
