"""Two programs that are the same counter: the second says so before anybody signs in."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.__main__ import start_counter
from screens.app import DeskApp


def warnings_of(home: Path, monkeypatch: pytest.MonkeyPatch, programs: int) -> list[str]:
    """Start so many counters in a home, each while those before it run; give what each says in red, the last first."""
    said: list[str] = []

    def run(app: DeskApp) -> None:
        if len(said) < programs - 1:
            said.append("")
            start_counter(home)
        said.append(app.warning)

    monkeypatch.setattr(DeskApp, "run", run)
    monkeypatch.setattr("desk.logs.log_to", lambda _home: None)
    assert start_counter(home) == 0
    return said[programs - 1 :]


def test_the_second_program_of_a_counter_says_that_it_is_open_twice(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, first = warnings_of(home, monkeypatch, 2)
    assert second == "Skranke 1 er også åben på en anden terminal."
    assert first == ""
    # Nobody is there any more: the next one is the first again.
    assert warnings_of(home, monkeypatch, 1) == [""]
