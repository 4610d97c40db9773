"""A program on a pseudo-terminal, with an emulator that shows what a person in front of it would see."""

from __future__ import annotations

import codecs
import os
import re
import signal
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Self

import pyte

# What the emulator would take for text, or for something else: kitty's sequences, private ones that neither set nor
# reset a mode, those with a colon or an intermediate character (questions to the terminal, cursor shapes), and strings
# (titles, pointer shapes).
_UNKNOWN = re.compile(
    r"\x1b\[[<=>][0-?]*[ -/]*[@-~]"
    r"|\x1b\[\?[0-?]*[@-gi-km-~]"
    r"|\x1b\[[0-?]*(?::[0-?]*[ -/]*|[ -/]+)[@-~]"
    r"|\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_OTHER_SCREEN = re.compile(r"(\x1b\[\?1049[hl])")
# What a program that was told so puts around everything it paints at once: a screen cut in two is never shown.
_UPDATE_BEGINS = b"\x1b[?2026h"
_AFTER_UPDATE = re.compile(rb"(?<=\x1b\[\?2026l)")
# A sequence that the next read will finish.
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P^_X][^\x07\x1b]*\x1b?|[()#%]?)?\Z")


@dataclass(frozen=True, slots=True)
class Read:
    """What came out of the program at once, or one whole update of the screen (see :meth:`Terminal.synchronise`).

    Attributes:
        at: seconds of the monotonic clock.
        data: the bytes, as they came.
    """

    at: float
    data: bytes


class Terminal:
    """A program, its terminal and the terminal's screen.

    A thread reads and notes the time; nothing is painted before somebody looks, so that looking costs the program
    nothing. Leaving the ``with`` block ends the program.

    Args:
        command: the program and its arguments.
        columns: width in cells.
        lines: height in cells.
        env: variables beside the ones of this process; None takes one away.
        cwd: where it starts.
        history: lines of scroll-back that are kept.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        lines: int = 24,
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
        history: int = 10_000,
    ) -> None:
        self.reads: list[Read] = []
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._main = pyte.HistoryScreen(columns, lines, history=history)
        self._other = pyte.HistoryScreen(columns, lines, history=history)
        self._screen = self._main
        self._streams = {screen: pyte.Stream(screen) for screen in (self._main, self._other)}
        self._painted = 0
        self._tail = ""
        self._held = b""
        self._is_synchronised = False
        self._changed = Condition()
        self._ended = False
        self._master, slave = os.openpty()
        termios.tcsetwinsize(self._master, (lines, columns))
        try:
            # setsid makes it the terminal's own session and becomes the command: the process is the program.
            self.process = subprocess.Popen(
                ["setsid", "--ctty", *command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                cwd=cwd,
                env=_environment(env or {}),
            )
        finally:
            os.close(slave)
        self._reader = Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The program.

    @property
    def bytes_out(self) -> int:
        """How many bytes the program has sent so far."""
        with self._changed:
            return sum(len(read.data) for read in self.reads)

    def send(self, keys: str | bytes) -> float:
        """Type.

        Args:
            keys: as the terminal sends them, all at once.

        Returns:
            When the last of them began to be handed over, in seconds of the monotonic clock: what they cause is later.
        """
        data = keys.encode() if isinstance(keys, str) else keys
        at = time.monotonic()
        while data:
            at = time.monotonic()
            data = data[os.write(self._master, data) :]
        return at

    def synchronise(self) -> None:
        """Answer the program that this terminal shows whole updates only, as most do: ask once it can read.

        From its first such update on, what is shown is never half of one screen and half of the next, and what a
        killed program had not finished is not shown at all.
        """
        self.send("\x1b[?2026;2$y")

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, as dragging its window does."""
        with self._changed:
            for screen in self._streams:
                screen.resize(lines, columns)
        termios.tcsetwinsize(self._master, (lines, columns))

    def kill(self) -> None:
        """End the program where it stands: ``kill -9``. What it had sent is here then, and not looked at yet."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join(5)

    def wait_for_end(self, timeout: float = 10.0) -> int:
        """Wait until the program has ended by itself, and everything it said is here.

        Args:
            timeout: seconds.

        Returns:
            Its exit code; a signal's number below zero.

        Raises:
            AssertionError: it goes on; the text is the screen.
        """
        self.wait_for(lambda _terminal: self._ended, timeout)
        return self.process.wait(timeout)

    def close(self) -> None:
        """End the program, if it runs, and give the terminal back."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reader.join(5)
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    # What is seen.

    def wait_for(self, wanted: str | Callable[[Terminal], bool], timeout: float = 10.0) -> float:
        """Wait until something is on the screen.

        Args:
            wanted: a text that has to be there, or a question asked of this terminal after every read; in it
                :attr:`shown` is the screen as it was then.
            timeout: seconds.

        Returns:
            When the bytes came that brought it, in seconds of the monotonic clock; now, if it was there already.

        Raises:
            AssertionError: it did not come, or the program ended without it; the text is the screen.
        """
        at = time.monotonic()
        until = at + timeout
        with self._changed:
            while not (wanted in self.shown if isinstance(wanted, str) else wanted(self)):
                if self._painted < len(self.reads):
                    at = self._paint_next()
                elif self._ended or not self._changed.wait(until - time.monotonic()):
                    why = "the program ended" if self._ended else f"{timeout} s"
                    raise AssertionError(f"{why}, and not on the screen: {wanted}\n{self.shown}")
            return at

    def screens(self) -> Iterator[str]:
        """Give the screen as it was after every read that has come and has not been looked at, oldest first."""
        while self._painted < len(self.reads):
            with self._changed:
                self._paint_next()
                shown = self.shown
            yield shown

    @property
    def cursor_line(self) -> int:
        """The line that the cursor is on, from 0: in a form, the field that has the focus."""
        return int(self._screen.cursor.y)

    @property
    def shown(self) -> str:
        """The lines of the screen as far as it has been looked at, without blanks at their ends."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def screen_text(self) -> str:
        """Give the lines on the screen now, without blanks at their ends."""
        with self._changed:
            self._paint()
            return self.shown

    def scrollback_text(self) -> str:
        """Give everything that has left the screens by the top, oldest first, of either screen."""
        with self._changed:
            self._paint()
            return "\n".join(
                "".join(line[column].data for column in range(screen.columns)).rstrip()
                for screen in self._streams
                for line in screen.history.top
            )

    def _paint(self) -> None:
        while self._painted < len(self.reads):
            self._paint_next()

    def _paint_next(self) -> float:
        """Paint what one read brought; gives its time."""
        read = self.reads[self._painted]
        self._painted += 1
        text = _UNKNOWN.sub("", self._tail + self._decode(read.data))
        unfinished = _UNFINISHED.search(text)
        self._tail = unfinished[0] if unfinished else ""
        for part in _OTHER_SCREEN.split(text.removesuffix(self._tail)):
            if part == "\x1b[?1049h":
                self._screen = self._other
                self._screen.erase_in_display(2)
            elif part == "\x1b[?1049l":
                self._screen = self._main
            else:
                self._streams[self._screen].feed(part)
        return read.at

    def _read(self) -> None:
        while data := self._next_bytes():
            at = time.monotonic()
            with self._changed:
                self.reads += [Read(at, whole) for whole in self._whole(data)]
                self._changed.notify_all()
        with self._changed:
            if self._held and _UPDATE_BEGINS not in self._held:
                self.reads.append(Read(time.monotonic(), self._held))
            self._ended = True
            self._changed.notify_all()

    def _whole(self, data: bytes) -> list[bytes]:
        """Cut what came after every update of the screen, and hold back what is not the whole of one."""
        *whole, rest = _AFTER_UPDATE.split(self._held + data)
        self._is_synchronised = self._is_synchronised or bool(whole)
        if not self._is_synchronised:
            return [rest]
        self._held = rest
        return whole

    def _next_bytes(self) -> bytes:
        try:
            return os.read(self._master, 65536)
        except OSError:
            # Nobody holds the other side any more.
            return b""


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """Give the program's variables: nothing of the terminal that the tests happen to run in."""
    ours = {"COLUMNS", "LINES", "ESCDELAY", "COLORTERM", "NO_COLOR", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("TEXTUAL")}
    wanted: dict[str, str | None] = {**kept, "TERM": "xterm-256color", **changes}
    return {name: value for name, value in wanted.items() if value is not None}
