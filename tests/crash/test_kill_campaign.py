"""kill -9 of the counter's work without a screen, which tells of every line the moment it is so (Q9, C2)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.broken_queues import SLOW_TO_SETTLE, WITHOUT_COMMIT
from tests.crash.campaign import SEED, Campaign, histogram, with_some_unsettled
from tests.crash.headless import PACES, a_headless_counter, a_store

ROUNDS = 100


@contextmanager
def a_campaign(folder: Path, mutation: str = "") -> Iterator[Campaign]:
    """Build a library and its counter."""
    with a_headless_counter(folder, mutation) as (counter, visit):
        yield Campaign(counter, visit, PACES)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whenever_the_counter_is_killed_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_campaign(tmp_path) as campaign:
        campaign.run(ROUNDS)
    with capsys.disabled():
        sys.stdout.write(f"\n{ROUNDS} rounds without a screen, killed (seed {SEED})\n{histogram(campaign.unsettled)}\n")
    assert with_some_unsettled(campaign.unsettled) >= ROUNDS // 2


@pytest.mark.slow
def test_the_campaign_finds_out_a_queue_that_acknowledges_before_it_commits(tmp_path: Path) -> None:
    with a_campaign(tmp_path, WITHOUT_COMMIT) as campaign, pytest.raises(AssertionError, match="were acknowledged"):
        campaign.run(60)


@pytest.mark.slow
def test_the_campaign_finds_out_command_ids_that_are_not_unique(tmp_path: Path) -> None:
    with a_campaign(tmp_path, SLOW_TO_SETTLE) as campaign:
        with a_store(f"sqlcipher://{tmp_path}/store.db") as store:
            store.write_here(lambda transaction: transaction.run_many("DROP INDEX command_record_command_id", [()]))
        with pytest.raises(AssertionError, match="command_twice"):
            campaign.run(60)


@pytest.mark.slow
def test_slow_to_settle_is_no_reason_to_fail_while_command_ids_are_unique(tmp_path: Path) -> None:
    with a_campaign(tmp_path, SLOW_TO_SETTLE) as campaign:
        campaign.run(20)
