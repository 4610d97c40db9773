"""What a scan costs on the wire (Q2), on a real pseudo-terminal with the pile full."""

from __future__ import annotations

import statistics
import sys

import pytest

from tests.pty.terminal import Terminal

SCANS = 100
A_FULL_PILE = 40


@pytest.mark.parametrize("colours", ["truecolor", ""])
def test_a_line_and_the_counter_cost_less_than_700_bytes(colours: str) -> None:
    costs = []
    with Terminal(
        [sys.executable, "-m", "tests.screens.widgets.wire_app"], columns=120, lines=40, env={"COLORTERM": colours}
    ) as terminal:
        terminal.wait_for("10.42")
        for number in range(1, SCANS + 1):
            before = terminal.bytes_out
            terminal.send("x")
            for painted in (f"{number:04}", f"{number} scannet", f"{number} klaret"):
                terminal.wait_for(painted)
            costs.append(terminal.bytes_out - before)
    assert statistics.median(costs[A_FULL_PILE:]) < 700
