"""kill -9 of the whole program on a pseudo-terminal, at any moment: what its screen acknowledged is kept (Q9, C2)."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter as Tally
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from db.store import Transaction
from desk.installation import open_installation
from tests.crash.broken_queues import SLOW_TO_SETTLE, WITHOUT_COMMIT
from tests.crash.campaign import SEED, Campaign, Told, histogram, with_some_unsettled
from tests.crash.full_program import DESK, PACES, a_full_program
from tests.pty.counter import desk

ROUNDS = 200
# Two homes are played in at once, each with a terminal: half of a round is waiting for a program to start.
HOMES = 2
BROKEN = ("-m", "tests.crash.broken_desk")


@pytest.fixture(autouse=True)
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The homes are named one after the other, and none of them afterwards."""
    monkeypatch.setenv("DESK_HOME", "")


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_whatever_the_screen_acknowledged_is_there_after_any_kill_and_nothing_is_done_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with ExitStack() as stack:
        counters = [stack.enter_context(a_full_program(tmp_path / f"home-{number}")) for number in range(HOMES)]
        campaigns = [
            Campaign(counter, visit, PACES, random.Random(SEED + number))
            for number, (counter, visit) in enumerate(counters)
        ]
        with ThreadPoolExecutor(HOMES) as threads:
            list(threads.map(lambda campaign: campaign.run(ROUNDS // HOMES), campaigns))
        for counter, _visit in counters:
            assert desk(counter.home, "check").returncode == 0
    unsettled = sum((campaign.unsettled for campaign in campaigns), Tally[int]())
    seconds, played = time.monotonic() - began, sum(campaign.played for campaign in campaigns)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{unsettled.total()} rounds of the whole program, killed (seed {SEED}, {seconds:.0f} s,"
            f" {played - unsettled.total()} more had settled before)\n{histogram(unsettled)}\n"
        )
    assert unsettled.total() >= ROUNDS
    assert with_some_unsettled(unsettled) >= ROUNDS // 2


def kill_while_the_store_is_held(home: Path, program: Sequence[str]) -> int:
    """Let the screen acknowledge a visit of which nothing but the card can settle, kill, recover and look.

    Returns:
        How many scans were unsettled.
    """
    with a_full_program(home, program) as (counter, visit):

        def kill(_transaction: Transaction) -> Told:
            counter.send(visit.lines[:1])
            counter.wait_for_borrower()
            counter.send(visit.lines[1:])
            counter.wait_until_acknowledged(len(visit.scans))
            return counter.kill()

        counter.begin()
        with open_installation(home) as installation:
            # As long as this writing transaction is open, the program's have to wait.
            told = installation.store.write_here(kill)
        recovered = counter.recover()
        Campaign(counter, visit, PACES).look(recovered.rows, told.acknowledged)
        return recovered.unsettled


def test_what_the_screen_acknowledged_while_the_store_was_held_outlives_a_kill(tmp_path: Path) -> None:
    assert kill_while_the_store_is_held(tmp_path / "home", DESK) == 14


def test_a_queue_that_acknowledges_before_it_commits_is_found_out_on_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="were acknowledged"):
        kill_while_the_store_is_held(tmp_path / "home", (*BROKEN, WITHOUT_COMMIT))


@pytest.mark.slow
def test_command_ids_that_are_not_unique_are_found_out_on_the_terminal(tmp_path: Path) -> None:
    with a_full_program(tmp_path / "home", (*BROKEN, SLOW_TO_SETTLE)) as (counter, visit):
        with open_installation(counter.home) as installation:
            installation.store.write_here(
                lambda transaction: transaction.run_many("DROP INDEX command_record_command_id", [()])
            )
        with pytest.raises(AssertionError, match="command_twice"):
            Campaign(counter, visit, [None]).run(30)
