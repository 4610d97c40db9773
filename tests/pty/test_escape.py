"""Esc and a scan that arrive together, through a real terminal line; run as a program, this is the page they reach."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from devices.messages import Scanned
from screens.keys import BurstRouter, DeskDriver
from tests.pty.terminal import Terminal

TIMES = 20


class Page(App[None]):
    """Says what it was given since it was last cleared with F2."""

    def __init__(self) -> None:
        super().__init__(driver_class=DeskDriver)
        self.router = BurstRouter(self, self.heard)
        self.got: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("ready", markup=False)

    async def on_event(self, event: events.Event) -> None:
        if not self.router.takes(event):
            await super().on_event(event)

    def heard(self, scanned: Scanned) -> None:
        self.say(f"<{scanned.code}>" if len(scanned.code) < 60 else f"<{len(scanned.code)} characters>")

    def on_key(self, event: events.Key) -> None:
        if event.key == "f2":
            self.got.clear()
        self.say(event.key)

    def on_paste(self, event: events.Paste) -> None:
        self.say(f"paste:{event.text}")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.say(f"mouse:{event.x},{event.y}")

    def say(self, what: str) -> None:
        self.got.append(what)
        self.query_one(Static).update(f"got {' '.join(self.got)} .")


@pytest.fixture(scope="module")
def running() -> Iterator[Terminal]:
    with Terminal([sys.executable, "-m", "tests.pty.test_escape"]) as terminal:
        terminal.wait_for("ready")
        yield terminal


@pytest.fixture
def page(running: Terminal) -> Terminal:
    running.send("\x1bOQ")
    running.wait_for("got f2 .")
    return running


@pytest.mark.parametrize("pause", [0, 0.010, 0.050, 0.150])
def test_esc_and_the_whole_code_arrive(page: Terminal, pause: float) -> None:
    for _round in range(TIMES):
        if pause:
            page.send("\x1b")
            time.sleep(pause)
            page.send("3000123456\r")
        else:
            page.send("\x1b3000123456\r")
        page.wait_for("got f2 escape <3000123456> .")
        page.send("\x1bOQ")
        page.wait_for("got f2 .")


def test_a_lone_esc_is_there_within_a_tenth_of_a_second(page: Terminal) -> None:
    waits = []
    for _round in range(TIMES):
        sent = page.send("\x1b")
        waits.append(page.wait_for("got f2 escape .") - sent)
        page.send("\x1bOQ")
        page.wait_for("got f2 .")
    assert sorted(waits)[TIMES // 2] <= 0.1, waits


UNDERSTOOD: list[tuple[str, str | bytes, str]] = [
    ("arrows", "\x1b[A\x1b[B\x1b[1;2C", "up down shift+right"),
    ("function keys", "\x1bOP\x1b[15~\x1b[24~", "f1 f5 f12"),
    ("editing keys", "\x1b[Z\x1b[3~\x1b[H", "shift+tab delete home"),
    ("shift-tab of the console", "\x1b\t", "shift+tab"),
    ("kitty keys", "\x1b[27u\x1b[13u\x1b[57441;2u\x1b[65;;65u", "escape enter A"),
    ("mouse", "\x1b[<0;5;1M", "mouse:4,0"),
    ("paste", "\x1b[200~words\x1b[201~", "paste:words"),
    ("pasted code", "\x1b[200~3000123456\r\x1b[201~", "<3000123456>"),
    ("esc esc up", "\x1b\x1b\x1b[A", "escape escape up"),
    ("f1 and a code", "\x1bOP3000123456\r", "f1 <3000123456>"),
    ("code with a bracket", "\x1b[3000123\r", "escape <[3000123>"),
    ("code with an O", "\x1bO3000123\r", "escape <O3000123>"),
    ("code with an AIM identifier", "\x1b]C03000123456\r", "escape <]C03000123456>"),
    ("codes back to back", "3000123456\r3000123457\t3000123458\r\n", "<3000123456> <3000123457> <3000123458>"),
    ("another encoding", b"bog-\xe6\xf8\r", "<bog-\ufffd\ufffd>"),
    ("danish letters", "30å12ÆØ\r", "<30å12ÆØ>"),
    ("beyond unicode", "\x1b[99999999u3000123\x1b[97:1;2u\r", "escape <[99999999u3000123>"),
    ("endless code", "x" * 5000 + "\r\x1bOP", "<257 characters> f1"),
]


@pytest.mark.parametrize(("sent", "got"), [case[1:] for case in UNDERSTOOD], ids=[case[0] for case in UNDERSTOOD])
def test_what_a_terminal_sends_is_understood(page: Terminal, sent: str | bytes, got: str) -> None:
    page.send(sent)
    page.wait_for(f"got f2 {got} .")


def test_a_sequence_cut_in_two_is_still_one_key(page: Terminal) -> None:
    for part in ("\x1b[1", "5", "~"):
        page.send(part)
        time.sleep(0.02)
    page.wait_for("got f2 f5 .")


def test_a_paste_that_never_ends_does_not_swallow_the_next_scan(page: Terminal) -> None:
    page.send("\x1b[200~lost")
    page.wait_for("got f2 paste:lost .")
    page.send("3000123456\r")
    page.wait_for("got f2 paste:lost <3000123456> .")


def test_a_terminal_that_is_gone_ends_the_program() -> None:
    ours, theirs = os.openpty()
    # The signal that says so may be kept from it, as nohup does.
    command = f"trap '' HUP; exec {sys.executable} -m tests.pty.test_escape"
    process = subprocess.Popen(["setsid", "--ctty", "sh", "-c", command], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while b"ready" not in shown:
        shown += os.read(ours, 4096)
    os.close(ours)
    assert process.wait(10) == 0


if __name__ == "__main__":
    Page().run()
