"""A run: once a local date, broken off and taken up, never by a wrong clock, beside everybody else's work."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from db.models import CommandRecord, Fee, Loan, Message, RetentionRun
from desk.desk import Desk
from desk.errors import ClockSetBack, NotFound, StoreIsBusy, StoreIsFull
from desk.privacy.retention.commands import DeleteDue
from desk.privacy.retention.queries import going_tonight, next_due, retention_status
from desk.privacy.retention.rules import Due
from desk.privacy.retention.run import CLAIM, run_retention
from tests.builders import INSTALLATION, House, new_store
from tests.forgetting import LOG_DAYS, Forgetting, day, on

ROOT = Path(__file__).resolve().parents[4]


def some_of_everything(forgetting: Forgetting, how_many: int = 5) -> None:
    """Write rows of every kind that are due on day 30, and some that never are."""
    for number in range(how_many):
        loan = forgetting.loan(-number, occasion=forgetting.occasion(visit=f"v{number}"))
        fee = forgetting.fee(loan, settled=-number)
        forgetting.payment(-number, fee)
        forgetting.override(-5, f"v{number}")
        forgetting.message(-number)
        forgetting.look(on(-200 + number))
    forgetting.occasion(due=-1)
    forgetting.request(-200)
    forgetting.fee(forgetting.loan(0), settled=None)
    forgetting.loan(None)


async def test_a_dry_run_says_exactly_what_a_run_deletes_and_deletes_nothing(forgetting: Forgetting) -> None:
    some_of_everything(forgetting)
    before = forgetting.everything()
    doomed = await forgetting.doomed(30)
    dry = await forgetting.dry(30)
    assert forgetting.everything() == before
    report = await forgetting.run(30)
    gone = {table: before[table] - left for table, left in forgetting.everything().items()}
    assert all(gone.values()), gone
    assert {table: doomed.get(table, set()) for table in gone} == gone
    assert {name: n for name, n in report.counts.items() if n} == {name: n for name, n in dry.counts.items() if n}


async def test_what_goes_tonight_is_what_the_run_deletes(house: House, forgetting: Forgetting) -> None:
    some_of_everything(forgetting)
    await forgetting.run(-20)
    await forgetting.run(29)
    before = forgetting.everything()
    tonight = await house.desk.ask(house.who(), going_tonight, on(29, 20), LOG_DAYS)
    assert tonight.day == day(30)
    report = await forgetting.run(30)
    after = forgetting.everything()
    listed = {(row.table, row.row_id) for row in tonight.rows}
    told = ("loan", "fee", "payment", "message", "override", "deletion_request")
    assert listed == {(table, number) for table in told for number in before[table] - after[table]}
    counted = {table: n for table, n in tonight.counts.items() if n and table != "command_record"}
    assert counted == {table: n for table, n in report.counts.items() if n and table != "command_record"}


async def test_a_run_a_day_is_kept_with_what_went(forgetting: Forgetting) -> None:
    some_of_everything(forgetting)
    report = await forgetting.run(30)
    assert forgetting.runs() == [(day(30), "done", "")]
    kept = forgetting.house.value(RetentionRun.select(RetentionRun.counts))
    assert f'"loan": {report.counts["loan"]}' in kept


async def test_an_occasion_with_an_open_loan_is_not_told_to_go(forgetting: Forgetting) -> None:
    occasion = forgetting.occasion()
    closed, _open = forgetting.loan(0, occasion=occasion), forgetting.loan(None, occasion=occasion)
    doomed = await forgetting.doomed(30)
    assert {table: ids for table, ids in doomed.items() if ids} == {"loan": {closed}}


async def test_run_twice_does_nothing_more(forgetting: Forgetting) -> None:
    some_of_everything(forgetting)
    await forgetting.run(30)
    before, commands = forgetting.everything(), forgetting.house.ids(CommandRecord)
    again = await forgetting.run(30, hour=5)
    assert again.was_done
    assert not again.counts
    assert forgetting.everything() == before
    assert len(forgetting.house.ids(CommandRecord)) == len(commands) + 1
    assert len(forgetting.runs()) == 1


class Killed(Exception):
    """The program ended there."""


def killed_after(commands: int, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be carried out any more after so many commands, as if the program had been killed."""
    real, done = desk.do, iter(range(commands))

    async def do(command: object) -> object:
        if next(done, None) is None:
            raise Killed
        return await real(command)  # type: ignore[arg-type]  # whatever it answers with

    monkeypatch.setattr(desk, "do", do)


