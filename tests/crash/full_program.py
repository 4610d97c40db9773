"""``python -m desk`` in an installed home, on a pseudo-terminal: scanned at like a scanner, read like a screen."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from db.queue import Entry, Queue
from desk.cli.main import run
from desk.counter.orders import CODE, END, TO_RETURN
from desk.installation import new_id, now, open_installation
from desk.registry.preparing import NewBranch, NewLibrary, NewStaff, make_installation
from desk.secrets import Secrets
from desk.settings import Settings, SignInSettings
from tests.crash.campaign import IN_PARTS, TO_BE_SCANNED, Recovered, Told, Visit, empty, rows_in
from tests.pty.counter import ENTER, ESC, F3, ROOT, desk, sign_in
from tests.pty.terminal import Terminal

DESK = ("-m", "desk")
# All in one burst; and scan by scan, in about the time that one takes.
PACES = (None, None, 0.01)
NAME = "Ib Hansen"
CLERK = {"login": "mette", "password": "hemmelig"}
KEYS = {f"order {END}": ESC, f"order {TO_RETURN}": F3}
BY_ITSELF = 5
# A busy machine may be slow, and is not wrong for it.
SECONDS = 60.0

# The variable that says which home, and standard output, are the whole process's.
_one_command = Lock()


class FullProgram:
    """A :class:`~tests.crash.campaign.Counter`: the program, with all that is in it.

    After one kill in BY_ITSELF it is the program, started again, that finishes what waits; after the others it is the
    counter's work without a screen, which takes a tenth of the time.
    """

    def __init__(self, home: Path, visit: Visit, program: Sequence[str] = DESK) -> None:
        self.home = home
        self._program = program
        self._queue_key = Secrets(home, "folder").secret("queue")
        self._terminal: Terminal | None = None
        self._told = Told(0, has_settled=False)
        self._recoveries = 0
        to_return = visit.lines.index(f"order {TO_RETURN}") + 1
        self._before_return = sum(number < to_return for number in visit.scans)
        self._to_return = len(visit.scans) - self._before_return

    @property
    def _now(self) -> Terminal:
        assert self._terminal is not None
        return self._terminal

    def begin(self) -> None:
        """Start it over an empty store and without a queue, and sign in."""
        self.close()
        for file in self.home.glob("queue*"):
            file.unlink()
        with open_installation(self.home) as installation:
            empty(installation.store)
        self._start(self._program)
        sign_in(self._now, CLERK)
        self._told = Told(0, has_settled=False)

    def _start(self, program: Sequence[str]) -> None:
        self._terminal = Terminal([sys.executable, *program], env={"DESK_HOME": str(self.home)}, cwd=ROOT)
        self._terminal.wait_for("Brugernavn", SECONDS)
        self._terminal.synchronise()

    def send(self, lines: Iterable[str]) -> None:
        """Scan and press keys, all in one packet."""
        self._now.send("".join(KEYS.get(line) or line.removeprefix("scan ") + ENTER for line in lines))

    def wait_until_settled(self) -> None:
        """Wait until the last line has its result on the screen."""
        self.wait_until(lambda _shown: self._told.has_settled)

    def wait_until_acknowledged(self, scans: int) -> None:
        """Wait until the screen says that so many scans are in the queue."""
        self.wait_until(lambda _shown: self._told.acknowledged >= scans)

    def wait_until(self, is_so: Callable[[str], bool]) -> None:
        """Wait for a screen."""

        def look(terminal: Terminal) -> bool:
            self._look(terminal.shown)
            return is_so(terminal.shown)

        self._now.wait_for(look, SECONDS)

    def kill(self) -> Told:
        """Kill it; what counts is the most that any screen of this visit has told. Fails when it had died already."""
        assert self._now.process.poll() is None, self._now.screen_text()
        self._now.kill()
        for shown in self._now.screens():
            self._look(shown)
        self.close()
        return self._told

    def _look(self, shown: str) -> None:
        """Take in what a screen tells."""
        scanned, settled = figures(shown)
        if is_return(shown) == ("Afleveres" in shown):
            # While pages change, parts of the new one are painted over the old: such a screen tells nothing for sure.
            return
        if is_return(shown):
            told = Told(self._before_return + scanned, scanned == settled == self._to_return)
        else:
            # The card that opened the visit has become the borrower above the pile.
            told = Told(scanned + (NAME in shown), has_settled=False)
        self._told = Told(max(told.acknowledged, self._told.acknowledged), told.has_settled or self._told.has_settled)

    def recover(self) -> Recovered:
        """Let the program, or its work alone, finish what waits; then ask ``desk check``."""
        unsettled = self._unsettled()
        self._recoveries += 1
        if self._recoveries % BY_ITSELF:
            asyncio.run(self._drain())
        else:
            self._start(DESK)
            self._wait_until_recovered()
        code, found = desk_check(self.home)
        assert code == 0, found
        [queue] = found["queues"]
        assert queue["waiting"] == 0, found
        self.close()
        with open_installation(self.home) as installation:
            return Recovered(unsettled, rows_in(installation.store, queue["deciding"]))

    def _unsettled(self) -> int:
        """Count the scans that wait, in a copy: whoever recovers finds the file as the kill has left it."""
        with TemporaryDirectory() as folder:
            for name in ("queue.db", "queue.db-wal"):
                if (self.home / name).exists():
                    shutil.copy(self.home / name, folder)
            return sum(entry.kind == CODE for entry in self._waiting(Path(folder) / "queue.db"))

    def _waiting(self, file: Path) -> list[Entry]:
        queue = Queue(file, self._queue_key)
        try:
            return asyncio.run(queue.entries("waiting"))
        finally:
            queue.close()

    def _wait_until_recovered(self) -> None:
        """Wait until the program, which nobody has signed in to, has finished what waited."""
        until = time.monotonic() + SECONDS
        while self._waiting(self.home / "queue.db"):
            assert time.monotonic() < until, self._now.screen_text()
            time.sleep(0.02)

    async def _drain(self) -> None:
        with open_installation(self.home) as installation:
            work = installation.counter_work()
            await work.open()
            await work.drain()
            work.close()

    def close(self) -> None:
        """End the program, if it runs."""
        if self._terminal is not None:
            self._terminal.kill()
            self._terminal.close()
            self._terminal = None


def is_return(shown: str) -> bool:
    """Is it F3 that is shown?"""
    return "F3 AFLEVERING" in shown


def figures(shown: str) -> tuple[int, int]:
    """Read the pile counter: scanned and settled; nothing where there is none."""
    scanned, settled = (re.search(rf"(\d+) {word}", shown) for word in ("scannet", "klaret"))
    return (int(scanned[1]), int(settled[1])) if scanned and settled else (0, 0)


def desk_check(home: Path) -> tuple[int, Any]:
    """Run ``desk check --json`` in this process, which saves its start; gives exit code and what it found."""
    with _one_command, contextlib.redirect_stdout(io.StringIO()) as said:
        os.environ["DESK_HOME"] = str(home)
        code = run(["check", "--json"])
    return code, json.loads(said.getvalue())


def make_home(home: Path) -> Visit:
    """Install a library in a home, as IT does: an account, a borrower and eight items; gives the visit to be played."""
    make_installation(
        home,
        NewLibrary(
            "Struer Bibliotek",
            "DK-767100",
            (NewBranch("Struer", "DK-767100"),),
            (NewStaff(CLERK["login"], "Mette K.", "supervisor", CLERK["password"]),),
        ),
        Settings(sign_in=SignInSettings(argon2_time_cost=1, argon2_memory_kib=8, argon2_parallelism=1)),
        now(),
        new_id,
    )
    visit = Visit("2000000001", [f"{3000000000 + number}" for number in range(TO_BE_SCANNED)])
    items = [f"{code};Bog {number};{1 + (number == IN_PARTS)}" for number, code in enumerate(visit.barcodes)]
    tables = {
        "borrowers": ["card;name;group;birth_date", f"{visit.card};{NAME};voksen;1970-05-17"],
        "items": ["barcode;title;parts", *items],
    }
    for what, rows in tables.items():
        file = home / f"{what}.csv"
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        imported = desk(home, "import", what, str(file), "--json")
        assert imported.returncode == 0, imported.stdout + imported.stderr
        assert json.loads(imported.stdout.splitlines()[-1])["added"] == len(rows) - 1
    return visit


@contextlib.contextmanager
def a_full_program(home: Path, program: Sequence[str] = DESK) -> Iterator[tuple[FullProgram, Visit]]:
    """Make a home, and a counter in it."""
    visit = make_home(home)
    counter = FullProgram(home, visit, program)
    try:
        yield counter, visit
    finally:
        counter.close()
