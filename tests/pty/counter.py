"""A demo home and a counter on a pseudo-terminal, as a clerk meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pty.terminal import Terminal

ROOT = Path(__file__).parents[2]
F2, F3, F4, F5 = "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~"
F8, F9, F10 = "\x1b[19~", "\x1b[20~", "\x1b[21~"
ESC, ENTER, SIGN_OFF = "\x1b", "\r", "\x11"


def desk(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run ``desk`` with arguments in a home."""
    return subprocess.run(
        [sys.executable, "-m", "desk", *arguments],
        cwd=ROOT,
        env={**os.environ, "DESK_HOME": str(home)},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@dataclass(frozen=True)
class Demo:
    """A demo home, and what ``desk demo --print`` says of it."""

    home: Path
    printed: dict[str, Any]

    @property
    def adult(self) -> dict[str, Any]:
        """An adult without blocks and without a warning about the limit."""
        return next(b for b in self.printed["borrowers"] if not b["blocks"] and b["group"] != "institution")

    def staff(self, role: str) -> dict[str, Any]:
        """The first account of a role."""
        return next(s for s in self.printed["staff"] if s["role"] == role)

    def available(self, count: int) -> list[dict[str, Any]]:
        """Items that lie on their shelf."""
        return [item for item in self.printed["items"] if item["status"] == "available"][:count]


def make_demo(home: Path) -> Demo:
    """Make a demo in a home."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    printed = desk(home, "demo", "--print")
    assert printed.returncode == 0, printed.stderr
    return Demo(home, json.loads(printed.stdout.splitlines()[-1]))


def counter(demo: Demo, columns: int = 80, lines: int = 24) -> Terminal:
    """Start the counter on a demo."""
    return Terminal(
        [sys.executable, "-m", "desk", "demo"],
        columns=columns,
        lines=lines,
        env={"DESK_HOME": str(demo.home)},
        cwd=ROOT,
    )


def sign_in(terminal: Terminal, staff: dict[str, Any]) -> None:
    """Sign in as a clerk does: user name, Tab, password, Enter; then F2."""
    terminal.wait_for("Brugernavn", 30)
    terminal.send(staff["login"])
    terminal.wait_for(staff["login"])
    field = terminal.cursor_line
    terminal.send("\t")
    # As a clerk sees to it: on a busy machine the password would begin in the field before.
    terminal.wait_for(lambda t: t.cursor_line != field)
    terminal.send(staff["password"])
    terminal.wait_for("•" * len(staff["password"]))
    terminal.send(ENTER)
    terminal.wait_for(lambda t: "F2 UDLÅN" in t.shown or "F3 AFLEVERING" in t.shown, 20)
    terminal.send(F2)
    terminal.wait_for("F2 UDLÅN")


def scan(terminal: Terminal, code: str) -> float:
    """Send a code as a scanner does: all at once, with its Enter; gives when."""
    return terminal.send(code + ENTER)
