"""A back-up while a counter works: the store in it is whole, and every loan in it is one that was told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

from db.models import Item, Loan, MaterialGroup, Title
from db.store import Transaction
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.installation import now, open_installation
from desk.registry.checking import store_check
from tests import canary
from tests.backing_up import a_home, back_up, bring_back, inside, with_keys_of
from tests.pty.counter import ROOT

BACKUPS = 4
LOANS_BETWEEN = 40
BARCODES = [f"300000000{number}" for number in range(6)]


def stock(transaction: Transaction) -> None:
    group = transaction.value(MaterialGroup.select(MaterialGroup.id).where(MaterialGroup.code == "standard"))
    title = transaction.run(Title.insert(title="Pelle Erobreren", author="", source_key="t"))
    for barcode in BARCODES:
        transaction.run(Item.insert(barcode=barcode, title=title, material_group=group, branch=1, status="available"))


class BusyCounter:
    """The program, and the loans it has told of."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.desk.backups.busy_counter", str(home), canary.CARD, *BARCODES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.told: list[int] = []
        self._more = threading.Condition()
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self.told.append(int(line.removeprefix("lent ")))
                self._more.notify_all()

    def wait_for_more(self, loans: int) -> set[int]:
        """Wait until it has made so many more; give all that it has told."""
        with self._more:
            wanted = len(self.told) + loans
            assert self._more.wait_for(lambda: len(self.told) >= wanted, 60)
            return set(self.told)

    def end(self) -> set[int]:
        """Let it finish what it is at; give all that it has told."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(60) == 0
        self._listening.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return set(self.told)


def loans_in(home: Path) -> set[int]:
    return {row[0] for row in inside(home, lambda transaction: transaction.all(Loan.select(Loan.id)))}


def test_a_back_up_while_the_counter_works_is_whole(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    canary.sing(home)
    inside(home, stock)
    counter = BusyCounter(home)
    taken: list[tuple[Path, set[int]]] = []
    try:
        for number in range(BACKUPS):
            before = counter.wait_for_more(LOANS_BETWEEN)
            taken.append((back_up(home, tmp_path / f"b{number}").file, before))
            # It went on all the while: nobody at the counter waits for a back-up.
            assert counter.wait_for_more(1) > before
    finally:
        told = counter.end()
    for number, (file, before) in enumerate(taken):
        fresh = with_keys_of(home, tmp_path / f"fresh{number}")
        bring_back(file, fresh)
        assert before <= loans_in(fresh) <= told
        with open_installation(fresh) as installation:
            newest = installation.log_witness.remembered()
            checked = asyncio.run(installation.desk.ask(INSTALLATION, store_check, local_date(now()), newest))
            assert checked.errors == ()
            assert installation.store.damage() == []
