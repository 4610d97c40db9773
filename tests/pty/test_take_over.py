"""A colleague takes over a locked counter on a real terminal, with its pile and what was scanned meanwhile (C12)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.counter import ENTER, Demo, counter, make_demo, scan, sign_in


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    made = make_demo(tmp_path_factory.mktemp("demo") / "home")
    settings = Path(made.home) / "desk.toml"
    text = settings.read_text("utf-8")
    # The shortest there may be: nobody waits five minutes for a test.
    text = text.replace("# lock_after_seconds = 300", "lock_after_seconds = 30")
    text = text.replace("# lock_warning_seconds = 30", "lock_warning_seconds = 1")
    settings.write_text(text, "utf-8")
    return made


def test_a_colleague_takes_over_a_locked_counter_with_its_pile_and_queue(demo: Demo) -> None:
    first, colleague = demo.staff("staff"), demo.staff("supervisor")
    one, other = demo.available(2)
    with counter(demo) as terminal:
        sign_in(terminal, first)
        scan(terminal, demo.adult["card"])
        terminal.wait_for(demo.adult["name"])
        scan(terminal, one["barcode"])
        terminal.wait_for(str(one["title"])[:12])
        terminal.wait_for("Låst kl.", 60)
        assert demo.adult["name"] not in terminal.screen_text()
        scan(terminal, other["barcode"])
        terminal.wait_for("1 scanning venter")
        terminal.send("\t")
        terminal.wait_for(first["login"])
        terminal.send("\x15" + colleague["login"])
        terminal.wait_for(lambda t: colleague["login"] in t.shown and first["login"] not in t.shown.split("Låst")[0])
        field = terminal.cursor_line
        terminal.send(ENTER)
        terminal.wait_for(lambda t: t.cursor_line != field)
        terminal.send(colleague["password"])
        terminal.wait_for("•" * len(colleague["password"]))
        terminal.send(ENTER)
        terminal.wait_for("F2 UDLÅN", 20)
        terminal.wait_for(lambda t: all(str(item["title"])[:12] in t.shown for item in (one, other)))
        assert colleague["login"].title() in terminal.screen_text()
        assert demo.adult["name"] in terminal.screen_text()
