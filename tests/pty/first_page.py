"""The demo's counter, which writes down what was loaded when its first page reached the terminal.

``python -m tests.pty.first_page FILE`` instead of ``python -m desk demo``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from textual.drivers.linux_driver import LinuxDriver

from desk.cli.main import run

FIRST_PAGE = "Adgangskode"


def write_down_at_first_page(into: Path) -> None:
    """Let the driver look at what it writes until the sign-in's field is in it."""
    write = LinuxDriver.write

    def write_and_look(driver: LinuxDriver, data: str) -> None:
        write(driver, data)
        if FIRST_PAGE in data and not into.exists():
            into.write_text(" ".join(sys.modules), encoding="utf-8")

    LinuxDriver.write = write_and_look  # type: ignore[assignment]


if __name__ == "__main__":
    write_down_at_first_page(Path(sys.argv[1]))
    sys.exit(run(["demo"]))
