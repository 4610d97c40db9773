"""What the night has left out is caught up when the counter starts, behind the first page (G6)."""

from __future__ import annotations

from pathlib import Path

from db.models import RetentionRun
from desk.installation import open_installation
from tests.pty.counter import counter, make_demo


def test_the_sign_in_screen_says_that_the_run_has_been_caught_up(tmp_path: Path) -> None:
    demo = make_demo(tmp_path / "demo")
    with counter(demo) as terminal:
        terminal.wait_for("Brugernavn", 30)
        terminal.wait_for("Sletning: i dag kl.", 60)
    with open_installation(demo.home) as installation:
        runs = installation.store.read_here(
            lambda transaction: transaction.all(RetentionRun.select(RetentionRun.state))
        )
    assert runs == [("done",)]
