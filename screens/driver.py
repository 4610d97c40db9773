"""The terminal, read so that Esc is a key of its own: packets coalesce over SSH, and an Esc must not eat a scan."""

from __future__ import annotations

import os
import selectors
import time
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterable
from typing import Final

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._parser import Parser
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

ESC: Final = "\x1b"
ESCAPE_WAIT: Final = 0.075
"""Seconds after a lone Esc within which ``[`` or ``O`` makes it the beginning of a sequence."""
SEQUENCE_WAIT: Final = 0.3
"""Seconds for the rest of a sequence that has begun: a slow line may cut one in two."""
LONGEST_SEQUENCE: Final = 32

_MOUSE: Final = "\x1b[M"  # three bytes of position follow, whatever they are
_CONSOLE: Final = "\x1b[["  # the Linux console's F1 to F5: one letter follows
_BACK_TAB: Final = "\x1b\t"  # the Linux console's Shift+Tab
_PRIVATE: Final = frozenset("<=>?")  # no key press begins its parameters with one of these


class DeskParser(XTermParser):
    r"""Cuts a terminal's stream so that Esc is never glued to the character after it.

    Stock parsing takes ``\x1b3`` for Alt+3, so that an Esc and a scan that arrive together lose the Esc and the scan's
    first digit; over SSH they arrive together often. Here Esc begins a sequence only before ``[``, ``O`` or Tab; before
    anything else it is the Esc key, and Alt does not exist, except where the kitty protocol tells it apart for sure.

    A code that begins with ``[`` or ``O`` right after Esc: what is a key by the terminal's grammar is that key
    (``\x1bOQ300…`` is F2 and a code), everything else is Esc and the characters (``\x1b[300123\r``). When the Esc came
    longer than ESCAPE_WAIT before it, the code is whole in any case.

    Sequences go to Textual's parser whole, one at a time, so the waiting is done here and its own never begins.
    """

    def __init__(self, debug: bool = False) -> None:
        # The sequence begun, each character with the time when it came.
        self._begun: list[tuple[str, float]] = []
        # What has been pasted so far; None: no paste is going on.
        self._pasted: str | None = None
        # When the parser was last fed, and when what it was fed had come.
        self._fed_at = self._came_at = 0.0
        super().__init__(debug)

    @property
    def wait(self) -> float | None:
        """Seconds until what has begun is given up; None: nothing has."""
        if not self._begun and self._pasted is None:
            return None
        patience = ESCAPE_WAIT if len(self._begun) == 1 else SEQUENCE_WAIT
        return max(0.0, self._fed_at + patience - time.monotonic())

    def feed(self, data: str, at: float | None = None) -> Iterable[Message]:
        """Take what the terminal sent and give what it means.

        Args:
            data: decoded text of any length, cut anywhere.
            at: when it came, in seconds of the monotonic clock; None: now.
        """
        self._fed_at = time.monotonic()
        self._came_at = self._fed_at if at is None else at
        while data:
            if self._pasted is not None:
                data = yield from self._paste(self._pasted, data)
            elif self._begun:
                data = yield from self._sequence(data)
            else:
                text, escape, data = data.partition(ESC)
                if text:
                    yield from self._keys(text, self._came_at)
                if escape:
                    self._begun = [(ESC, self._came_at)]

    def tick(self) -> Iterable[Message]:
        """Give up what has waited long enough: a lone Esc is the key, half a sequence was typed."""
        if self.wait != 0.0:
            return
        if self._pasted is not None:
            pasted, self._pasted = self._pasted, None
            yield events.Paste(pasted.replace("\0", ""))
        yield from self._typed()

    def _paste(self, so_far: str, data: str) -> Generator[Message, None, str]:
        """Collect a bracketed paste up to its end; gives back what comes after it."""
        text = so_far + data
        end = text.find(BRACKETED_PASTE_END, max(0, len(so_far) - len(BRACKETED_PASTE_END)))
        if end < 0:
            self._pasted = text
            return ""
        self._pasted = None
        yield events.Paste(text[:end].replace("\0", ""))
        return text[end + len(BRACKETED_PASTE_END) :]

    def _sequence(self, data: str) -> Generator[Message, None, str]:
        """Take the next character of a sequence; gives back what is still to be read."""
        sequence = "".join(character for character, _at in self._begun) + data[0]
        if not (_is_whole(sequence) or _is_begun(sequence)):
            yield from self._typed()
            return data
        self._begun.append((data[0], self._came_at))
        rest = data[1:]
        if sequence == BRACKETED_PASTE_START:
            self._begun.clear()
            self._pasted = ""
        elif _is_whole(sequence):
            meant = self._meaning(sequence)
            if meant is None and rest[:1].isprintable() and rest and sequence[2] not in _PRIVATE:
                # No key is followed by text in the same breath: this is text all through.
                yield from self._typed()
            self._begun.clear()
            yield from meant or ()
        return rest

    def _meaning(self, sequence: str) -> list[Message] | None:
        """Ask Textual's parser what a whole sequence means; None: it does not know, or chokes on it."""
        try:
            meant = list(super().feed(sequence))
        except (ValueError, OverflowError, ZeroDivisionError):
            # A code may hold anything, also `\x1b[99999999u`, a key beyond Unicode. Its parser does not survive one.
            Parser.__init__(self)
            return None
        if self._timeout_time is not None:
            # It waits for more. Let its time be over and forget what it makes of that.
            self._timeout_time = 0.0
            for _message in super().tick():
                pass
            return None
        return None if any(_is_nonsense(message) for message in meant) else meant

    def _typed(self) -> Iterable[Message]:
        """Give what has begun as the Esc key and characters, each with the time when it came."""
        begun, self._begun = self._begun, []
        for character, at in begun:
            yield from self._keys(character, at)

    def _keys(self, text: str, at: float) -> Iterable[Message]:
        keys = [events.Key("escape", ESC)] if text == ESC else super().feed(text)
        for key in keys:
            key.time = at
            yield key


