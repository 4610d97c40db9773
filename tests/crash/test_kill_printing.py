"""kill -9 while slips are spooled and printed: each return that counts has its slip, once in the spool (V3, Q9).

On paper it is there at least once: a program that is killed between the printer and the note of it prints again.
"""

from __future__ import annotations

import random
import select
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from db.models import Item
from desk.counter.orders import TO_RETURN
from desk.spool.sealed import spool_key
from desk.spool.spool import FOLDER, Paper, Spool
from tests.builders import QUEUE_KEY, House, Thing, a_house
from tests.crash.headless import ROOT
from tests.printing import PATIENCE, bars_in, until
from tests.reserving import Reserving

ROUNDS, THINGS = 6, 8


class Running:
    """The program, until it is killed."""

    def __init__(self, url: str, home: Path, house: House) -> None:
        who = house.who()
        arguments = [url, str(home), str(who.staff_id), str(who.counter_id)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.printing_program", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            bufsize=0,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def send(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())

    def hear(self, words: int) -> None:
        """Read until it has told so many things."""
        assert self.process.stdout is not None
        for _word in range(words):
            assert select.select((self.process.stdout,), (), (), PATIENCE)[0], "it says nothing any more"
            assert self.process.stdout.readline()

    def hear_until(self, word: bytes) -> None:
        """Read until it has told something."""
        assert self.process.stdout is not None
        while True:
            assert select.select((self.process.stdout,), (), (), PATIENCE)[0], "it says nothing any more"
            if self.process.stdout.readline() == word + b"\n":
                return

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()


def on_shelf(house: House) -> set[str]:
    """Give the barcodes of what has been returned and lies on the shelf."""
    return {code for (code,) in house.rows(Item.select(Item.barcode).where(Item.status == "on_shelf"))}


def on_paper(home: Path) -> Counter[str]:
    """Count the slips that have come out, by barcode; one that was cut off is none."""
    jobs = (home / "lp0").read_bytes().split(b"\x1b@")[1:]
    return Counter(bars_in(job)[0] for job in jobs if job.endswith(b"\x1dV\x00"))


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_whenever_it_is_killed_each_return_has_its_slip(tmp_path: Path, number: int) -> None:
    url = f"sqlcipher://{tmp_path}/store.db"
    (tmp_path / "lp0").touch()
    with a_house(url) as house:
        things: list[Thing] = [house.item() for _number in range(THINGS)]
        for thing in things:
            await Reserving(house).reserve(thing)
        chance = random.Random(number)
        first = Running(url, tmp_path, house)
        first.send(f"order {TO_RETURN}", *(f"scan {thing.barcode}" for thing in things))
        first.hear(1 + chance.randrange(2 * THINGS))
        first.kill()
        spool = Spool(tmp_path, spool_key(QUEUE_KEY), Paper())
        before = {path.name for path in (tmp_path / FOLDER).glob("*")}
        second = Running(url, tmp_path, house)
        # What had been heard is finished, and an order comes behind all of it.
        second.send(f"order {TO_RETURN}")
        second.hear_until(b"ordered")
        until(lambda: not spool.waiting())
        returned = on_shelf(house)
        second.kill()
    # One slip in the spool for each return, also for one that was handled a second time.
    jobs = [path.stem for path in (tmp_path / FOLDER).glob("*.printed")]
    assert len(jobs) == len(returned)
    assert {Path(name).stem for name in before if not name.startswith(".")} <= set(jobs)
    # On paper each at least once, and at most the one that was being printed a second time.
    slips = on_paper(tmp_path)
    assert set(slips) == returned
    assert slips.total() <= len(returned) + 1
