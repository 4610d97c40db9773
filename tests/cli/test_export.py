"""``desk export borrower``: who may, what lands where, and what is said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.models import AccessLog, Borrower, Staff
from db.store import Transaction
from desk.calendar import local_date
from desk.cli import asking
from desk.desk import Desk
from desk.installation import open_installation
from tests.cli.conftest import Shell
from tests.pdfs import text_of

NAME = "Åse Ærø Østergård"


@pytest.fixture
def library(desk: Shell, tmp_path: Path) -> Shell:
    """A library with one borrower, 4829 1173, and accounts of every role."""
    (tmp_path / "borrowers.csv").write_text(
        f"card,name,cpr,birth_date,branch,internal_note\nK-1,{NAME},7705804321,1980-05-17,Struer,glemte en hue\n",
        "utf-8",
    )
    assert desk("import", "borrowers", str(tmp_path / "borrowers.csv")) == 0
    for login, role in (("mette", "staff"), ("per", "it")):
        assert desk("staff", "add", login, "--role", role, "--password-stdin", typed="hemmelig\n") == 0
    change(desk, lambda transaction: transaction.run(Borrower.update(number="48291173")))
    return desk


def change(shell: Shell, work: Callable[[Transaction], object]) -> None:
    with open_installation(shell.home) as installation:
        installation.store.write_here(work)


def looks(shell: Shell) -> list[tuple[str, str, str, str]]:
    """Give what the access log says: who, what, why, how it went."""

    def rows(transaction: Transaction) -> list[tuple[str, str, str, str]]:
        columns = (Staff.login, AccessLog.action, AccessLog.purpose, AccessLog.outcome)
        wanted = AccessLog.select(*columns).join(Staff).order_by(AccessLog.number)
        return [(str(a), str(b), str(c), str(d)) for a, b, c, d in transaction.all(wanted)]

    with open_installation(shell.home) as installation:
        return installation.store.read_here(rows)


def export(shell: Shell, folder: Path, *more: str, number: str = "48291173", login: str = "lone") -> int:
    words = ("export", "borrower", number, "--out", str(folder), "--supervisor", login, "--password-stdin", *more)
    return shell(*words, typed="hemmelig\n")


def test_a_supervisor_gets_both_files_and_only_their_paths_are_said(library: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "udskrifter" / "mappe"
    assert export(library, folder) == 0
    json_file, pdf_file = sorted(folder.iterdir())
    assert library.out == f"Udskriften ligger i {pdf_file} og som JSON i {json_file}.\n"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert pdf_file.name.startswith("48291173-20")
    text = text_of(pdf_file.read_bytes())
    assert NAME in text
    assert "glemte en hue" in text
    assert "Lone" not in text
    assert json.loads(json_file.read_bytes())["held"]["cpr"]["values"][0]["cpr"] == "7705804321"
    assert not any(secret in library.said for secret in (NAME, "Åse", "770580", "hue", "K-1"))
    assert looks(library) == [("lone", "export", "access", "done")]


def test_with_json_the_last_line_is_one_object(library: Shell, tmp_path: Path) -> None:
    assert export(library, tmp_path / "ud", "--json", number="4829 1173") == 0
    said = library.json
    assert said["files"] == 2
    assert Path(said["pdf"]).read_bytes().startswith(b"%PDF-")
    assert json.loads(Path(said["json"]).read_bytes())["borrower_number"] == "48291173"
    assert len(library.out.splitlines()) == 1


def test_a_second_print_the_same_day_leaves_the_first(library: Shell, tmp_path: Path) -> None:
    assert export(library, tmp_path / "ud") == 0
    before = {path: path.read_bytes() for path in (tmp_path / "ud").iterdir()}
    assert export(library, tmp_path / "ud") == 0
    assert len(list((tmp_path / "ud").iterdir())) == 4
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.parametrize("number", ["48291174", "7705804321", "K-1", "770580-4321"])
def test_an_unknown_number_is_said_and_noted_as_a_failed_look_up(library: Shell, tmp_path: Path, number: str) -> None:
    assert export(library, tmp_path / "ud", number=number) == 1
    assert library.err == "desk: Der er ingen låner med det nummer. Intet er skrevet. Opslaget står i loggen.\n"
    assert not (tmp_path / "ud").exists()
    assert looks(library) == [("lone", "search", "access", "not_found")]


@pytest.mark.parametrize(
    ("login", "typed", "sentence"),
    [
        ("mette", "hemmelig", "Kræver vagthavende. Intet er ændret."),
        ("per", "hemmelig", "Kræver vagthavende. Intet er ændret."),
        ("lone", "forkert", "Forkert brugernavn eller adgangskode."),
        ("lone", "", "Forkert brugernavn eller adgangskode."),
        ("ingen", "hemmelig", "Forkert brugernavn eller adgangskode."),
    ],
)
def test_nobody_else_gets_anything_nor_learns_whether_there_is_such_a_borrower(
    library: Shell, tmp_path: Path, login: str, typed: str, sentence: str
) -> None:
    for number in ("48291173", "48291174"):
        words = ("export", "borrower", number, "--out", str(tmp_path / "ud"), "--supervisor", login)
        change(library, lambda transaction: transaction.run(Staff.update(try_again_at=None, locked_at=None)))
        assert library(*words, "--password-stdin", typed=f"{typed}\n") == 1
        assert library.err == f"desk: {sentence}\n"
    assert not (tmp_path / "ud").exists()
    assert looks(library) == []


def test_a_folder_that_cannot_be_had_is_said_before_anything_is_looked_at(library: Shell, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("mit")
    assert export(library, tmp_path / "fil") == 1
    assert f"{tmp_path / 'fil'} kan ikke skrives" in library.err
    assert (tmp_path / "fil").read_text() == "mit"
    assert looks(library) == []


def test_without_a_terminal_it_is_said_what_is_missing(library: Shell, tmp_path: Path) -> None:
    words = ("export", "borrower", "48291173", "--out", str(tmp_path / "ud"))
    assert library(*words) == 2
    assert "--supervisor mangler." in library.err
    assert library(*words, "--supervisor", "lone") == 2
    assert "--password-stdin mangler." in library.err
    assert library("export", "borrower", "48291173") == 2
    assert "--out mangler." in library.err


def test_at_a_terminal_login_and_password_are_asked_for(
    library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def secret(question: str) -> str:
        asked.append(question)
        return "hemmelig"

    monkeypatch.setattr(asking, "somebody_is_there", lambda: True)
    monkeypatch.setattr("getpass.getpass", secret)
    assert library("export", "borrower", "48291173", "--out", str(tmp_path / "ud"), typed="lone\n") == 0
    assert library.err == "Brugernavn: "
    assert asked == ["Adgangskode: "]


def test_an_export_deletes_what_has_lain_at_the_counter_for_a_week(library: Shell, tmp_path: Path) -> None:
    counters = library.home / "exports"
    counters.mkdir()
    today = local_date(datetime.now(UTC))
    for days in (9, 1):
        (counters / f"48291173-{today - timedelta(days=days)}.pdf").write_text("x")
    assert export(library, tmp_path / "ud") == 0
    assert os.listdir(counters) == [f"48291173-{today - timedelta(days=1)}.pdf"]


def test_the_desk_is_asked_and_nothing_else(library: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A supervisor who is dismissed between the password and the export gets nothing."""
    ask = Desk.ask

    async def dismissed(self: Desk, who: object, query: object, *arguments: object) -> object:
        if getattr(query, "__name__", "") == "borrower_with_number":
            self._store.write_here(lambda transaction: transaction.run(Staff.update(active=False)))
        return await ask(self, who, query, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Desk, "ask", dismissed)
    assert export(library, tmp_path / "ud") == 1
    assert not (tmp_path / "ud").exists()
