"""Books on the pad at a real terminal: pile, lane and what the tags tell the gate agree (V1, V2, V3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from devices.virtual import SOCKET_NAME, send
from tests.pty.counter import counter, make_demo, sign_in

CURTAIN = "Scan eller tast for at fortsætte"
HOME, LENT = "07", "C2"


def eventually(is_so: Callable[[], bool]) -> bool:
    """Wait for what no screen shows."""
    until = time.monotonic() + 20
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)
    return is_so()


def test_five_books_on_the_pad_one_of_them_reserved_for_another(tmp_path: Path) -> None:
    demo = make_demo(tmp_path / "demo")
    socket, borrower = demo.home / SOCKET_NAME, demo.adult
    shelf = next(item for item in demo.printed["items"] if item["status"] == "on_shelf")
    books = [str(item["barcode"]) for item in (*demo.available(4), shelf)]

    def tags() -> dict[str, str]:
        return dict(one.split("=") for one in send(socket, "pad tags").split())

    with counter(demo, 120, 40) as terminal:
        sign_in(terminal, demo.staff("staff"))
        terminal.wait_for("plade ok")
        send(socket, f"card {borrower['card']}")
        terminal.wait_for(borrower["name"])
        send(socket, f"pad lay {' '.join(books)}")
        terminal.wait_for(lambda t: "5 scannet" in t.shown and "4 klaret" in t.shown and "1 til dig" in t.shown)
        terminal.wait_for("reserveret af en anden")
        expected = dict.fromkeys(books[:4], LENT) | {books[4]: HOME}
        assert eventually(lambda: tags() == expected), tags()

        send(socket, "pad unplug")
        terminal.wait_for("plade mangler")
        send(socket, "pad plug")
        terminal.wait_for(lambda t: "plade ok" in t.shown and "plade mangler" not in t.shown)
        assert "5 scannet" in terminal.screen_text()

        send(socket, "remove")
        terminal.wait_for(CURTAIN)
        assert borrower["name"] not in terminal.screen_text()
        assert not [item["title"] for item in demo.available(4) if str(item["title"])[:12] in terminal.screen_text()]
        assert tags() == expected