def _is_whole(sequence: str) -> bool:
    if sequence[1] != "[":
        return sequence == _BACK_TAB or (sequence[1] == "O" and sequence in ANSI_SEQUENCES_KEYS)
    if len(sequence) == 2 or sequence == _CONSOLE:
        return False
    if sequence.startswith(_MOUSE):
        return len(sequence) == len(_MOUSE) + 3
    if sequence.startswith(_CONSOLE):
        return sequence in ANSI_SEQUENCES_KEYS
    # Some keys of rxvt end in "$", which the standard does not count as an end.
    return "@" <= sequence[-1] <= "~" or sequence in ANSI_SEQUENCES_KEYS


def _is_begun(sequence: str) -> bool:
    if sequence[1] != "[":
        return sequence == "\x1bO"
    if len(sequence) == 2 or sequence == _CONSOLE:
        return True
    if sequence.startswith(_MOUSE):
        return sequence[-1] != ESC
    return not sequence.startswith(_CONSOLE) and " " <= sequence[-1] <= "?" and len(sequence) < LONGEST_SEQUENCE


def _is_nonsense(message: Message) -> bool:
    """Is this something no terminal means: half a character, or a screen without room?"""
    if isinstance(message, events.Key):
        return message.character is not None and "\ud800" <= message.character <= "\udfff"
    return isinstance(message, events.Resize) and not (message.size.width and message.size.height)


class DeskDriver(LinuxDriver):
    """The terminal, read with :class:`DeskParser`."""

    def run_input_thread(self) -> None:
        """Read until told to stop. A terminal that is gone ends the program.

        What is already there when a read has been dealt with came meanwhile, and counts as come together with it: a
        machine that is slow for a moment must not tear a burst in two.
        """
        parser = DeskParser(self._debug)
        # A scanner may send bytes of another encoding: its scan is refused, the program goes on.
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            came_at: float | None = None
            while not self.exit_event.is_set():
                if came_at is None or not selector.select(0):
                    wait = 0.1 if parser.wait is None else min(0.1, parser.wait)
                    came_at = time.monotonic() if selector.select(wait) else None
                if came_at is not None:
                    sent = self._read()
                    if not sent:
                        self._loop.call_soon_threadsafe(self._app.exit)
                        return
                    for message in parser.feed(decode(sent), came_at):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        """Read what is there; nothing: the terminal is gone."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""
