"""Q9: what is acknowledged is on the disk. Killing a program does not prove that: only the system calls do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCANS = 12
CHECKOUT = Path(__file__).resolve().parents[2]

# «12 pwrite64(7<…/queue.db-wal>, "…"..., 4120, 32) = 4120», or in two halves when another thread came between.
CALL = re.compile(r"^(?P<thread>\d+)\s+(?P<name>\w+)\(\d+<(?P<file>[^>]*)>(?P<rest>.*)$")
RESUMED = re.compile(r"^(?P<thread>\d+)\s+<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
SAID = re.compile(r'"(\w+)\\n"')


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A counter that lent some items while its system calls were noted."""
    folder = tmp_path_factory.mktemp("traced")
    strace = ["strace", "-f", "-y", "-s", "16", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o", f"{folder}/trace"]
    counter = [sys.executable, "-m", "tests.crash.traced_counter", str(folder), str(SCANS)]
    subprocess.run([*strace, *counter], cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, timeout=120)
    return folder


def calls_of(trace: Path) -> Iterator[tuple[str, str, str]]:
    """Give every system call when it has come back: its name, its file and what came after."""
    begun: dict[str, tuple[str, str]] = {}
    for line in trace.read_text(encoding="utf-8").splitlines():
        if call := CALL.match(line):
            if call["rest"].endswith("<unfinished ...>"):
                begun[call["thread"]] = call["file"], call["rest"]
            else:
                yield call["name"], call["file"], call["rest"]
        elif (end := RESUMED.match(line)) and end["thread"] in begun:
            file, rest = begun.pop(end["thread"])
            yield end["name"], file, rest + end["rest"]


def syncs_before(trace: Path, words: frozenset[str], log: str) -> list[int]:
    """Count the syncs of a write-ahead log before each of these words was said, since the one before it.

    Fails when something had been written to the log and not synced at that moment.
    """
    counts, syncs, written = [], 0, False
    for name, file, rest in calls_of(trace):
        if file.endswith(log):
            if name in {"fsync", "fdatasync"}:
                assert rest.endswith("= 0"), f"{name} failed: {rest}"
                syncs, written = syncs + 1, False
            else:
                written = True
        elif name == "write" and (said := SAID.search(rest)):
            if said[1] in words:
                assert not written, f"«{said[1]}» was said of something that is not on the disk yet"
                counts.append(syncs)
            syncs = 0
    return counts


def test_a_scan_is_on_the_disk_before_it_is_acknowledged(traced: Path) -> None:
    syncs = syncs_before(traced / "trace", frozenset({"heard"}), "queue.db-wal")
    # The card, then the items; nothing is handled meanwhile, so every sync is the scan's own.
    assert len(syncs) == SCANS + 1
    assert min(syncs) >= 1


def test_a_loan_is_on_the_disk_before_it_is_shown(traced: Path) -> None:
    syncs = syncs_before(traced / "trace", frozenset({"settled"}), "store.db-wal")
    assert len(syncs) == SCANS
    assert min(syncs) >= 1


@pytest.mark.parametrize("file", ["store", "queue"])
def test_both_files_are_kept_by_a_log_that_is_synced(traced: Path, file: str) -> None:
    kept = json.loads((traced / "pragmas.json").read_text(encoding="utf-8"))
    assert kept[file] == {"journal_mode": "wal", "synchronous": 2}
