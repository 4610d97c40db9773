"""``desk check``: what it says, and how it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from db.models import Item
from db.queue import NewEntry, Queue
from desk.cli.check_words import finding_text
from desk.installation import open_installation
from desk.registry.checking import Finding
from tests.builders import TUESDAY
from tests.cli.conftest import Shell


def lend_behind_its_back(home: Path, file: Path, desk: Shell) -> None:
    file.write_text("barcode;title\n1;Bog\n", "utf-8")
    assert desk("import", "items", str(file)) == 0
    with open_installation(home) as installation:
        installation.store.write_here(lambda store: store.run(Item.update(status="on_loan")))


def scan(home: Path) -> None:
    """Leave a scan in the queue, as a counter that was killed does."""
    with open_installation(home) as installation:
        queue = Queue(home / "queue.db", installation.secrets.secret("queue"))
        asyncio.run(queue.append(NewEntry("command-1", "scan", "510", 1, 1, TUESDAY)))
        queue.close()


def test_a_whole_store_ends_with_0(desk: Shell) -> None:
    assert desk("check") == 0
    assert desk.out.splitlines() == [
        "Lånere: 0 · titler: 0 · materialer: 0 · udlån: 0 · loglinjer: 0",
        "Der er ikke taget nogen sikkerhedskopi herfra.",
        "Alt i orden.",
    ]
    assert desk("check", "--json") == 0
    assert desk.json == {
        "ok": True,
        "errors": [],
        "warnings": [],
        "counts": {"borrowers": 0, "titles": 0, "items": 0, "open_loans": 0, "log_rows": 0},
        "queues": [],
        "last_backup_on": None,
    }


def test_of_back_ups_that_cannot_be_looked_for_nothing_is_said(desk: Shell) -> None:
    (desk.home / "keys" / "cpr").rename(desk.home / "cpr")
    assert desk("check") != 0
    assert "sikkerhedskopi" not in desk.out


def test_what_is_wrong_is_said_and_ends_with_1(desk: Shell, tmp_path: Path) -> None:
    lend_behind_its_back(desk.home, tmp_path / "items.csv", desk)
    assert desk("check") == 1
    assert "fejl: 1 materiale står som udlånt uden et lån." in desk.err
    assert "Alt i orden" not in desk.out
    assert desk("check", "--json") == 1
    assert [(error["check"], error["rows"]) for error in desk.json["errors"]] == [("marked_not_lent", [1])]


def test_scans_that_wait_are_counted(desk: Shell) -> None:
    scan(desk.home)
    assert desk("check", "--json") == 0
    assert desk.json["queues"] == [{"file": "queue.db", "waiting": 1, "deciding": 0}]
    assert desk("check") == 0
    assert "queue.db: ventende scanninger: 1 · ventende beslutninger: 0" in desk.out


def test_a_damaged_queue_is_an_error(desk: Shell) -> None:
    scan(desk.home)
    (desk.home / "queue.db").write_bytes(b"x" * 4096)
    assert desk("check", "--json") == 1
    (error,) = desk.json["errors"]
    assert error["check"] == "queue"
    assert "queue.db" in error["text"]
    # It is in no back-up: what helps is said, and does.
    assert "flyt filen væk" in error["text"]
    (desk.home / "queue.db").unlink()
    assert desk("check") == 0


def wrong_key(home: Path) -> None:
    (home / "keys" / "store").write_text("ab" * 32)


def overwritten(home: Path) -> None:
    raw = bytearray((home / "store.db").read_bytes())
    raw[4096:] = b"x" * (len(raw) - 4096)
    (home / "store.db").write_bytes(raw)


def scratched(home: Path) -> None:
    raw = bytearray((home / "store.db").read_bytes())
    raw[-2000:-1990] = b"scratched!"
    (home / "store.db").write_bytes(raw)


def cut_off(home: Path) -> None:
    with (home / "store.db").open("r+b") as file:
        file.truncate(5000)


def gone(home: Path) -> None:
    (home / "store.db").unlink()


DAMAGES = {"wrong key": wrong_key, "overwritten": overwritten, "cut off": cut_off, "gone": gone}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("words", [("check",), ("staff", "list"), ("import", "items", "items.csv"), ()])
def test_a_store_that_cannot_be_read_is_named_and_not_written(desk: Shell, damage: str, words: tuple[str, ...]) -> None:
    DAMAGES[damage](desk.home)
    before = {path: path.read_bytes() for path in desk.home.rglob("*") if path.is_file()}
    assert desk(*words) == 1
    assert str(desk.home / "store.db") in desk.err
    assert "sikkerhedskopi" in desk.err
    assert {path: path.read_bytes() for path in desk.home.rglob("*") if path.is_file()} == before


def test_a_page_that_nobody_has_read_yet_is_looked_at_too(desk: Shell) -> None:
    scratched(desk.home)
    assert desk("check", "--json") == 1
    assert desk.json["errors"]


def test_a_missing_key_is_named(desk: Shell) -> None:
    (desk.home / "keys" / "store").unlink()
    assert desk("check", "--json") == 1
    assert "»store«" in desk.json["errors"][0]["text"]


@pytest.mark.parametrize(
    "what",
    ["lent_twice", "lent_not_marked", "marked_not_lent", "occasion", "closed_on", "command_twice", "no_supervisor"],
)
def test_every_finding_has_words_of_its_own(what: str) -> None:
    words: set[Any] = {finding_text(Finding(what, 2)), finding_text(Finding("library", 2))}
    assert len(words) == 2
