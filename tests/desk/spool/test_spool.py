"""The spool: sealed, printed once, printed again on demand, and emptied after a few days (V3)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.spool.sealed import Print, Unreadable, seal, spool_key, unseal
from desk.spool.spool import FOLDER, Paper, Spool, delete_old_jobs
from devices.paper import Bars, Line, Rule
from devices.printer import Printer
from devices.virtual_printer import VirtualPrinter
from tests.printing import SEALED_WITH, until

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
SLIP = Print("pickup", "Hylde 34", (Line("Kongens Fald", "bold", centred=True), Rule(), Bars("3000003416")), 7)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path, spool_key(SEALED_WITH), Paper(32, "cp865"))


def files(home: Path) -> list[str]:
    return sorted(path.suffix for path in (home / FOLDER).iterdir())


def printed(spool: Spool, job_id: str) -> bytes:
    """Print a job as the printer's thread does."""
    with spool.held(job_id) as job:
        assert job is not None
        data = job.data
        job.printed()
    return data


def test_a_job_comes_back_as_it_was() -> None:
    key = spool_key(SEALED_WITH)
    assert unseal(key, "1-a", seal(key, "1-a", SLIP)) == SLIP


def test_a_file_says_nothing_and_names_nobody(spool: Spool, tmp_path: Path) -> None:
    spool.add(AT, "command-1", SLIP)
    (path,) = (tmp_path / FOLDER).iterdir()
    assert path.name == "1773133200000-command-1.waiting"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not [word for word in (b"Kongens", b"3000003416", b"Hylde", b"pickup") if word in path.read_bytes()]


def test_a_job_opens_with_its_own_key_and_under_its_own_name_only() -> None:
    key = spool_key(SEALED_WITH)
    sealed = seal(key, "1-a", SLIP)
    for other, name, stored in (
        (spool_key(b"x" * 32), "1-a", sealed),
        (key, "1-b", sealed),
        (key, "1-a", sealed[:-1]),
        (key, "1-a", b""),
    ):
        with pytest.raises(Unreadable):
            unseal(other, name, stored)


def test_what_is_printed_is_what_the_preview_shows(spool: Spool) -> None:
    job_id = spool.add(AT, "command-1", SLIP)
    shown = spool.shown(job_id)
    assert "Kongens Fald" in shown
    data = printed(spool, job_id)
    assert all(line.strip().encode("cp865") in data for line in shown.splitlines() if "|" not in line)
    assert spool.shown(job_id) == shown


def test_the_same_command_makes_one_slip_also_when_it_has_been_printed(spool: Spool, tmp_path: Path) -> None:
    for _time in range(2):
        job_id = spool.add(AT, "command-1", SLIP)
    printed(spool, job_id)
    assert spool.add(AT, "command-1", SLIP) == job_id
    assert files(tmp_path) == [".printed"]
    assert spool.waiting() == ()


def test_it_is_printed_again_when_somebody_asks(spool: Spool) -> None:
    job_id = spool.add(AT, "command-1", SLIP)
    first = printed(spool, job_id)
    assert spool.again(job_id)
    assert spool.waiting() == (job_id,)
    assert printed(spool, job_id) == first
    assert not spool.again("1773133200000-unknown")


def test_what_is_taken_out_is_not_printed(spool: Spool, tmp_path: Path) -> None:
    one, other = spool.add(AT, "command-1", SLIP), spool.add(AT, "command-2", SLIP)
    printed(spool, other)
    assert spool.take_out(one) == "waiting"
    assert spool.take_out(other) == "printed"
    assert spool.take_out(one) is None
    assert files(tmp_path) == []


def test_while_a_job_is_printed_nobody_else_prints_it(spool: Spool, tmp_path: Path) -> None:
    job_id = spool.add(AT, "command-1", SLIP)
    another = Spool(tmp_path, spool_key(SEALED_WITH), Paper())
    with spool.held(job_id) as job:
        assert job is not None
        with another.held(job_id) as second:
            assert second is None
        assert another.take_out(job_id) == "printed"
        job.printed()
    with another.held(job_id) as second:
        assert second is None


