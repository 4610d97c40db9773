"""Two years of made-up lives against P1–P6 in plain words: nothing a day longer, nothing a day sooner.

The clock runs daily, late by some days, or twice on a day. Days on which the model says that nothing can have become
due are passed over, but for a sample and the eve of every second day on which something goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from db.models import AccessLog, AccessLogEnds, CommandRecord, RetentionRun
from desk.privacy.access_log import begin_log, first_break
from desk.privacy.retention.queries import going_tonight
from tests.builders import House, a_house
from tests.desk.privacy.retention.lives import DAYS, LIVES, Town
from tests.forgetting import LOG_DAYS, TABLES, Forgetting, day, on

EVERY = 61
"""One day in so many is tried though nothing is due on it."""
AT_THE_END = 60
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Two years are lived again for each step of making an example smaller."""


def empty(house: House) -> None:
    """Let nobody have lived here."""
    for table in (*TABLES, RetentionRun, CommandRecord, AccessLog, AccessLogEnds):
        house.put(table.delete())
    house.store.write_here(begin_log)


async def lived(forgetting: Forgetting, lives: list[Any], gaps: list[int], twice: set[int]) -> int:
    """Live two years, with a run on most days; compare on every day of a run. Gives how many rows went."""
    house, town, went = forgetting.house, Town(forgetting), 0
    for life in lives:
        town.add(life)
    late_until = 0
    for number in range(DAYS + AT_THE_END):
        due = town.when_due()
        is_eve = number + 1 in due and number % 2 == 0
        is_tried = number in due or is_eve or number % EVERY == 0
        if number % 97 in gaps:
            # The machine is off for some days.
            late_until = number + 4
        if is_tried and number >= late_until:
            went += await one_run(forgetting, town, number)
            if number % 31 in twice:
                assert (await forgetting.run(number, hour=3)).was_done
                assert there(forgetting) == town.there()
        town.live(number)
    assert house.store.read_here(first_break) is None
    return went


async def one_run(forgetting: Forgetting, town: Town, number: int) -> int:
    """Ask what goes tonight, run, and look that just this went, which is what the rules say."""
    house = forgetting.house
    before = forgetting.everything()
    tonight = await house.desk.ask(house.who(), going_tonight, on(number, 1), LOG_DAYS)
    assert tonight.day == day(number)
    report = await forgetting.run(number)
    after = forgetting.everything()
    gone = {table: before[table] - after[table] for table in before}
    expected = town.gone_on(number)
    assert {table: gone[table] for table in town.there()} == {t: expected.get(t, set()) for t in town.there()}, number
    assert there(forgetting) == town.there()
    told = {table: n for table, n in tonight.counts.items() if n and table != "command_record"}
    assert told == {table: len(rows) for table, rows in gone.items() if rows}
    assert told == {table: n for table, n in report.counts.items() if n and table != "command_record"}
    listed = {(row.table, row.row_id) for row in tonight.rows}
    by_row = {"loan", "fee", "payment", "message", "override", "deletion_request"}
    assert listed == {(table, row) for table in by_row for row in gone[table]}
    return sum(map(len, gone.values()))


def there(forgetting: Forgetting) -> dict[str, set[int]]:
    """Give what is there, but for what only links two."""
    return {table: ids for table, ids in forgetting.everything().items() if table not in {"fee_loan", "payment_part"}}


SCHEDULE = {
    "gaps": st.lists(st.integers(0, 96), max_size=3),
    "twice": st.sets(st.integers(0, 30), max_size=3),
}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the pauses out, but not the turns between batches."""
    monkeypatch.setattr("desk.privacy.retention.run.PAUSE_SECONDS", 0)


def careless(house: House) -> None:
    """Wait for no disk on this thread's connection: nothing is killed here, and durability is tried elsewhere."""
    house.store._connected()
    house.store._database.execute_sql("PRAGMA synchronous = OFF")


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forgetting]:
    """A house in an encrypted file, emptied before each example."""
    folder = tmp_path_factory.mktemp("lives")
    with a_house(f"sqlcipher://{folder}/store.db") as house:
        careless(house)
        house.store._thread.submit(careless, house).result()
        yield Forgetting(house, folder)


@pytest.mark.slow
@pytest.mark.timeout(600)
@given(lives=st.lists(LIVES, min_size=10, max_size=10), **SCHEDULE)
@settings(max_examples=22, phases=WITHOUT_SHRINKING)
async def test_two_hundred_lives_in_an_encrypted_file(
    embedded: Forgetting, lives: list[Any], gaps: list[int], twice: set[int]
) -> None:
    empty(embedded.house)
    await lived(embedded, lives, gaps, twice)


@pytest.fixture
def on_server(postgres_url: str, tmp_path: Path) -> Iterator[Forgetting]:
    """The same on a server."""
    with a_house(postgres_url) as house:
        yield Forgetting(house, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
@given(lives=st.lists(LIVES, min_size=8, max_size=8), **SCHEDULE)
@settings(max_examples=4, phases=WITHOUT_SHRINKING)
async def test_thirty_two_lives_on_a_server(
    on_server: Forgetting, lives: list[Any], gaps: list[int], twice: set[int]
) -> None:
    empty(on_server.house)
    await lived(on_server, lives, gaps, twice)
