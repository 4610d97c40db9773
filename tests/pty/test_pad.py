"""Books on the pad at a real terminal: pile, lane and what the tags tell the gate agree (V1, V2, V3)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from desk.settings import FILE, load
from devices.rfid import ON_LOAN, Tag, bytes_of
from devices.virtual import SOCKET_NAME, send
from tests.devices.feig_reader import FeigStage
from tests.pty.counter import ROOT, counter, make_demo, scan, sign_in
from tests.pty.terminal import Terminal

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


def test_a_feig_pad_named_in_the_settings_is_read_and_written(tmp_path: Path) -> None:
    demo = make_demo(tmp_path / "demo")
    book = str(demo.available(1)[0]["barcode"])
    uid = "E004000000000001"
    stage = FeigStage()
    settings = demo.home / FILE
    written = settings.read_text().replace("[pad]", f'[pad]\nkind = "feig"\nport = "{stage.address}"')
    settings.write_text(written)
    assert asdict(load(demo.home).pad) == {"kind": "feig", "port": stage.address}
    command = [sys.executable, "-m", "desk"]
    try:
        with Terminal(command, columns=120, lines=40, env={"DESK_HOME": str(demo.home)}, cwd=ROOT) as terminal:
            sign_in(terminal, demo.staff("staff"))
            terminal.wait_for("plade ok")
            scan(terminal, demo.adult["card"])
            terminal.wait_for(demo.adult["name"])
            stage.lay(uid, bytes_of(Tag(book)))
            terminal.wait_for("1 klaret")
            assert eventually(lambda: stage.afi_of(uid) == ON_LOAN)
            stage.plug(plugged=False)
            terminal.wait_for("plade mangler")
            stage.plug(plugged=True)
            terminal.wait_for(lambda t: "plade mangler" not in t.shown)
    finally:
        stage.close()