async def test_killed_after_any_batch_the_next_run_finishes(
    forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.privacy.retention.kind.Kind.at_once", 2)
    monkeypatch.setattr("desk.privacy.retention.loans.Loans.at_once", 2)
    monkeypatch.setattr("desk.privacy.retention.money.Fees.at_once", 2)
    some_of_everything(forgetting)
    before, doomed = forgetting.everything(), await forgetting.doomed(30)
    commands = 0
    while True:
        commands += 1
        with monkeypatch.context() as patch:
            killed_after(1 + commands % 3, forgetting.house.desk, patch)
            try:
                await forgetting.run(30)
            except Killed:
                assert forgetting.runs() == [(day(30), "running", "")]
                continue
        break
    assert commands > 5
    left = forgetting.everything()
    assert {table: before[table] - left[table] for table in left} == {t: doomed.get(t, set()) for t in left}
    assert forgetting.runs() == [(day(30), "done", "")]
    kept = forgetting.house.value(RetentionRun.select(RetentionRun.counts))
    assert f'"loan": {len(doomed["loan"])}' in kept


async def test_one_that_was_killed_yesterday_is_told_as_failed_and_made_up_for(
    forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_of_everything(forgetting)
    with monkeypatch.context() as patch:
        killed_after(1, forgetting.house.desk, patch)
        with pytest.raises(Killed):
            await forgetting.run(30)
    for hour, expected in ((2, False), (9, True)):
        status = await forgetting.house.desk.ask(INSTALLATION, retention_status, on(30, hour, 30), LOG_DAYS)
        assert status.has_failed is expected
    await forgetting.run(31)
    assert forgetting.runs() == [(day(30), "failed", "interrupted"), (day(31), "done", "")]


@pytest.mark.parametrize(("number", "hour"), [(29, 23), (-335, 12), (30, 1)])
async def test_a_clock_that_was_set_back_deletes_nothing(forgetting: Forgetting, number: int, hour: int) -> None:
    await forgetting.run(30)
    some_of_everything(forgetting)
    before = forgetting.everything()
    with pytest.raises(ClockSetBack) as caught:
        await forgetting.run(number, hour)
    assert caught.value.last_at == on(30, 2)
    assert caught.value.now == on(number, hour)
    assert forgetting.everything() == before
    status = await forgetting.house.desk.ask(INSTALLATION, retention_status, on(number, hour), LOG_DAYS)
    assert status.clock_back_from == on(30, 2)
    assert not status.is_well


async def test_a_row_that_has_come_to_life_since_it_was_looked_at_stays(house: House, forgetting: Forgetting) -> None:
    fee = forgetting.fee(settled=0)
    due = Due(day(30), on(30, 2), LOG_DAYS)
    step = await house.desk.ask(INSTALLATION, next_due, "fee", due, None)
    assert step.ids == (fee,)
    house.put(Fee.update(settled_on=None, outcome=None).where(Fee.id == fee))
    run = house.put(RetentionRun.insert(day=day(30), started_at=on(30, 2)))
    command = DeleteDue(
        command_id="late", who=INSTALLATION, at=on(30, 2), run_id=run, kind="fee", ids=step.ids, due=due
    )
    assert (await house.desk.do(command)).total == 0
    assert forgetting.there(Fee) == {fee}


async def test_a_kind_that_there_is_none_of_is_refused(house: House) -> None:
    due = Due(day(30), on(30), LOG_DAYS)
    command = DeleteDue(command_id="x", who=INSTALLATION, at=on(30), run_id=1, kind="borrower", ids=(1,), due=due)
    with pytest.raises(NotFound):
        await house.desk.do(command)


async def test_no_batch_is_larger_than_two_hundred_rows(
    forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    occasion = forgetting.occasion()
    for _loan in range(230):
        forgetting.loan(0, occasion=occasion)
        forgetting.message(0)
    sizes: list[int] = []
    real = forgetting.house.desk.do

    async def do(command: object) -> object:
        done: Any = await real(command)  # type: ignore[arg-type]  # whatever it answers with
        if isinstance(command, DeleteDue):
            sizes.append(done.total)
        return done

    monkeypatch.setattr(forgetting.house.desk, "do", do)
    await forgetting.run(30)
    assert sum(sizes) == 461
    assert max(sizes) <= 200


async def test_two_programs_at_once_delete_everything_once(forgetting: Forgetting) -> None:
    some_of_everything(forgetting)
    doomed = await forgetting.doomed(30)
    house = forgetting.house
    other = new_store(house.store.url)
    try:
        work = forgetting.clockwork()
        second = type(work)(Desk(other), other, work.home, work.log_days, work.clock, work.new_id)
        house.clock.now = on(30, 2)
        reports = await asyncio.gather(run_retention(work), run_retention(second))
    finally:
        other.close()
    assert sum(report.counts.get("loan", 0) for report in reports) == len(doomed["loan"])
    assert sorted(report.is_busy or report.was_done for report in reports) == [False, True]


async def test_a_claim_is_let_go_when_the_run_is_over(forgetting: Forgetting) -> None:
    await forgetting.run(30)
    other = new_store(forgetting.house.store.url)
    try:
        assert await other.claim(CLAIM)
    finally:
        other.close()


async def test_scans_go_on_between_the_batches(forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.privacy.retention.kind.Kind.at_once", 2)
    for _message in range(60):
        forgetting.message(0)
    house = forgetting.house
    person, things = house.borrower(), [house.item() for _ in range(10)]
    forgetting.house.clock.now = on(30, 2)
    other = new_store(house.store.url)
    try:
        work = forgetting.clockwork()
        apart = type(work)(Desk(other), other, work.home, work.log_days, work.clock, work.new_id)
        running = asyncio.create_task(run_retention(apart))
        lent = []
        for thing in things:
            await house.lend(thing, person)
            lent.append(not running.done())
        await running
    finally:
        other.close()
    assert lent[0]
    assert forgetting.there(Message) == set()
    assert len(house.open_loans()) == 10


async def test_a_loan_that_is_due_can_be_returned_and_lent_whatever_the_clock_does(forgetting: Forgetting) -> None:
    house = forgetting.house
    person, thing = house.borrower(), house.item()
    house.clock.now = on(0)
    for number in range(3):
        await house.lend(thing, person)
        await house.take_back(thing)
        await forgetting.run(30 + number)
        house.clock.now = on(30 + number, 12)
    assert len(forgetting.there(Loan)) == 2


async def test_a_reader_that_holds_the_write_ahead_log_stops_nothing(forgetting: Forgetting) -> None:
    some_of_everything(forgetting)
    reader = new_store(forgetting.house.store.url)
    try:
        before = reader.read_here(lambda transaction: len(transaction.all(Loan.select(Loan.id))))
        begun, ended = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def look(transaction: object) -> tuple[int, int]:
            first = len(transaction.all(Loan.select(Loan.id)))  # type: ignore[attr-defined]  # a transaction
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(ended.wait(), loop).result(60)
            return first, len(transaction.all(Loan.select(Loan.id)))  # type: ignore[attr-defined]

        holding = asyncio.create_task(reader.read(look))
        await begun.wait()
        report = await forgetting.run(30)
        ended.set()
        # The reader saw one state of the store all the while; the run went on beside it.
        assert await holding == (before, before)
        assert report.counts["loan"]
        assert forgetting.there(Loan) == {
            row[0] for row in reader.read_here(lambda transaction: transaction.all(Loan.select(Loan.id)))
        }
    finally:
        reader.close()


async def test_a_store_that_is_busy_is_tried_again(forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch) -> None:
    some_of_everything(forgetting)
    real, chance = forgetting.house.desk.do, random.Random(1)

    async def do(command: object) -> object:
        if chance.random() < 0.3:
            raise StoreIsBusy("store.db")
        return await real(command)  # type: ignore[arg-type]  # whatever it answers with

    monkeypatch.setattr(forgetting.house.desk, "do", do)
    await forgetting.run(30)
    assert forgetting.runs() == [(day(30), "done", "")]


def test_a_disk_that_is_full_stops_the_run_and_not_what_it_has_done(tmp_path: Path) -> None:
    program = subprocess.run(
        [sys.executable, "-m", "tests.desk.privacy.retention.full_disk", str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    said = dict(line.split(":") for line in program.stdout.split())
    assert said["run"] == "StoreIsFull"
    assert 0 < int(said["left"]) < int(said["before"])
    assert said["looked"] == said["left"]
    assert said["again"] == "0"
    assert said["damage"] == "0"


async def test_a_run_that_fails_says_so_and_the_next_one_goes_on(
    forgetting: Forgetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_of_everything(forgetting)
    real = forgetting.house.desk.do

    async def do(command: object) -> object:
        if isinstance(command, DeleteDue) and command.kind == "loan":
            raise StoreIsFull("store.db")
        return await real(command)  # type: ignore[arg-type]  # whatever it answers with

    with monkeypatch.context() as patch:
        patch.setattr(forgetting.house.desk, "do", do)
        with pytest.raises(StoreIsFull):
            await forgetting.run(30)
    assert forgetting.runs() == [(day(30), "failed", "StoreIsFull")]
    status = await forgetting.house.desk.ask(INSTALLATION, retention_status, on(30, 9), LOG_DAYS)
    assert status.has_failed
    await forgetting.run(30, hour=9)
    assert forgetting.runs() == [(day(30), "done", "")]
    assert not await forgetting.doomed(30, hour=10)


# How the clock stands.


async def test_nothing_is_late_the_day_after_a_run_and_something_is_the_day_after_that(forgetting: Forgetting) -> None:
    ask = forgetting.house.desk.ask
    first = await ask(INSTALLATION, retention_status, on(30, 9), LOG_DAYS)
    assert (first.done_on, first.next_on, first.is_well) == (None, day(30), True)
    await forgetting.run(30)
    forgetting.message(2)
    done = await ask(INSTALLATION, retention_status, on(30, 9), LOG_DAYS)
    assert (done.done_on, done.next_on, done.is_well) == (day(30), day(31), True)
    next_day = await ask(INSTALLATION, retention_status, on(31, 9), LOG_DAYS)
    assert (next_day.next_on, next_day.is_well, next_day.backlog) == (day(31), True, 0)
    late = await ask(INSTALLATION, retention_status, on(32, 9), LOG_DAYS)
    # What F5 lists: the message goes today.
    assert (late.is_late, late.backlog) == (True, 1)
    later = await ask(INSTALLATION, retention_status, on(33, 9), LOG_DAYS)
    assert (later.is_late, later.backlog) == (True, 1)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the pauses out, but not the turns between batches."""
    monkeypatch.setattr("desk.privacy.retention.run.PAUSE_SECONDS", 0.0005)