def test_two_counters_that_share_a_home_print_each_job_once(spool: Spool, tmp_path: Path) -> None:
    twins = [VirtualPrinter(), VirtualPrinter()]
    both = [Printer(twin, Spool(tmp_path, spool_key(SEALED_WITH), Paper()), 0.001) for twin in twins]
    for printer in both:
        printer.start(lambda _message: None)
    for number in range(40):
        spool.add(AT, f"command-{number}", SLIP)
        time.sleep(0.001)
    until(lambda: not spool.waiting())
    for printer in both:
        printer.close()
    assert sum(len(twin.printed) for twin in twins) == 40


def test_a_damaged_job_stops_no_other_and_is_in_no_list(spool: Spool, tmp_path: Path) -> None:
    bad, good = spool.add(AT, "command-1", SLIP), spool.add(AT, "command-2", SLIP)
    (tmp_path / FOLDER / f"{bad}.waiting").write_bytes(b"nothing of ours")
    twin = VirtualPrinter()
    printer = Printer(twin, spool, 0.01)
    printer.start(lambda _message: None)
    until(lambda: spool.state_of(good) == "printed")
    printer.close()
    assert len(twin.printed) == 1
    assert [job.job_id for job in spool.jobs()] == [good]


def test_the_list_names_what_it_is_and_nobody(spool: Spool) -> None:
    spool.add(AT, "command-1", SLIP)
    spool.add(AT + timedelta(minutes=1), "command-2", Print("receipt", "2 lån", (Line("Kongens Fald"),), 7))
    listed = [(job.kind, job.about, job.state, job.made_at) for job in spool.jobs()]
    assert listed == [
        ("receipt", "2 lån", "waiting", AT + timedelta(minutes=1)),
        ("pickup", "Hylde 34", "waiting", AT),
    ]
    assert "Kongens" not in repr(spool.jobs())


def test_it_is_emptied_after_some_days_whatever_lies_in_it(spool: Spool, tmp_path: Path) -> None:
    printed(spool, spool.add(AT, "command-1", SLIP))
    spool.add(AT, "command-2", SLIP)
    spool.add(AT + timedelta(days=2), "command-3", SLIP)
    assert delete_old_jobs(tmp_path, AT + timedelta(days=3, seconds=-1), 3) == 0
    assert delete_old_jobs(tmp_path, AT + timedelta(days=3), 3) == 2
    assert [job.job_id for job in spool.jobs()] == ["1773306000000-command-3"]
    draft = tmp_path / FOLDER / ".broken-off.waiting.ab12"
    draft.write_bytes(b"x")
    assert delete_old_jobs(tmp_path, datetime.now(UTC) + timedelta(days=4), 3) == 2
    assert files(tmp_path) == []


def test_where_nothing_was_ever_printed_there_is_nothing_to_empty(tmp_path: Path) -> None:
    assert delete_old_jobs(tmp_path, AT, 3) == 0
    assert not (tmp_path / FOLDER).exists()


def test_what_waits_stands_first_in_the_list(spool: Spool) -> None:
    ids = [spool.add(AT + timedelta(minutes=number), f"command-{number}", SLIP) for number in range(3)]
    printed(spool, ids[2])
    assert [job.job_id for job in spool.jobs()] == [ids[1], ids[0], ids[2]]


def test_a_statement_which_names_somebody_is_not_kept_once_it_is_printed(spool: Spool, tmp_path: Path) -> None:
    job_id = spool.add(AT, "command-1", Print("statement", "", (Line("Anna Møller"),), 7))
    assert "Anna Møller".encode("cp865") in printed(spool, job_id)
    assert files(tmp_path) == []
    assert not spool.again(job_id)
