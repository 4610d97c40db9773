"""A terminal for tests: a command on a pseudo-terminal, its screen, its scroll-back and what it cost in bytes."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

_HISTORY = 5000
_SYNC_QUERY, _SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"

# What a terminal takes in without showing it, or that pyte would show: strings (OSC, DCS, APC, PM, SOS), CSI with a
# private mark other than «?», with an intermediate, or a «?» that is not a mode; and every CSI cut off by the read.
_STRING = re.compile(r"\x1b[\]P_^X](?:[^\x07\x1b]|\x1b(?!\\))*(?:\x07|\x1b\\)")
_CSI = re.compile(r"\x1b\[([0-?]*)([ -/]*)([@-~])")
_CUT_OFF = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X](?:[^\x07\x1b]|\x1b(?!\\))*\x1b?|[()#%]?)?\Z")
_ALTERNATE = re.compile(r"\x1b\[\?(?:1049|1047|47)([hl])")


@dataclass(frozen=True, slots=True)
class Read:
    """One read from the terminal.

    Attributes:
        at: monotonic seconds at which the bytes were there.
        data: the bytes.
    """

    at: float
    data: bytes = field(repr=False)


class Terminal:
    """A running command and the terminal it runs on.

    Args:
        command: what to run.
        columns: width in cells.
        lines: height in cells.
        env: what to add to, or change in, this process's environment.
        cwd: where to run it.
        answers_sync: say that synchronized output is known, as most terminals do.
    """

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]],
        *,
        columns: int = 120,
        lines: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        answers_sync: bool = True,
    ) -> None:
        self.reads: list[Read] = []
        self.bytes_out = 0
        self._answers_sync = answers_sync
        self._shown = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._begun = ""
        self._main = _blank(columns, lines)
        self._alternate = _blank(columns, lines)
        self._screen = self._main
        self._changed = threading.Condition()
        self._ended = False
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        try:
            self.process = subprocess.Popen(
                command,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=_environment(env or {}),
                cwd=cwd,
                start_new_session=True,
                preexec_fn=_take_terminal,  # noqa: PLW1509 - it makes one system call
            )
        finally:
            os.close(slave)
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What a person does.

    def send(self, data: bytes | str) -> float:
        """Type these bytes, all in one write; gives the monotonic seconds at which they were handed over."""
        rest = memoryview(data.encode() if isinstance(data, str) else data)
        while rest:
            rest = rest[os.write(self._master, rest) :]
        return time.monotonic()

    def resize(self, columns: int, lines: int) -> None:
        """Make the window another size."""
        with self._changed:
            self._show()
            self._main.resize(lines, columns)
            self._alternate.resize(lines, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def kill(self) -> int:
        """End the program as a power cut does (-9) and give its exit status."""
        return self._end(signal.SIGKILL)

    def close(self) -> int:
        """End the program if it still runs (SIGTERM, after five seconds -9) and give its exit status."""
        return self._end(signal.SIGTERM)

    def wait_for_exit(self, timeout: float = 10.0) -> int:
        """Wait until the program has ended by itself and give its exit status."""
        return self.process.wait(timeout)

    # What a person sees.

    def wait_for(self, wanted: str | Callable[[str], bool], timeout: float = 10.0) -> str:
        """Wait until the screen shows a text, or is as a predicate wants it.

        Args:
            wanted: a text that stands on one line, or a function of the whole screen's text.
            timeout: seconds, at most.

        Returns:
            The screen's text at that moment.

        Raises:
            AssertionError: it did not come in time, or the program ended before; the screen is in the message.
        """
        is_there = (lambda screen: wanted in screen) if isinstance(wanted, str) else wanted
        until = time.monotonic() + timeout
        with self._changed:
            while not is_there(self._text()):
                self._wait(until, wanted)
        return self.screen_text()

    def wait_for_bytes(self, wanted: bytes, timeout: float = 10.0, *, after: int = 0) -> float:
        """Wait for bytes as they come, without drawing them: for figures.

        Args:
            wanted: what must have been sent.
            timeout: seconds, at most.
            after: how many bytes, from the start, not to look at (an earlier `bytes_out`).

        Returns:
            Monotonic seconds of the read that completed them.

        Raises:
            AssertionError: they did not come in time.
        """
        until = time.monotonic() + timeout
        seen, looked, skipped = b"", 0, after
        with self._changed:
            while True:
                for read in self.reads[looked:]:
                    seen += read.data[skipped:]
                    skipped = max(0, skipped - len(read.data))
                    if wanted in seen:
                        return read.at
                    seen = seen[-len(wanted) :]
                looked = len(self.reads)
                self._wait(until, wanted)

    def screen_text(self) -> str:
        """What stands on the screen now, line by line, without trailing blanks."""
        with self._changed:
            return self._text()

    def scrollback_text(self) -> str:
        """What has left the screen at the top and can be scrolled back to, and the shell's screen behind the program's."""
        with self._changed:
            self._show()
            screens = [self._main] if self._screen is self._main else [self._main, self._alternate]
            scrolled = [_line(row, screen.columns) for screen in screens for row in screen.history.top]
            behind = [] if self._screen is self._main else list(self._main.display)
            return "\n".join(line.rstrip() for line in [*scrolled, *behind])

    # The rest is the terminal's own.

    def _read(self) -> None:
        tail = b""
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # the program's end has been closed
                data = b""
            at = time.monotonic()
            with self._changed:
                self._ended = not data
                if data:
                    self.reads.append(Read(at, data))
                    self.bytes_out += len(data)
                self._changed.notify_all()
            if not data:
                return
            if self._answers_sync and _SYNC_QUERY in tail + data:
                self.send(_SYNC_ANSWER)
                tail = b""
            else:
                tail = data[-len(_SYNC_QUERY) + 1 :]

    def _wait(self, until: float, wanted: object) -> None:
        left = until - time.monotonic()
        if self._ended or left <= 0:
            why = "the program ended" if self._ended else "it did not come in time"
            raise AssertionError(f"{why}: {wanted!r}\n{self._text()}")
        self._changed.wait(left)

    def _text(self) -> str:
        self._show()
        return "\n".join(line.rstrip() for line in self._screen.display)

    def _show(self) -> None:
        """Draw what has been read: when it is asked for, so that the reader is never late."""
        data = "".join(self._decode(read.data) for read in self.reads[self._shown :])
        self._shown = len(self.reads)
        text = self._begun + data
        cut_off = _CUT_OFF.search(text)
        self._begun = cut_off[0] if cut_off else ""
        text = _STRING.sub("", text.removesuffix(self._begun))
        start = 0
        for switch in _ALTERNATE.finditer(text):
            self._draw(text[start : switch.start()])
            self._screen = self._alternate if switch[1] == "h" else self._main
            if switch[1] == "h":
                self._alternate.reset()
            start = switch.end()
        self._draw(text[start:])

    def _draw(self, text: str) -> None:
        if text:
            pyte.Stream(self._screen).feed(_CSI.sub(_what_pyte_knows, text))

    def _end(self, how: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        status = self.process.wait()
        self._reader.join(5)
        with contextlib.suppress(OSError):
            os.close(self._master)
        return status


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This process's environment for a terminal: the window's size is the terminal's to tell."""
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", **changes}


def _blank(columns: int, lines: int) -> Any:
    return pyte.HistoryScreen(columns, lines, history=_HISTORY)


def _line(row: Any, columns: int) -> str:
    return "".join(row[column].data for column in range(columns))


def _what_pyte_knows(sequence: re.Match[str]) -> str:
    parameters, intermediate, final = sequence.groups()
    private = parameters[:1] in {"<", "=", ">", "?"}
    if intermediate or (private and not (parameters.startswith("?") and final in "hl")):
        return ""
    return sequence[0] if final in "@ABCDEFGHJKLMPXadefghlmnr`" else ""
