"""Commands with somebody at the terminal: questions, hidden passwords, a bar that moves."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.installation import open_installation
from tests.cli.conftest import Shell
from tests.pty.terminal import Terminal

ROOT = Path(__file__).parents[2]
ENTER = "\r"


@pytest.fixture
def at_terminal(shell: Shell) -> Callable[..., Terminal]:
    """Starts a command on a terminal, in the shell's home."""

    def start(*words: str) -> Terminal:
        return Terminal(
            [sys.executable, "-m", "desk", *words], cwd=ROOT, env={"DESK_HOME": str(shell.home), "DESK_STORE": None}
        )

    return start


def test_init_asks_for_what_was_not_given(shell: Shell, at_terminal: Callable[..., Terminal]) -> None:
    with at_terminal("init", "--isil", "DK-767100") as terminal:
        for question, answer in (
            ("Bibliotekets navn:", "Struer Bibliotek"),
            ("Filialen, som skranken står i:", "Struer"),
            ("Brugernavn til den første vagthavende:", "lone"),
            ("Adgangskode:", "hemmelig"),
            ("Adgangskode igen:", "hemmelig"),
            ("Medarbejdernummer (tomt: intet):", "SKR-7"),
        ):
            terminal.wait_for(question)
            terminal.send(answer + ENTER)
        assert terminal.wait_for_end(60) == 0
        assert "hemmelig" not in terminal.screen_text() + terminal.scrollback_text()
    with open_installation(shell.home) as installation:
        assert asyncio.run(installation.sign_in.with_password("lone", "hemmelig")).login == "lone"


def test_two_passwords_that_differ_open_nothing(desk: Shell, at_terminal: Callable[..., Terminal]) -> None:
    with at_terminal("staff", "add", "mette") as terminal:
        for question, answer in (("Adgangskode:", "hemmelig"), ("Adgangskode igen:", "hemmlig")):
            terminal.wait_for(question)
            terminal.send(answer + ENTER)
        assert terminal.wait_for_end(60) == 1
        assert "forskellige" in terminal.screen_text()
    assert desk("staff", "list") == 0
    assert "mette" not in desk.out


def test_an_import_shows_how_far_it_is(desk: Shell, at_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("barcode;title\n" + "".join(f"{number};Bog {number}\n" for number in range(2000)), "utf-8")
    with at_terminal("import", "items", str(file)) as terminal:
        assert terminal.wait_for_end(60) == 0
        assert "100%" in terminal.screen_text()
        assert "tilføjet: 2.000" in terminal.screen_text()
