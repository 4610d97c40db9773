"""The demo's devices on a key (V2): the counter goes on above the panel."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.virtual import SOCKET_NAME, send
from tests.pty.counter import counter, make_demo, sign_in

F12 = "\x1b[24~"
CANNOT = "Det kan ikke lade sig gøre nu."
OF_ANOTHER = "En anden åben demo har enhederne. Brug F12 dér, eller luk den."


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_a_card_and_five_books_are_a_visit_and_a_pulled_plug_is_on_the_status_line(
    tmp_path: Path, columns: int, lines: int
) -> None:
    demo = make_demo(tmp_path / "demo")
    with counter(demo, columns, lines) as terminal:
        sign_in(terminal, demo.staff("staff"))
        terminal.send(F12)
        terminal.wait_for(f"1 {demo.printed['borrowers'][0]['name']}")

        terminal.send("1")
        terminal.wait_for("kort …")
        terminal.send("b")
        terminal.wait_for("reserveret af en anden")
        lying = send(demo.home / SOCKET_NAME, "pad tags").split()
        assert sorted(one.partition("=")[2] for one in lying) == ["07", "C2", "C2", "C2", "C2"]

        terminal.send("p")
        terminal.wait_for("plade mangler")
        terminal.send("p")
        terminal.wait_for(lambda t: "plade mangler" not in t.shown)

        terminal.send("l")
        terminal.wait_for("Første bog")
        terminal.send("t")
        name = demo.printed["borrowers"][0]["name"]
        terminal.wait_for(lambda t: "Scan eller tast for at fortsætte" in t.shown and name not in t.shown)


def test_a_second_demo_in_the_same_home_says_whose_the_devices_are_and_has_them_when_the_first_is_closed(
    tmp_path: Path,
) -> None:
    demo = make_demo(tmp_path / "demo")
    with counter(demo) as first:
        sign_in(first, demo.staff("staff"))
        first.send(F12)
        first.wait_for("Esc lukker")
        with counter(demo) as second:
            sign_in(second, demo.staff("staff"))
            second.send(F12)
            second.wait_for(OF_ANOTHER)
            second.send("r")
            second.send("1")
            first.send("1")
            first.wait_for("kort …")
            assert "læser mangler" not in first.screen_text()
            assert OF_ANOTHER in second.screen_text()
            first.close()
            second.send("1")
            second.wait_for(lambda t: "kort …" in t.shown and OF_ANOTHER not in t.shown)


def test_what_cannot_be_done_is_said_and_the_demo_goes_on(tmp_path: Path) -> None:
    demo = make_demo(tmp_path / "demo")
    with counter(demo) as terminal:
        sign_in(terminal, demo.staff("staff"))
        terminal.send(F12)
        terminal.wait_for("Esc lukker")
        terminal.send("t")
        terminal.wait_for(CANNOT)
        terminal.send("\x1b")
        terminal.wait_for(lambda t: "Esc lukker" not in t.shown)
