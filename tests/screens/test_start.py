"""What the program loads before the sign-in screen is shown (Q5)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.pty.counter import ROOT, make_demo
from tests.pty.terminal import Terminal

# Each is loaded behind the first page, by `screens.pages.load` or by whoever needs it.
LATER = (
    "desk.borrowers.queries",
    "desk.circulation",
    "desk.counter.records",
    "desk.counter.work",
    "desk.messages",
    "desk.money",
    "desk.privacy.erasure",
    "desk.privacy.retention",
    "desk.reservations",
    "desk.statistics",
    "devices.card_messages",
    "devices.pad_messages",
    "devices.printer_messages",
    "devices.rfid",
    "devices.virtual",
    "devices.tag_pad",
    "devices.pcsc",
    "devices.printer",
    "holidays",
    "desk.staff.commands",
    "screens.curtain.curtain",
    "screens.curtain.lock",
    "screens.dialogs.step_up",
    "screens.lending",
    "argon2",
    "typst",
)
# What ends an erasure that was cut short before anything opens, and nothing else of that package.
NOT_LATER = {
    "desk.privacy.erasure",
    "desk.privacy.erasure.at_start",
    "desk.privacy.erasure.begun",
}


def too_early(loaded: list[str]) -> set[str]:
    """What of the pages behind the sign-in is among the names of modules."""
    early = {name for name in loaded if any(name == later or name.startswith(f"{later}.") for later in LATER)}
    return early - NOT_LATER


def test_the_sign_in_screen_waits_for_no_rule_of_the_pages_behind_it() -> None:
    program = "import sys, desk.__main__, desk.installation, screens.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert too_early(loaded) == set()


def test_nothing_of_the_pages_behind_is_loaded_before_the_sign_in_screen_is_on_the_terminal(tmp_path: Path) -> None:
    demo, loaded = make_demo(tmp_path / "home"), tmp_path / "loaded"
    command = [sys.executable, "-m", "tests.pty.first_page", str(loaded)]
    with Terminal(command, columns=120, lines=40, env={"DESK_HOME": str(demo.home)}, cwd=ROOT) as terminal:
        terminal.wait_for("Sletning:", 60)
    assert too_early(loaded.read_text(encoding="utf-8").split()) == set()
