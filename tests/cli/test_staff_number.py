"""``desk staff number``: of whom an account is, by prompt or standard input and never as an argument (T3)."""

from __future__ import annotations

import getpass

import pytest

from db.models import SetUpChange
from desk.cli.main import run
from desk.installation import open_installation
from tests.cli.conftest import Shell


def numbers(desk: Shell) -> dict[str, bool]:
    """Read who has a number."""
    assert desk("staff", "list", "--json") == 0
    return {one["login"]: one["has_person_number"] for one in desk.json["staff"]}


def test_an_account_gets_its_number_from_standard_input(desk: Shell) -> None:
    assert numbers(desk) == {"lone": False}
    assert desk("staff", "number", "lone", "--person-number-stdin", typed="ab-1234\n") == 0
    assert "lone har et medarbejdernummer." in desk.out
    assert "1234" not in desk.said
    assert numbers(desk) == {"lone": True}
    assert desk("staff", "number", "lone", "--person-number-stdin", typed="\n") == 0
    assert "lone har intet medarbejdernummer." in desk.out


def test_that_a_number_was_changed_stands_among_the_changes_and_not_the_number(desk: Shell) -> None:
    for typed in ("ab-1234", "ab-1234", "cd-9", ""):
        assert desk("staff", "number", "lone", "--person-number-stdin", typed=f"{typed}\n") == 0
    with open_installation(desk.home) as installation:
        columns = (SetUpChange.staff, SetUpChange.what, SetUpChange.about, SetUpChange.before, SetUpChange.after)
        rows = installation.store.read_here(lambda t: t.all(SetUpChange.select(*columns).order_by(SetUpChange.id)))
    assert rows == [
        (None, "person_number", '["lone"]', f'"{before}"', f'"{after}"')
        for before, after in (("none", "one"), ("one", "another"), ("one", "none"))
    ]


def test_a_new_account_gets_it_from_the_line_after_password_and_pin(desk: Shell) -> None:
    words = ("staff", "add", "jonas", "--card", "9900001", "--password-stdin", "--person-number-stdin")
    assert desk(*words, typed="hemmelig\n4711\nab1\n") == 0
    assert numbers(desk) == {"jonas": True, "lone": False}


def test_a_number_that_somebody_has_is_refused_in_clear_words(desk: Shell) -> None:
    desk("staff", "number", "lone", "--person-number-stdin", typed="ab1\n")
    words = ("staff", "add", "lone2", "--password-stdin", "--person-number-stdin")
    assert desk(*words, typed="hemmelig\nAB-1\n") == 1
    assert "Der er allerede en åben konto med det medarbejdernummer." in desk.err
    assert numbers(desk) == {"lone": True}


def test_a_cpr_number_is_refused_and_not_repeated(desk: Shell) -> None:
    assert desk("staff", "number", "lone", "--person-number-stdin", typed="711184-3691\n") == 1
    assert "Det kan være et CPR-nummer" in desk.err
    assert "711184" not in desk.said
    assert numbers(desk) == {"lone": False}


def test_it_is_no_argument_and_nobody_who_is_not_there_is_asked(desk: Shell) -> None:
    assert desk("staff", "number", "lone", "ab1") == 2
    assert desk("staff", "number", "lone") == 2
    assert desk("staff", "number", "ingen", "--person-number-stdin", typed="ab1\n") == 1


def test_at_a_terminal_it_is_asked_for_unseen(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("desk.cli.asking.somebody_is_there", lambda: True)

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return "ab1"

    monkeypatch.setattr(getpass, "getpass", answer)
    assert run(("staff", "number", "lone")) == 0
    assert asked == ["Medarbejdernummer (tomt: intet): "]


def test_init_asks_for_the_supervisors_number_at_a_terminal_and_it_may_be_left(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("--library", "Struer", "--isil", "DK-767100", "--branch", "Struer", "--supervisor", "lone")
    monkeypatch.setattr("desk.cli.asking.somebody_is_there", lambda: True)
    answers = iter(["7111843691", "ab1"])
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
    assert shell("init", *given, "--password-stdin", typed="hemmelig\n") == 1
    assert "Det kan være et CPR-nummer" in shell.err
    assert not (shell.home / "desk.toml").exists()
    assert shell("init", *given, "--password-stdin", typed="hemmelig\n") == 0
    assert numbers(shell) == {"lone": True}
