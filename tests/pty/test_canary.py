"""A person whose every field carries a string of its own, at a real terminal: only the encrypted files hold any.

Created, shown, blocked, noted, revealed, printed and searched for, by the keys that a clerk presses.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from desk.installation import open_installation
from tests import canary
from tests.decrypted import found_in_database, found_in_files
from tests.pty.counter import ENTER, ESC, F4, F8, ROOT, SIGN_OFF, Demo, counter, make_demo, scan, sign_in
from tests.pty.terminal import Terminal

CTRL_S = "\x13"
TITLE = re.compile(rb"\x1b\][012];([^\x07\x1b]*)")
TYPED = (
    canary.NAME,
    canary.CARE_OF,
    canary.STREET,
    canary.EMAIL,
    canary.MOBILE,
    canary.CARD,
    canary.INTERNAL_NOTE,
    canary.NOTE_TO_BORROWER,
    canary.BLOCK_REASON,
    canary.LIFT_REASON,
)


def by_hand(terminal: Terminal, text: str) -> None:
    """Type slower than any scanner."""
    for letter in text:
        terminal.send(letter)
        time.sleep(0.045)


def answer(terminal: Terminal, *fields: str) -> None:
    """Fill in fields, each with Enter, and look up before the next: on a busy machine the cursor comes late."""
    for number, field in enumerate(fields, 1):
        by_hand(terminal, field)
        at = terminal.cursor_line
        terminal.send(ENTER)
        if number < len(fields):
            terminal.wait_for(lambda t, at=at: t.cursor_line != at)  # type: ignore[misc]


def create(terminal: Terminal) -> None:
    """Create the person from the health card."""
    scan(terminal, canary.CPR)
    terminal.wait_for("CPR-nummeret er ukendt.")
    terminal.send(F8)
    terminal.send("o")
    terminal.wait_for(f"{canary.CPR[:6]}-••••")
    terminal.wait_for("671")
    answer(terminal, canary.NAME, canary.CARE_OF, canary.STREET, "7600")
    terminal.wait_for("7600       Struer")
    answer(terminal, "", canary.MOBILE, canary.EMAIL)
    terminal.wait_for(canary.EMAIL)
    terminal.send(CTRL_S)
    terminal.wait_for(lambda t: "F2 UDLÅN" in t.shown and canary.NAME in t.shown)


def annotate(terminal: Terminal) -> None:
    """Give the person a card, a block that is lifted again, and both notes."""
    terminal.send(F4)
    terminal.wait_for("Oplysninger")
    terminal.send("2")
    terminal.wait_for("ny pinkode")
    terminal.send("n")
    terminal.wait_for("Nyt kort til låneren")
    answer(terminal, canary.CARD, "")
    terminal.wait_for("ny pinkode på 4 cifre")
    answer(terminal, canary.PIN, canary.PIN)
    terminal.wait_for("…4716")
    terminal.send("3")
    terminal.wait_for("N intern")
    terminal.send("b")
    terminal.wait_for("Slags, ét bogstav")
    answer(terminal, "s", canary.BLOCK_REASON, "")
    terminal.wait_for("Blokeringen er sat.")
    terminal.wait_for(canary.BLOCK_REASON)
    terminal.send("o")
    terminal.wait_for("Ophæv blokeringen")
    answer(terminal, canary.LIFT_REASON)
    terminal.wait_for("Blokeringen er ophævet.")
    for key, note in (("n", canary.INTERNAL_NOTE), ("l", canary.NOTE_TO_BORROWER)):
        terminal.send(key)
        terminal.wait_for("Enter gem")
        answer(terminal, note)
        terminal.wait_for("Noten er gemt.")
        terminal.wait_for(note)


def reveal_and_print(terminal: Terminal, demo: Demo) -> None:
    """Show the CPR number, and have a supervisor release the print."""
    terminal.send("4")
    terminal.wait_for("CPR-nummer")
    assert canary.CPR_WRITTEN not in terminal.screen_text()
    terminal.send("\x1b[B")
    terminal.wait_for("V viser oplysningen")
    terminal.send("v")
    terminal.wait_for(canary.CPR_WRITTEN)
    terminal.send("\x1b[B")
    terminal.wait_for(lambda t: canary.CPR_WRITTEN not in t.shown)
    supervisor = demo.staff("supervisor")
    terminal.send("i")
    terminal.wait_for("Vagthavende: kort og pinkode")
    answer(terminal, "låneren har bedt om indsigt", supervisor["login"])
    terminal.send(supervisor["password"])
    terminal.wait_for("•" * len(supervisor["password"]))
    terminal.send(ENTER)
    terminal.wait_for("Udskriften ligger i", 30)


def search(terminal: Terminal) -> None:
    """Find the person by beginnings of words, and look no further."""
    terminal.send(ESC)
    terminal.wait_for("F2 UDLÅN")
    time.sleep(0.1)
    terminal.send(ESC)
    terminal.wait_for("Scan et lånerkort.")
    terminal.send(F4)
    terminal.wait_for("Navn, fødselsdato, telefon")
    by_hand(terminal, "fjer kana")
    terminal.wait_for(canary.NAME)
    terminal.send(ESC)
    terminal.wait_for(lambda t: canary.NAME not in t.shown)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make_demo(tmp_path_factory.mktemp("canary") / "home")


@pytest.mark.slow
def test_a_canary_sings_at_the_counter_and_only_the_encrypted_files_hear_it(demo: Demo) -> None:
    queue = demo.home / "queue.db"
    with open_installation(demo.home) as installation:
        store_key, queue_key = installation.secrets.secret("store"), installation.secrets.secret("queue")
    with counter(demo, 120, 40) as terminal:
        sign_in(terminal, demo.staff("staff"))
        create(terminal)
        annotate(terminal)
        reveal_and_print(terminal, demo)
        search(terminal)
        assert found_in_database(queue, queue_key, [canary.CPR]) == {canary.CPR}, "it was kept until it was handled"
        arguments = Path(f"/proc/{terminal.process.pid}/cmdline").read_bytes()
        terminal.send(SIGN_OFF)
        terminal.wait_for("Brugernavn")
        shown = terminal.screen_text() + terminal.scrollback_text()
        terminal.send(SIGN_OFF)
        assert terminal.wait_for_end() == 0
        titles = b" ".join(TITLE.findall(b"".join(read.data for read in terminal.reads)))
    for place in (arguments.decode(), titles.decode(), shown):
        assert [text for text in canary.STRINGS if text in place] == []
    assert found_in_database(demo.home / "store.db", store_key, canary.STRINGS) == set(TYPED)
    assert found_in_database(queue, queue_key, canary.STRINGS) == set(), "what was handled is gone"
    lies_open = found_in_files(demo.home, canary.STRINGS)
    prints = {file for file in lies_open if file.startswith("exports/")}
    assert prints, "the borrower's own print holds what is theirs"
    assert set(lies_open) == prints


@pytest.mark.slow
def test_a_bug_with_the_canary_in_its_hands_tells_nobody(demo: Demo) -> None:
    command = [sys.executable, "-m", "tests.pty.crashing_counter"]
    with Terminal(command, columns=120, lines=40, env={"DESK_HOME": str(demo.home)}, cwd=ROOT) as terminal:
        sign_in(terminal, demo.staff("staff"))
        scan(terminal, canary.CPR)
        terminal.wait_for(canary.NAME)
        terminal.send(F4)
        terminal.wait_for_end()
        # What stays on the terminal when the program's own page has gone.
        left = terminal.screen_text() + terminal.scrollback_text()
    assert left.count("RuntimeError") == 1
    assert "NOTE" not in left, "Textual's own, in English"
    assert [text for text in canary.STRINGS if text in left] == []
    logged = (demo.home / "log" / "desk.log").read_text(encoding="utf-8")
    assert "falls_over" in logged
    assert [text for text in canary.STRINGS if text in logged] == []
