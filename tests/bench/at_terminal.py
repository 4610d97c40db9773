"""The counter on a pseudo-terminal, 40 lines of 120 columns: signed in to, scanned at, timed by the bytes it paints."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bench.stock_echo import title_of
from tests.bench.town import CHECKOUT, LOGIN, PASSWORD, desk_command, environment
from tests.pty.terminal import Terminal

COLUMNS, LINES = 120, 40
F2, F3, ESCAPE = "\x1bOQ", "\x1bOR", "\x1b"
PASSWORD_FIELD = "Adgangskode"
GLANCE_SECONDS = 0.001
QUIET_SECONDS = 0.06
SLOW = 30.0  # seconds; on a busy machine much may be late that is not wrong


@dataclass(frozen=True, slots=True)
class Seen:
    """What one scan did at the terminal.

    Attributes:
        seconds: from its last character to the read that completed its result.
        sent: bytes the program sent until it was quiet again.
    """

    seconds: float
    sent: int


class AtTerminal:
    """A program that codes are scanned into."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.terminal.close()

    def scan(self, code: str, result: str) -> Seen:
        """Scan a code, wait for its result on the screen and then for quiet."""
        bytes_before, reads_before = self.terminal.bytes_out, len(self.terminal.reads)
        sent_at = self.terminal.send(f"{code}\r")
        painted_at = self.shown_at(result, reads_before)
        self.wait_for_quiet()
        return Seen(painted_at - sent_at, self.terminal.bytes_out - bytes_before)

    def scan_in_a_row(self, scans: Sequence[tuple[str, str]]) -> None:
        """Scan codes without waiting in between, then wait for the last one's result."""
        reads_before = len(self.terminal.reads)
        for code, _result in scans:
            self.terminal.send(f"{code}\r")
        self.shown_at(scans[-1][1], reads_before)

    def shown_at(self, text: str, first_read: int = 0) -> float:
        """Wait for a text among the bytes; gives the monotonic seconds of the read that completed it.

        Nothing is painted meanwhile: an emulator at work would be late to note when bytes come.

        Raises:
            TimeoutError: it did not come; the screen is told.
        """
        wanted, tail, until = text.encode(), b"", time.monotonic() + SLOW
        while time.monotonic() < until:
            for read in self.terminal.reads[first_read:]:
                first_read += 1
                tail += read.data
                if wanted in tail:
                    return read.at
                tail = tail[-len(wanted) :]
            time.sleep(GLANCE_SECONDS)
        raise TimeoutError(f"not on the screen: {text}\n{self.terminal.screen_text()}")

    def press(self, key: str) -> None:
        """Press a key and wait until it has done what it does."""
        self.terminal.send(key)
        self.wait_for_quiet()

    def wait_for_quiet(self) -> None:
        """Wait until nothing has come for a while: whatever follows is not this scan's."""
        seen = -1
        while seen != self.terminal.bytes_out:
            seen = self.terminal.bytes_out
            time.sleep(QUIET_SECONDS)


class CounterAtTerminal(AtTerminal):
    """The counter of a home, signed in."""

    def __init__(self, home: Path) -> None:
        super().__init__(at_terminal(desk_command(), home))
        self.terminal.wait_for(PASSWORD_FIELD, SLOW)
        self.terminal.send(f"{LOGIN}\t{PASSWORD}\r")
        self.terminal.wait_for("F3", SLOW)
        self.wait_for_quiet()

    def open_visit(self, card: str) -> None:
        """Scan a borrower's card in F2."""
        self.press(F2)
        self.terminal.send(f"{card}\r")
        self.terminal.wait_for(card[-4:], SLOW)
        self.wait_for_quiet()

    def memory(self) -> float:
        """Give the program's resident memory (VmRSS) in megabytes of a million bytes."""
        status = Path(f"/proc/{self.terminal.process.pid}/status").read_text(encoding="utf-8")
        kibibytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kibibytes) * 1024 / 1e6


class EchoAtTerminal(AtTerminal):
    """The stock widgets' echo."""

    def __init__(self) -> None:
        super().__init__(at_terminal([sys.executable, "-m", "tests.bench.stock_echo"]))
        self.terminal.wait_for("Bemærkning", SLOW)
        self.wait_for_quiet()

    def scan_and_echo(self, code: str) -> Seen:
        """Scan a code and see its title."""
        return self.scan(code, title_of(code))


def at_terminal(command: list[str], home: Path | None = None) -> Terminal:
    """Start a program on a terminal of its own."""
    own = {} if home is None else environment(home)
    return Terminal(command, columns=COLUMNS, lines=LINES, env=own, cwd=CHECKOUT)
