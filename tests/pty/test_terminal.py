"""The terminal that the other tests look at shows what a person would see."""

from __future__ import annotations

import signal
import sys

import pytest

from tests.pty.terminal import Terminal


def running(program: str, columns: int = 80, lines: int = 24) -> Terminal:
    return Terminal([sys.executable, "-c", program], columns=columns, lines=lines)


def test_what_has_scrolled_away_is_kept() -> None:
    with running("print(*range(100), sep='\\n')", lines=10) as terminal:
        assert terminal.wait_for_end() == 0
        assert "99" in terminal.screen_text()
        assert "90" not in terminal.screen_text()
        assert terminal.scrollback_text().splitlines()[:3] == ["0", "1", "2"]


def test_a_page_of_its_own_goes_and_leaves_what_was_there_before() -> None:
    with running("input('before'); print('\\x1b[?1049h', 'page'); input(); print('\\x1b[?1049l')") as terminal:
        terminal.wait_for("before")
        terminal.send("\n")
        terminal.wait_for(lambda seen: "page" in seen.shown and "before" not in seen.shown)
        terminal.send("\n")
        terminal.wait_for_end()
        assert "before" in terminal.screen_text()
        assert "page" not in terminal.screen_text()


@pytest.mark.parametrize(
    "sequence", ["[>1u", "[<u", "[?2026h", "[?2026$p", "[?2048$p", "[2 q", "[4:3m", "]22;hand\\x07", "]8;;\\x1b\\\\"]
)
def test_nothing_is_shown_that_a_terminal_would_not_show(sequence: str) -> None:
    with running(f"print('a\\x1b{sequence}b')") as terminal:
        terminal.wait_for_end()
        assert terminal.screen_text().strip() == "ab"


def test_an_update_of_the_screen_is_shown_whole_or_not_at_all() -> None:
    begins, ends = "\\x1b[?2026h", "\\x1b[?2026l"
    program = f"print('{begins}a{ends}'); input(); print('{begins}b'); input(); print('c{ends}{begins}d'); input()"
    with running(program) as terminal:
        terminal.wait_for("a")
        terminal.send("\n\n")
        seen: list[str] = []

        def is_whole(now: Terminal) -> bool:
            seen.append("".join(now.shown.split()))
            return "c" in now.shown

        terminal.wait_for(is_whole)
        assert [shown for shown in seen if "b" in shown and "c" not in shown] == []
        assert "b" in seen[-1]
        terminal.kill()
        assert "d" not in terminal.screen_text()


def test_every_screen_that_came_can_be_looked_at_afterwards() -> None:
    with running("print('\x1b[?2026ha\x1b[?2026l\x1b[?2026h\x1b[2Jb\x1b[?2026l')") as terminal:
        terminal.process.wait(5)
        terminal.kill()
        assert ["".join(shown.split()) for shown in terminal.screens()] == ["a", "b", "b"]


def test_it_has_the_size_that_was_asked_for() -> None:
    with running("import os; print(*os.get_terminal_size())", columns=120, lines=40) as terminal:
        terminal.wait_for("120 40")


def test_every_byte_is_counted_with_its_time() -> None:
    with running("input('a'); print('bcd')") as terminal:
        terminal.wait_for("a")
        before = terminal.bytes_out
        sent = terminal.send("\n")
        assert terminal.wait_for("bcd") >= sent
        terminal.wait_for_end()
        assert terminal.bytes_out - before == len("\r\nbcd\r\n")


def test_a_killed_program_is_gone_at_once() -> None:
    with running("input('here')") as terminal:
        terminal.wait_for("here")
        terminal.kill()
        assert terminal.wait_for_end() == -signal.SIGKILL


def test_waiting_in_vain_shows_the_screen() -> None:
    with running("input('here')") as terminal:
        terminal.wait_for("here")
        with pytest.raises(AssertionError, match="here"):
            terminal.wait_for("there", timeout=0.05)
