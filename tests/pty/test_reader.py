"""The virtual reader at a real terminal: the card laid down, taken off, laid back (C7, V2)."""

from __future__ import annotations

from pathlib import Path

from devices.virtual import SOCKET_NAME, send
from tests.pty.counter import counter, make_demo, scan, sign_in

CURTAIN = "Scan eller tast for at fortsætte"


def test_the_card_on_the_reader_opens_hides_and_brings_back_its_session(tmp_path: Path) -> None:
    demo = make_demo(tmp_path / "demo")
    reader, first = demo.home / SOCKET_NAME, demo.adult
    second = next(one for one in demo.printed["borrowers"] if one["card"] != first["card"] and not one["blocks"])
    item = demo.available(1)[0]
    title = str(item["title"])[:12]
    with counter(demo) as terminal:
        sign_in(terminal, demo.staff("staff"))
        send(reader, f"card {first['card']}")
        terminal.wait_for(first["name"])
        scan(terminal, item["barcode"])
        terminal.wait_for(title)

        send(reader, "remove")
        terminal.wait_for(CURTAIN)
        assert first["name"] not in terminal.screen_text()
        assert title not in terminal.screen_text()

        send(reader, f"card {first['card']}")
        terminal.wait_for(lambda t: first["name"] in t.shown and title in t.shown)

        send(reader, f"card {second['card']}")
        terminal.wait_for(lambda t: second["name"] in t.shown and first["name"] not in t.shown)
        assert title not in terminal.screen_text()
