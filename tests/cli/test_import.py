"""``desk import``: what IT and scripts are told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desk.cli.import_words import PROBLEMS, UNREADABLE, note_text, problem_text
from desk.registry.report import Note, Problem
from tests.cli.conftest import Shell
from tests.desk.registry.files import BORROWER_COLUMNS, marc


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_the_report_is_one_object_on_the_last_line(desk: Shell, file: Path) -> None:
    file.write_text("barcode;title;material_group\n1;Bog;LYD\n2;;\n3;Bog;\n", "utf-8")
    assert desk("import", "items", str(file), "--json") == 0
    assert desk.json == {
        "records": 3,
        "read": 3,
        "added": 2,
        "updated": 0,
        "skipped": 1,
        "reasons": [
            {"record": 3, "reason": "titlen mangler"},
            {"record": 2, "reason": "ukendt materialetype »LYD«: 1 materiale i gruppen standard"},
        ],
    }


def test_without_json_it_is_said_in_lines(desk: Shell, file: Path) -> None:
    rows = "".join(f"{number};\n" for number in range(1005))
    file.write_text("barcode;title\n" + rows, "utf-8")
    assert desk("import", "items", str(file)) == 0
    assert desk.out == "Linjer eller poster: 1.005 · læst: 1.005 · tilføjet: 0 · opdateret: 0 · sprunget over: 1.005\n"
    assert "nr. 2: titlen mangler" in desk.err
    assert "… og 985 mere." in desk.err


def test_a_log_gets_a_line_now_and_then(desk: Shell, file: Path) -> None:
    file.write_text("barcode;title\n" + "".join(f"{number};Bog {number}\n" for number in range(3000)), "utf-8")
    assert desk("import", "items", str(file)) == 0
    told = [line for line in desk.err.splitlines() if line.startswith("materialer: ")]
    assert told[-1] == "materialer: 3.002 af 3.002"
    assert len(told) == 10


def test_a_terminal_gets_a_bar(desk: Shell, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("barcode;title\n" + "".join(f"{number};Bog {number}\n" for number in range(500)), "utf-8")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert desk("import", "items", str(file)) == 0
    assert "materialer" in desk.err
    assert "100%" in desk.err


def test_the_music_library_is_read_by_field_and_subfields(desk: Shell, shared: Path) -> None:
    path = str(shared / "data" / "marc21-music-1000.mrc")
    words = ("import", "items", path, "--item-tag", "949", "--barcode", "i", "--material", "x", "--json")
    for added, updated in ((1238, 0), (0, 1238)):
        assert desk(*words) == 0
        report = desk.json
        assert {name: report[name] for name in ("records", "read", "added", "updated", "skipped")} == {
            "records": 1000,
            "read": 1238,
            "added": added,
            "updated": updated,
            "skipped": 0,
        }
    assert {"record": 229, "reason": "17 poster uden felt 949"} in report["reasons"]
    assert desk("check", "--json") == 0
    assert desk.json["counts"]["items"] == 1238


def test_another_library_keeps_its_items_elsewhere(desk: Shell, tmp_path: Path) -> None:
    path = tmp_path / "items.mrc"
    path.write_bytes(marc("Bog", "510", tag="952"))
    assert desk("import", "items", str(path), "--json") == 0
    assert desk.json["read"] == 0
    assert desk("import", "items", str(path), "--item-tag", "952", "--json") == 0
    assert desk.json["added"] == 1


def test_items_belong_to_the_branch_that_is_named(desk: Shell, file: Path) -> None:
    file.write_text("barcode;title\n1;Bog\n", "utf-8")
    assert desk("import", "items", str(file), "--branch", "thyholm") == 0
    assert desk("import", "items", str(file), "--branch", "Ribe") == 1
    assert "Filialen findes ikke." in desk.err


def test_nothing_of_a_person_is_said(desk: Shell, file: Path) -> None:
    secrets = ("3300000012", "7705804321", "Møller", "Østergade", "20123456", "anna", "hue", "GULD", "1980")
    cells = "3300000012,7705804321,Anna Møller,1980-05-17,,Østergade 5,7600,Struer,,20123456,anna@example.dk"
    lines = [
        f"{cells},voksen,Struer,671,da,,Glemte en hue,",
        f"{cells},voksen,Struer,671,da,,Glemte en hue,",
        f"{cells.replace('3300000012', 'GULD')},GULD,Struer,671,da,,Glemte en hue,",
        f"{cells.replace('7705804321', '').replace('3300000012', 'GULD-2')},voksen,Struer,671,da,GULD-9,hue,",
        cells,
    ]
    file.write_text("\n".join((BORROWER_COLUMNS, *lines)) + "\n", "utf-8")
    for words in ((), ("--json",)):
        assert desk("import", "borrowers", str(file), *words) == 0
        assert not any(secret.casefold() in desk.said.casefold() for secret in secrets)
        assert "kortet står allerede i filen" in desk.said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"title\nBog\n", "mangler kolonner: barcode. Intet er indl"),
        (b"", "er tom."),
        ("barcode;title\n1;Bog\n".encode("utf-16"), "er UTF-16."),
        (b"barcode;title;title\n", "har kolonner to gange: title."),
    ],
)
def test_a_file_that_is_none_is_named_with_what_is_wrong(
    desk: Shell, file: Path, content: bytes, sentence: str
) -> None:
    file.write_bytes(content)
    assert desk("import", "items", str(file)) == 1
    assert f"{file} {sentence}" in desk.err
    assert desk("check", "--json") == 0
    assert desk.json["counts"]["items"] == 0


def test_a_file_that_is_not_there_or_a_folder_is_told(desk: Shell, tmp_path: Path) -> None:
    assert desk("import", "items", str(tmp_path / "nothing.csv")) == 1
    assert "findes ikke" in desk.err
    assert desk("import", "borrowers", str(tmp_path)) == 1
    assert "er en mappe" in desk.err
    assert desk("import", "items", "x\0y") == 1


def test_every_reason_has_words_of_its_own() -> None:
    assert len(set(PROBLEMS.values()) | {UNREADABLE}) == len(PROBLEMS) + 1
    assert all("{" not in problem_text(Problem(1, why, "x")) for why in PROBLEMS)
    whys = ("column", "material", "no_items", "guardian_unknown", "guardian_self")
    assert len({note_text(Note(1, why, "x", 2)) for why in whys}) == len(whys)
