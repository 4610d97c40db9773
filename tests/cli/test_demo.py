"""``desk demo`` and ``desk sample`` as they are called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk import __main__ as program
from desk.cli.demo import demo_home
from desk.errors import StoreIsOutdated
from desk.registry.demo import demo_folder
from tests.cli.conftest import Shell


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Calls of the counter, which itself has tests of its own."""
    calls: list[tuple[Any, ...]] = []

    def start(home: Path, hint: str = "", *, with_virtual_devices: bool = False) -> int:
        calls.append((home, hint, with_virtual_devices))
        return 0

    monkeypatch.setattr(program, "start_counter", start)
    return calls


def test_print_makes_the_demo_and_starts_nothing(shell: Shell, started: list[tuple[Any, ...]]) -> None:
    assert shell("demo", "--print") == 0
    printed = shell.json
    assert len(shell.out.splitlines()) == 1
    assert set(printed) == {"staff", "borrowers", "items"}
    assert {"card", "pin", "name", "group", "blocks"} <= set(printed["borrowers"][0])
    assert {"barcode", "title", "status"} <= set(printed["items"][0])
    assert started == []
    assert shell("demo", "--print") == 0
    assert shell.json == printed


def test_the_sign_in_screen_says_whom_to_sign_in_as(shell: Shell, started: list[tuple[Any, ...]]) -> None:
    assert shell("demo") == 0
    ((home, hint, with_virtual_devices),) = started
    assert (home, with_virtual_devices) == (shell.home, True)
    assert hint.splitlines() == [
        "Opdigtet by. Log på som:",
        "mette · adgangskode demo-mette · medarbejder",
        "lone · adgangskode demo-lone · vagthavende",
        "jonas · adgangskode demo-jonas · vagthavende",
        "F12: kort, bøger og stik",
    ]


def test_fresh_makes_it_anew(shell: Shell, started: list[tuple[Any, ...]]) -> None:
    shell("demo")
    key = (shell.home / "keys" / "store").read_bytes()
    shell("demo")
    assert (shell.home / "keys" / "store").read_bytes() == key
    assert shell("demo", "--fresh") == 0
    assert (shell.home / "keys" / "store").read_bytes() != key
    assert len(started) == 3


def test_a_demo_of_another_version_is_made_anew(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell("demo", "--print") == 0
    key = (shell.home / "keys" / "store").read_bytes()
    seen = []

    def outdated(home: Path, *_hint: str, **_more: bool) -> int:
        seen.append((home / "keys" / "store").read_bytes())
        if len(seen) == 1:
            raise StoreIsOutdated(str(home), "0002")
        return 0

    monkeypatch.setattr(program, "start_counter", outdated)
    assert shell("demo") == 0
    assert seen[0] == key != seen[1]


def test_a_library_is_not_a_demo(desk: Shell, started: list[tuple[Any, ...]]) -> None:
    for words in (("demo",), ("demo", "--print"), ("demo", "--fresh")):
        assert desk(*words) == 1
        assert "er ikke en demo" in desk.err
    assert started == []


def test_without_a_home_the_demo_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DESK_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert demo_home() == demo_folder() == tmp_path / "skranke" / "demo"
    monkeypatch.setenv("DESK_HOME", str(tmp_path / "home"))
    assert demo_home() == tmp_path / "home"


def test_a_sample_says_where_it_is_and_whom_to_sign_in_as(shell: Shell) -> None:
    words = ("sample", "--borrowers", "20", "--items", "50", "--loans", "10", "--seed", "3")
    assert shell(*words) == 0
    assert f"{shell.home} er klar. Lånere: 20 · materialer: 50 · udlån: 10 · alles pinkode: 1234" in shell.out
    assert "mette · adgangskode demo-mette" in shell.out
    assert shell("check") == 0
    assert shell(*words) == 1
    assert "Der er allerede en installation" in shell.err


def test_a_sample_with_too_many_loans_is_refused(shell: Shell) -> None:
    assert shell("sample", "--borrowers", "1", "--items", "50", "--loans", "15") == 1
    assert "Så mange udlån" in shell.err
    assert not shell.home.exists()
