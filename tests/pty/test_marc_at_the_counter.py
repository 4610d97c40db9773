"""Real input to end with: 1,238 barcodes out of a MARC file, lent and returned by scans at the counter."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from pymarc import MARCReader

from tests.pty.counter import ENTER, ESC, F3, ROOT, SIGN_OFF, desk, scan
from tests.pty.terminal import Terminal

ITEMS, LIMIT = 1238, 100
GROUPS = -(-ITEMS // LIMIT)


def barcodes_of(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [
            field["i"] for record in MARCReader(file) if record for field in record.get_fields("949") if "i" in field
        ]


def a_library(home: Path, marc: Path) -> None:
    """Make a library, its items from MARC, and institutions enough to lend them all to."""
    made = desk(
        home,
        *("init", "--library", "Struer Bibliotek", "--isil", "DK-767100"),
        *("--branch", "Struer", "--supervisor", "lone", "--password-stdin"),
        stdin="en lang adgangskode\n",
    )
    assert made.returncode == 0, made.stderr
    imported = desk(
        home, "import", "items", str(marc), "--item-tag", "949", "--barcode", "i", "--material", "x", "--json"
    )
    assert imported.returncode == 0, imported.stderr
    report = json.loads(imported.stdout.splitlines()[-1])
    assert (report["records"], report["read"], report["added"]) == (1000, ITEMS, ITEMS)
    borrowers = home / "borrowers.csv"
    rows = [f"50000{number:05};Institution {number};institution;Struer" for number in range(GROUPS)]
    borrowers.write_text("card;name;group;branch\n" + "\n".join(rows) + "\n", encoding="utf-8")
    told = desk(home, "import", "borrowers", str(borrowers), "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout.splitlines()[-1])["added"] == GROUPS


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_barcode_of_the_file_is_lent_and_comes_back(tmp_path: Path, shared: Path) -> None:
    home, marc = tmp_path / "home", shared / "data" / "marc21-music-1000.mrc"
    a_library(home, marc)
    barcodes = barcodes_of(marc)
    assert len(set(barcodes)) == ITEMS
    counter = [sys.executable, "-m", "desk"]
    with Terminal(counter, columns=120, lines=30, env={"DESK_HOME": str(home)}, cwd=ROOT) as terminal:
        terminal.wait_for("Brugernavn", 30)
        terminal.send("lone")
        terminal.wait_for("lone")
        terminal.send("\ten lang adgangskode")
        terminal.wait_for("•" * 10)
        terminal.send(ENTER)
        terminal.wait_for("F2 UDLÅN", 20)
        for group in range(GROUPS):
            part = barcodes[group * LIMIT : (group + 1) * LIMIT]
            scan(terminal, f"50000{group:05}")
            terminal.wait_for(f"Institution {group}")
            for barcode in part:
                scan(terminal, barcode)
            terminal.wait_for(f"lån {len(part)}/{LIMIT}", 60)
        terminal.send(ESC)
        terminal.wait_for("Scan et lånerkort.")
        out = json.loads(desk(home, "check", "--json").stdout.splitlines()[-1])
        assert out["counts"]["open_loans"] == ITEMS
        terminal.send(F3)
        terminal.wait_for("F3 AFLEVERING")
        for barcode in barcodes:
            scan(terminal, barcode)
        terminal.wait_for(lambda t: "kø 0" in t.shown and str(ITEMS) in t.shown, 120)
        terminal.send(SIGN_OFF)
        terminal.wait_for("Brugernavn")
    checked = desk(home, "check", "--json")
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout.splitlines()[-1])["counts"]["open_loans"] == 0
