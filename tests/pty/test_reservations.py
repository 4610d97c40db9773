"""Reservations on a terminal: what is in transit comes, lies ready, and goes home with whoever waited for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pty.counter import ESC, F3, F5, Demo, counter, make_demo, scan, sign_in


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make_demo(tmp_path_factory.mktemp("demo") / "home")


def one(demo: Demo, kind: str, **wanted: str) -> dict[str, Any]:
    """Give the first of what the demo printed that is as wanted."""
    found: dict[str, Any] = next(
        thing for thing in demo.printed[kind] if all(thing[key] == value for key, value in wanted.items())
    )
    return found


def test_what_comes_in_transit_lies_ready_and_is_taken_home(demo: Demo) -> None:
    coming, waiting = one(demo, "items", status="in_transit"), one(demo, "borrowers", name="Søren Østergaard")
    with counter(demo, 80, 24) as terminal:
        sign_in(terminal, demo.staff("staff"))
        terminal.send(F3)
        terminal.wait_for("F3 AFLEVERING")
        terminal.send(F5)
        terminal.wait_for("F5 LISTER")
        terminal.send("4")
        terminal.wait_for("[4 I transit 1]")
        terminal.wait_for(str(coming["title"]))
        scan(terminal, coming["barcode"])
        terminal.wait_for("hylde 2")
        terminal.send("2")
        terminal.wait_for("[2 Reserveringshylde 2]")
        assert waiting["name"] not in terminal.screen_text() + terminal.scrollback_text()
        terminal.send(ESC)
        terminal.wait_for("F3 AFLEVERING")
        scan(terminal, waiting["card"])
        terminal.wait_for("klar på hylde 2")
        scan(terminal, coming["barcode"])
        terminal.wait_for(lambda t: "klar på hylde" not in t.shown and str(coming["title"])[:12] in t.shown)
