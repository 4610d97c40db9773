"""The counter on a pseudo-terminal, its readers on the real PC/SC stack (V3, C7)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.pcscd import FIRST, SECOND, Pcscd
from tests.hardware.virtual_card import TAG, VirtualCard, with_blocks
from tests.pty.counter import ROOT, Demo, make_demo, sign_in
from tests.pty.terminal import Terminal

CURTAIN = "Scan eller tast for at fortsætte"
TAG_UID = "E004001122334455"


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    """A demo home whose counter has two readers; ``desk`` itself starts it, without the virtual ones."""
    demo = make_demo(tmp_path / "demo")
    toml = demo.home / "desk.toml"
    written = f'[reader]\nkind = "pcsc"\nborrowers = "{FIRST}"\nitems = "{SECOND}"\n'
    text, count = re.subn(r"(?m)^\[reader\]\n", written, toml.read_text("utf-8"))
    toml.write_text(text if count else f"{text}\n{written}", "utf-8")
    return demo


@pytest.fixture
def terminal(demo: Demo, pcscd: Pcscd) -> Iterator[Terminal]:
    """Somebody is signed in."""
    with Terminal(
        [sys.executable, "-m", "desk"], columns=160, lines=40, env={"DESK_HOME": str(demo.home)}, cwd=ROOT
    ) as terminal:
        sign_in(terminal, demo.staff("staff"))
        yield terminal


def tag_of(barcode: str, library: str = "DK767100") -> bytes:
    """Write a tag as the library does."""
    from devices.rfid import Tag, bytes_of

    return bytes_of(Tag(item_id=barcode, library=library))


def test_a_card_and_a_book_and_pcscd_killed_under_the_running_counter(
    terminal: Terminal, demo: Demo, pcscd: Pcscd
) -> None:
    borrower, book = demo.adult, demo.available(1)[0]
    card_of = with_blocks(TAG_UID, tag_of(borrower["card"]))
    terminal.wait_for(lambda t: "læser ok" in t.shown and "mat.læser ok" in t.shown)
    with VirtualCard(pcscd.ports[0], card_of, TAG):
        terminal.wait_for(borrower["name"])
        with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, tag_of(book["barcode"])), TAG):
            terminal.wait_for(book["title"][:12])
    terminal.wait_for(CURTAIN)
    assert borrower["name"] not in terminal.screen_text()

    with VirtualCard(pcscd.ports[0], card_of, TAG):
        terminal.wait_for(borrower["name"])
        pcscd.kill()
        terminal.wait_for(CURTAIN)
    pcscd.start()
    with VirtualCard(pcscd.ports[0], card_of, TAG):
        terminal.wait_for(lambda t: borrower["name"] in t.shown and "læser ok" in t.shown)


def test_a_book_of_another_library_on_the_items_reader_is_told(terminal: Terminal, demo: Demo, pcscd: Pcscd) -> None:
    foreign = tag_of(demo.available(1)[0]["barcode"], "DK718500")
    terminal.wait_for("mat.læser ok")
    with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, foreign), TAG):
        terminal.wait_for("materialet DK-718500.")


def test_the_status_line_says_each_time_how_the_readers_are(terminal: Terminal, pcscd: Pcscd) -> None:
    terminal.wait_for("mat.læser ok")
    pcscd.kill()
    terminal.wait_for("læser: tjeneste nede")
    pcscd.start()
    terminal.wait_for(lambda t: "mat.læser ok" in t.shown and "tjeneste" not in t.shown)
    pcscd.fail_driver()
    terminal.wait_for("læser svarer ikke")
    pcscd.mend_driver()
    terminal.wait_for(lambda t: "mat.læser ok" in t.shown and "svarer ikke" not in t.shown)
    pcscd.hang()
    terminal.wait_for("læser svarer ikke")
    pcscd.go_on()
    terminal.wait_for(lambda t: "mat.læser ok" in t.shown and "svarer ikke" not in t.shown)
    pcscd.unplug()
    terminal.wait_for("læser mangler")


def test_a_card_that_cannot_be_read_is_told(terminal: Terminal, pcscd: Pcscd) -> None:
    with VirtualCard(pcscd.ports[0], lambda _command: b"\x6a\x82"):
        terminal.wait_for("Kortet eller materialet kunne ikke læses.")
