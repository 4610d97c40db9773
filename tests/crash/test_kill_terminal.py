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
from tests.crash.broken_queues import SLOW_TO_SETTLE_RETURNS, WITHOUT_COMMIT
from tests.crash.campaign import SEED, Campaign, Told, Visit, histogram, with_some_unsettled
from tests.crash.full_program import DESK, NAME, PACES, FullProgram, a_full_program, figures, is_return
from tests.pty.counter import desk

ROUNDS = 200
# Two homes are played in at once, each with a terminal: half of a round is waiting for a program to start.
HOMES = 2
# The line of the visit that returns something; a loan done twice would be found out by «already theirs».
FIRST_RETURN = 13
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


def look_at(counter: FullProgram, visit: Visit, told: Told) -> int:
    """Recover and look; gives how many scans were unsettled."""
    recovered = counter.recover()
    Campaign(counter, visit, PACES).look(recovered.rows, told.acknowledged)
    return recovered.unsettled


def kill_while_the_store_is_held(home: Path, program: Sequence[str]) -> int:
    """Let the screen acknowledge a visit of which nothing but the card can settle, kill, recover and look."""
    with a_full_program(home, program) as (counter, visit):

        def kill(_transaction: Transaction) -> Told:
            counter.send(visit.lines[1:])
            counter.wait_until_acknowledged(len(visit.scans))
            return counter.kill()

        counter.begin()
        counter.send(visit.lines[:1])
        counter.wait_until(lambda shown: NAME in shown)
        with open_installation(home) as installation:
            # As long as this writing transaction is open, the program's have to wait.
            told = installation.store.write_here(kill)
        return look_at(counter, visit, told)


def test_what_the_screen_acknowledged_while_the_store_was_held_outlives_a_kill(tmp_path: Path) -> None:
    assert kill_while_the_store_is_held(tmp_path / "home", DESK) == 14


def test_a_queue_that_acknowledges_before_it_commits_is_found_out_on_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="were acknowledged"):
        kill_while_the_store_is_held(tmp_path / "home", (*BROKEN, WITHOUT_COMMIT))


def kill_between_the_two_commits(counter: FullProgram, visit: Visit) -> int:
    """Kill when the store has a return that the queue does not know to be done, recover and look."""
    counter.begin()
    counter.send(visit.lines[:FIRST_RETURN])
    counter.wait_until(lambda shown: is_return(shown) and figures(shown) == (1, 1))
    return look_at(counter, visit, counter.kill())


def test_a_return_that_the_queue_did_not_know_to_be_done_is_not_done_again(tmp_path: Path) -> None:
    with a_full_program(tmp_path / "home", (*BROKEN, SLOW_TO_SETTLE_RETURNS)) as (counter, visit):
        assert kill_between_the_two_commits(counter, visit) == 1


def test_command_ids_that_are_not_unique_are_found_out_on_the_terminal(tmp_path: Path) -> None:
    with a_full_program(tmp_path / "home", (*BROKEN, SLOW_TO_SETTLE_RETURNS)) as (counter, visit):
        with open_installation(counter.home) as installation:
            installation.store.write_here(
                lambda transaction: transaction.run_many("DROP INDEX command_record_command_id", [()])
            )
        with pytest.raises(AssertionError, match="command_twice"):
            kill_between_the_two_commits(counter, visit)
