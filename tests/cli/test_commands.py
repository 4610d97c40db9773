"""Commands as IT types them: exit codes, sentences, JSON."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk.cli.commands import NAMES
from desk.installation import open_installation
from tests.cli.conftest import Shell

GIVEN = ("--library", "Struer Bibliotek", "--isil", "DK-767100", "--branch", "Struer", "--supervisor", "lone")


def test_a_library_is_made_and_its_supervisor_signs_in(shell: Shell) -> None:
    assert shell("init", *GIVEN, "--password-stdin", typed="hemmelig\n") == 0
    assert str(shell.home) in shell.out
    assert "ingen keyring bruges" in shell.out
    assert shell("staff", "list", "--json") == 0
    assert shell.json == {
        "staff": [
            {
                "login": "lone",
                "name": "Lone",
                "role": "supervisor",
                "active": True,
                "locked": False,
                "has_person_number": False,
            }
        ]
    }
    assert shell("check") == 0


def test_what_init_made_is_told_to_a_program_in_one_object(shell: Shell) -> None:
    assert shell("init", *GIVEN, "--supervisor-name", "Lone B.", "--password-stdin", "--json", typed="hemmelig\n") == 0
    assert shell.out.count("\n") == 1
    assert shell.json == {
        "home": str(shell.home),
        "library": "Struer Bibliotek",
        "isil": "DK-767100",
        "branch": "Struer",
        "store": "file",
        "keys": "folder",
        "supervisor": "lone",
    }


def role_of(shell: Shell, login: str, password: str) -> str:
    """Sign in at the counter; gives the role."""
    with open_installation(shell.home) as installation:
        return asyncio.run(installation.sign_in.with_password(login, password)).role


def test_the_password_is_the_first_line_as_it_is(shell: Shell) -> None:
    shell("init", *GIVEN, "--password-stdin", typed=" æ ø å \r\nmere\n")
    assert role_of(shell, "lone", " æ ø å ") == "supervisor"


@pytest.mark.parametrize("missing", ["--library", "--isil", "--branch", "--supervisor"])
def test_what_is_missing_is_named_where_nobody_can_be_asked(shell: Shell, missing: str) -> None:
    place = GIVEN.index(missing)
    assert shell("init", *GIVEN[:place], *GIVEN[place + 2 :], "--password-stdin", typed="x\n") == 2
    assert f"{missing} mangler. desk init --help" in shell.err
    assert not shell.home.exists()


def test_a_password_is_never_an_argument(shell: Shell) -> None:
    assert shell("init", *GIVEN) == 2
    assert "--password-stdin mangler" in shell.err
    assert shell("init", *GIVEN, "--password", "x") == 2


def test_a_second_init_changes_nothing(desk: Shell) -> None:
    assert desk("init", *GIVEN, "--password-stdin", typed="x\n") == 1
    assert "Der er allerede en installation" in desk.err


@pytest.mark.parametrize(
    ("url", "sentence"), [("mysql://x", "sqlcipher://"), ("postgresql://nobody@127.0.0.1:1/nothing", "svarer ikke")]
)
def test_a_store_that_cannot_be_leaves_no_installation(shell: Shell, url: str, sentence: str) -> None:
    assert shell("init", *GIVEN, "--password-stdin", "--store", url, typed="x\n") == 1
    assert sentence in shell.err
    assert not (shell.home / "desk.toml").exists()


@pytest.mark.parametrize("words", [(), ("staff", "list"), ("check",), ("import", "items", "x.csv")])
def test_without_an_installation_every_command_says_what_to_do(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*words) == 1
    assert "Kør desk init" in shell.err
    assert not shell.home.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing",), "Kommandoen er ukendt. desk --help"),
        (("--nothing",), "Tilvalget --nothing findes ikke. desk --help"),
        (("staff", "add"), "BRUGERNAVN mangler. desk staff add --help"),
        (("staff", "add", "x", "y"), "desk staff add --help"),
        (("staff", "add", "x", "--role", "chef"), "--role: skal være en af staff, supervisor, it."),
        (("staff", "add", "x", "--name"), "--name: Værdien mangler"),
        (("import", "items"), "FIL mangler. desk import items --help"),
        (("sample", "--borrowers", "mange", "--items", "1", "--loans", "1"), "--borrowers: skal være et helt tal."),
        (("sample", "--borrowers", "-1", "--items", "1", "--loans", "1"), "--borrowers: skal være et helt tal."),
        (("sample", "--borrowers", "1"), "--items mangler"),
    ],
)
def test_what_is_not_understood_ends_with_2_and_says_where_it_is_explained(
    shell: Shell, words: tuple[str, ...], sentence: str
) -> None:
    assert shell(*words) == 2
    assert sentence in shell.err
    assert shell.out == ""


@pytest.mark.parametrize("words", [(), *((name,) for name in NAMES), ("staff", "add"), ("import", "items")])
def test_help_is_danish_from_the_first_word(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell(*words, "--help") == 0
    assert shell.out.startswith(f"Brug: {' '.join(('desk', *words))} [TILVALG]")
    assert "Denne side." in shell.out
    assert not any(english in shell.out for english in ("Usage", "Options", "Commands", "Show this"))


def test_a_group_alone_shows_its_commands(shell: Shell) -> None:
    assert shell("staff") == 2
    assert "unlock" in shell.out


def test_an_account_is_opened_with_the_role_it_is_given(desk: Shell) -> None:
    assert desk("staff", "add", "Mette", "--name", "Mette K.", "--password-stdin", typed="hemmelig\n") == 0
    assert desk.out == "mette kan logge på som medarbejder.\n"
    assert desk("staff", "add", "drift", "--role", "it", "--password-stdin", typed="hemmelig\n") == 0
    assert role_of(desk, "mette", "hemmelig") == "staff"
    assert role_of(desk, "drift", "hemmelig") == "it"


def test_a_staff_card_comes_with_a_pin_from_the_second_line(desk: Shell) -> None:
    words = ("staff", "add", "mette", "--card", "pers-1", "--password-stdin")
    assert desk(*words, typed="hemmelig\n") == 1
    assert desk(*words, typed="hemmelig\nabcd\n") == 1
    assert "pinkode" in desk.err
    assert desk(*words, typed="hemmelig\n4711\n") == 0
    with open_installation(desk.home) as installation:
        assert asyncio.run(installation.sign_in.with_card("PERS-1", "4711")).login == "mette"


def test_accounts_are_listed_closed_and_unlocked(desk: Shell) -> None:
    desk("staff", "add", "mette", "--password-stdin", typed="x\n")
    assert desk("staff", "disable", "mette") == 0
    assert desk("staff", "unlock", "mette") != 0
    assert "Kontoen er lukket." in desk.err
    assert desk("staff", "unlock", "lone") == 0
    assert desk("staff", "list") == 0
    assert desk.out.splitlines() == [
        "lone   vagthavende  åben      Lone B.  intet medarbejdernummer",
        "mette  medarbejder  lukket    Mette",
    ]


def test_what_becomes_of_an_account_is_told_to_a_program_by_login_and_role_alone(desk: Shell) -> None:
    words = ("add", "Mette", "--name", "Mette K.", "--card", "pers-1", "--password-stdin")
    told = {"login": "mette", "role": "staff", "active": True, "locked": False}
    assert desk("staff", *words, "--json", typed="hemmelig\n4711\n") == 0
    assert (desk.json, desk.out.count("\n")) == (told, 1)
    assert desk("staff", "unlock", "METTE", "--json") == 0
    assert (desk.json, desk.out.count("\n")) == (told, 1)
    assert desk("staff", "disable", "mette", "--json") == 0
    assert (desk.json, desk.out.count("\n")) == ({**told, "active": False}, 1)


@pytest.mark.parametrize("word", ["disable", "unlock"])
def test_a_failure_is_a_sentence_and_no_object(desk: Shell, word: str) -> None:
    assert desk("staff", word, "ingen", "--json") == 1
    assert (desk.out, "Brugernavnet findes ikke." in desk.err) == ("", True)


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("add", "lone", "--password-stdin"), "x\n", "Brugernavnet er optaget."),
        (("add", "l o", "--password-stdin"), "x\n", "uden mellemrum"),
        (("add", "mette", "--password-stdin"), "\n", "Adgangskoden mangler."),
        (("disable", "lone"), "", "den sidste vagthavende"),
        (("disable", "ingen"), "", "Brugernavnet findes ikke."),
        (("unlock", "ingen"), "", "Brugernavnet findes ikke."),
    ],
)
def test_what_cannot_be_done_to_an_account_is_said(
    desk: Shell, words: tuple[str, ...], typed: str, sentence: str
) -> None:
    assert desk("staff", *words, typed=typed) == 1
    assert sentence in desk.err
    assert desk.err.endswith("\n")
    assert "Traceback" not in desk.err


def test_the_settings_say_which_language_is_spoken(desk: Shell) -> None:
    settings = desk.home / "desk.toml"
    settings.write_text(settings.read_text().replace('# default = "da"', 'default = "en"'))
    assert desk("staff", "disable", "nobody") == 1
    assert "There is no such user name." in desk.err


def test_settings_that_cannot_be_read_are_told_by_every_command(desk: Shell) -> None:
    (desk.home / "desk.toml").write_text('[skanner]\nprefix = "x"\n')
    assert desk("staff", "list") == 1
    assert "desk.toml" in desk.err


def test_the_program_runs_as_a_module_and_hands_its_code_on(desk: Shell) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "desk", "staff", "disable", "ingen"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("desk: Brugernavnet findes ikke.")


@pytest.mark.parametrize("words", [[], ["demo"]])
def test_the_counter_alone_does_not_wait_for_click(tmp_path: Path, words: list[str]) -> None:
    program = (
        "import sys, desk.__main__ as program\n"
        "program.start_counter = lambda *_args, **_more: 7\n"
        "from desk.cli.main import run\n"
        f"code = run({words!r})\n"
        "sys.exit(1 if 'click' in sys.modules else code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], env={"DESK_HOME": str(tmp_path / "home"), "PATH": ""}, check=False
    )
    assert ended.returncode == 7


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1"])
def test_a_terminal_of_old_gets_every_sentence_and_json_that_is_json(desk: Shell, encoding: str) -> None:
    def said(*words: str) -> str:
        environment = {**os.environ, "DESK_HOME": str(desk.home), "PYTHONIOENCODING": encoding}
        ended = subprocess.run(
            [sys.executable, "-m", "desk", *words], capture_output=True, env=environment, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
        return ended.stdout.decode(encoding)

    assert (
        desk("staff", "add", "soren", "--name", "Søren – 🦉", "--role", "staff", "--password-stdin", typed="x" * 12)
        == 0
    )
    assert "Søren – 🦉".encode(encoding, "backslashreplace").decode(encoding) in said("staff", "list")
    (account,) = (one for one in json.loads(said("staff", "list", "--json"))["staff"] if one["login"] == "soren")
    assert account["name"] == "Søren – 🦉"
