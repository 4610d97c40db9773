"""``desk forms``: forms from a file, a folder and standard input; what is wrong is said without anybody in it (T3)."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.forms.kinds import KINDS
from desk.installation import now
from desk.settings import FILE, FormsSettings, initial_toml, load
from tests.cli.conftest import Shell
from tests.desk.forms.sent import STRINGS, WISH, drop, form


def test_a_file_a_folder_and_standard_input_come_in(
    desk: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = drop(tmp_path, "1.json", form(at=now()))
    assert desk("forms", "import", str(path)) == 0
    assert "Formularer læst: 1 · nye: 1 · var her allerede: 0 · afvist: 0" in desk.out
    assert not path.exists()
    folder = tmp_path / "dropped"
    drop(folder, "2.json", form("reading_group", at=now()))
    drop(folder, "3.json", form(at=now(), cpr="7705804716"))
    assert desk("forms", "import", str(folder), "--json") == 1
    reason = "har et felt, som formularen ikke har"
    assert desk.json == {
        "read": 2,
        "added": 1,
        "known": 0,
        "skipped": 1,
        "left": [],
        "reasons": [{"record": "3.json", "reason": reason}],
    }
    assert f"3.json: {reason}" in desk.err
    assert not any(text in desk.said for text in (*STRINGS, "cpr"))
    assert [path.name for path in folder.iterdir()] == ["3.json"]
    from desk.cli.main import run

    raw = io.TextIOWrapper(io.BytesIO(form("appointment", at=now(), id="x")), "ascii")
    monkeypatch.setattr("sys.stdin", raw)
    assert run(["forms", "import", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 1


def test_a_folder_that_is_not_there_is_said(desk: Shell, tmp_path: Path) -> None:
    assert desk("forms", "import", str(tmp_path / "ingen")) == 1
    assert "ingen" in desk.err


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_each_kind_is_printed(desk: Shell, kind: str) -> None:
    assert desk("forms", "schema", kind) == 0
    assert json.loads(desk.out)["properties"]["form"] == {"const": kind}
    assert desk("forms", "schema") == 0
    assert [one["title"] for one in json.loads(desk.out)["oneOf"]] == list(KINDS)
    assert desk("forms", "schema", "klage") == 2


def set_up(home: Path, **forms: Any) -> None:
    """Name a drop folder in ``desk.toml``."""
    (home / FILE).write_text(initial_toml(replace(load(home), forms=FormsSettings(**forms))), encoding="utf-8")


def test_the_night_takes_in_the_folder_that_desk_toml_names(desk: Shell, tmp_path: Path) -> None:
    set_up(desk.home, folder=str(tmp_path / "dropped"))
    drop(tmp_path / "dropped", "1.json", form(at=now()))
    assert desk("nightly", "--only", "forms", "--dry-run", "--json") == 0
    assert desk.json["parts"] == [{"part": "forms", "ok": True, "forms_new": 1, "forms_refused": 0, "forms_left": 0}]
    assert desk("nightly", "--only", "forms") == 0
    assert "formularer fra hjemmesiden: nye 1" in desk.out
    drop(tmp_path / "dropped", "2.json", b"hej")
    assert desk("nightly", "--only", "forms") == 1
    assert "afvist 1" in desk.out
    (tmp_path / "dropped" / "2.json").unlink()
    (tmp_path / "dropped").rmdir()
    assert desk("nightly", "--only", "forms") == 1
    assert "dropped" in desk.err


def test_a_night_without_a_folder_has_nothing_to_take_in(desk: Shell) -> None:
    assert desk("nightly", "--only", "forms") == 0


@pytest.mark.parametrize("weeks", ["33-26", "0-3", "26", "26-54", "juli"])
def test_weeks_that_are_none_are_refused_by_name(desk: Shell, weeks: str) -> None:
    set_up(desk.home, holiday_bag_weeks=weeks)
    assert desk("forms", "purchases") == 1
    assert "forms.holiday_bag_weeks" in desk.err


def test_the_purchase_list_is_empty_at_first_and_says_so(desk: Shell) -> None:
    assert desk("forms", "purchases", "--take-off", "--json") == 0
    assert desk.json == {"purchases": [], "taken_off": True}
    assert desk("forms", "purchases") == 0
    assert "0 titler på indkøbslisten." in desk.out
    assert WISH not in desk.out
