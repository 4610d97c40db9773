"""From the terminal's bytes to typed keys and scanned codes: the only place where keys are not simply keys.

`DeskDriver` reads the terminal, `DeskParser` splits what it sends into keys, `BurstRouter` takes a scanner's
bursts out of them before bindings, focus and dialogs see any (C1, C3).
"""

from __future__ import annotations

import asyncio
import os
import re
import selectors
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, Final

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import MODIFIER_FUNCTIONAL_KEYS
from textual._parser import Read1
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

from devices.keyburst import Answer, Coded, GivenBack, KeyBurst, Mode, Stroke, codes_in_paste
from devices.messages import Scanned
from devices.stripe import without_stripe

ESCAPE_WAIT: Final = min(constants.ESCAPE_DELAY, 0.05)
"""Seconds that an Esc waits for the rest of a key's sequence; terminals send the whole of one in one write."""

_ESC = "\x1b"
_UNKNOWN = "unknown_sequence"
_LONGEST_SEQUENCE = 32  # Textual gives up here and would turn the Esc into a «^»
_KEPT_PAIRS = frozenset({"\x1b\t", "\x1b\x7f"})  # Shift+Tab on the Linux console, Alt+Backspace: no characters
_BEGINNINGS = frozenset(sequence[:length] for sequence in ANSI_SEQUENCES_KEYS for length in range(2, len(sequence)))
_CSI_BEGUN = re.compile(r"\x1b\[(?:[0-?]*[ -/]*|<[-\d;]*|-?\d[-\d;]*|M.{0,2})", re.DOTALL)
_CSI_WHOLE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_MOUSE = re.compile(r"\x1b\[(?:<?[-\d;]+[mM]|M.{3})", re.DOTALL)
_REPLY = re.compile(r"\x1b\[[<-?]")  # only a terminal's answers carry a private mark; no key does


class DeskParser(XTermParser):
    """Textual's parser, but Esc and an ordinary character are Esc and that character, never Alt.

    Packets coalesce over SSH: `\\x1b3000123456\\r` must be the Esc that a person pressed and the code that a
    scanner sent. What can no longer become a key's sequence is given as Esc and its characters at once.

    A code that begins with `[` or `O` right behind an Esc cannot always be told from a key: `[A…` is the up
    arrow and `OP…` is F1, as everywhere; `[3000123456` and `O3000123456` are no key, so both arrive whole.
    """

    @staticmethod
    def read1(timeout: float | None = None) -> Read1:  # type: ignore[override]
        """Ask for the next character; an Esc waits no longer than `ESCAPE_WAIT`."""
        return Read1(None if timeout is None else min(timeout, ESCAPE_WAIT))

    @property
    def patience(self) -> float:
        """Seconds until `tick` has something to do, 0.1 at most: the pace at which the driver looks up."""
        return 0.1 if self._timeout_time is None else min(0.1, max(0.0, self._timeout_time - get_time()))

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if len(sequence) == 1:
            return self._split(_ESC, sequence) if alt else self._known(sequence)
        if len(sequence) == 2 and sequence[1] not in "[O":
            return self._known(sequence) if sequence in _KEPT_PAIRS else self._split(*sequence)
        if known := self._known(sequence):
            return known
        if _MOUSE.fullmatch(sequence) or sequence.startswith("\x1b[?") and sequence.endswith("$y"):
            return []  # Textual has its own eye on these
        if _CSI_WHOLE.fullmatch(sequence) and sequence not in _BEGINNINGS:
            # As one key without a meaning: within a burst it is part of a hostile code, elsewhere it is nothing.
            return [events.Key(Keys.Ignore if _REPLY.match(sequence) else _UNKNOWN, sequence)]
        begun = sequence in _BEGINNINGS or _CSI_BEGUN.fullmatch(sequence)
        return [] if begun and len(sequence) < _LONGEST_SEQUENCE else self._split(*sequence)

    def _known(self, sequence: str) -> list[events.Key]:
        try:
            keys = list(super()._sequence_to_key_events(sequence))
            for key in keys:
                (key.character or "").encode()
        except (ValueError, OverflowError):  # a number that is no character, or half of one
            return [events.Key(_UNKNOWN, sequence)]
        return keys

    def _split(self, *characters: str) -> list[events.Key]:
        return [
            key
            for character in characters
            for key in ([events.Key("escape", _ESC)] if character == _ESC else self._known(character))
        ]


class DeskDriver(LinuxDriver):
    """Textual's driver with `DeskParser`; bytes that are no UTF-8 become � instead of ending the program."""

    def run_input_thread(self) -> None:
        """Read the terminal until the program ends; when the terminal itself ends, so does the program."""
        parser = DeskParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        nothing_waited = get_time()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                # What was there already came while the last keys were worked on: a busy machine must not tear
                # a burst apart, so its time is the last moment at which nothing waited.
                arrived = nothing_waited if selector.select(0) else None
                if arrived is None and selector.select(parser.patience):
                    arrived = get_time()
                if arrived is not None:
                    data = self._read()
                    if not data:
                        self._loop.call_soon_threadsafe(self._app.exit)
                        return
                nothing_waited = get_time()
                if arrived is not None:
                    self._post(parser.feed(decode(data)), arrived)
                self._post(parser.tick(), nothing_waited)

    def send_message(self, message: Message) -> None:
        """Hand a message to the program, without a task of its own for every key."""
        self._app.post_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:  # the terminal has hung up
            return b""

    def _post(self, messages: Iterable[Message], arrived: float) -> None:
        for message in messages:
            message.time = arrived
            self.process_message(message)


class _Fence(events.Event, bubble=True, verbose=True):
    """Goes the way of the key before it and comes back when that key has been handled."""


class _FlushDue(events.Event, bubble=False, verbose=True):
    """Says, behind all keys that have arrived, that what is held back is typing."""


class BurstRouter:
    """Takes scans out of the keys; everything else reaches the program as if nobody had looked (C1, C3).

    What is held back comes again as ordinary keys. Behind a key that may move the focus or end a session (any
    that types nothing, and keys that come again) the next ones wait until it has been handled, so that Esc and
    a scan, or a user name, Tab and a password, keep their order when they arrive in one read.

    Args:
        app: the running program; its `on_event` gives every event to `takes` first.
        heard: called with every code, in order, before anything is painted.
        burst: the state machine, with the configured prefix and suffix.
        scan_line: the widget class that is the scan line: there anything counts, and any paste is a scan.
    """

    GRACE: ClassVar[float] = 0.01
    """Seconds after the deadline in which keys that arrived in time may still be on their way."""
    FENCE_WAIT: ClassVar[float] = 0.05
    """Seconds to wait for a key to be handled; a slow screen must not keep scans from the queue (C2)."""

    def __init__(
        self,
        app: App[Any],
        heard: Callable[[Scanned], object],
        *,
        burst: KeyBurst | None = None,
        scan_line: type[Widget] | tuple[type[Widget], ...] = (),
    ) -> None:
        self._app = app
        self._heard = heard
        self._burst = burst or KeyBurst()
        self._scan_line = scan_line
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._leaving: deque[events.Key | events.Paste] = deque()
        self._coming_again: deque[events.Key | events.Paste] = deque()
        self._fence: _Fence | None = None
        self._flush_timer: asyncio.TimerHandle | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is held back or on its way: every key so far is a code or has reached the program."""
        return not (self._fence or self._waiting or self._leaving or self._burst.deadline is not None)

    def takes(self, event: events.Event) -> bool:
        """Say whether an event is the router's; if not, the program goes on with it as ever."""
        if isinstance(event, _Fence):
            self._on_fence(event)
            return True
        if isinstance(event, _FlushDue):
            self._on_flush_due(event)
            return True
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        if self._coming_again and event is self._coming_again[0]:
            self._coming_again.popleft()
            return False
        if isinstance(event, events.Key) and event.key in _LONE_MODIFIERS:
            return True
        if self._fence:
            self._waiting.append(event)
            return True
        passed = self._judged(event)
        if passed == [event]:
            self._set_fence_behind(event)
            return False
        self._leaving.extend(passed)
        self._go_on()
        return True

    def _judged(self, event: events.Key | events.Paste) -> list[events.Key | events.Paste]:
        """Report the codes that an event completes and give the events that are for the program."""
        if isinstance(event, events.Paste):
            passed = self._outcome(self._burst.flush())
            codes = self._pasted(event)
            for code in codes:
                self._hear(code, event.time)
            return passed if codes else [*passed, event]
        stroke = Stroke(event.key, event.character, event.time)
        answers = self._burst.feed(stroke, self._mode())
        if answers == [GivenBack((stroke,))]:
            return [event]
        return self._outcome(answers)

    def _outcome(self, answers: list[Answer]) -> list[events.Key | events.Paste]:
        passed: list[events.Key | events.Paste] = []
        for answer in answers:
            if isinstance(answer, GivenBack):
                passed += [events.Key(stroke.key, stroke.character) for stroke in answer.strokes]
            elif isinstance(answer, Coded):
                self._hear(answer.code, answer.at)
        return passed

    def _hear(self, code: str, at: float) -> None:
        self._heard(Scanned(without_stripe(code), "keyboard", at))

    def _pasted(self, event: events.Paste) -> tuple[str, ...]:
        mode = self._mode()
        focused = self._app.focused if self._app.screen_stack else None
        codes = codes_in_paste(event.text, any_paste=isinstance(focused, self._scan_line))
        if not all(self._burst.counts(code, mode) for code in codes):
            return ()
        return tuple(self._burst.stripped(code) for code in codes)

    def _mode(self) -> Mode:
        focused = self._app.focused if self._app.screen_stack else None
        if isinstance(focused, self._scan_line):
            return Mode.OPEN
        if isinstance(focused, Input):
            return Mode.OFF if focused.password else Mode.FREE_TEXT
        return Mode.FREE_TEXT if isinstance(focused, TextArea) else Mode.OPEN

    def _go_on(self) -> None:
        """Send on what is ready and look at what waits, up to the next key that has to be handled first."""
        while not self._fence and (self._leaving or self._waiting):
            if not self._leaving:
                self._leaving.extend(self._judged(self._waiting.popleft()))
                continue
            while self._leaving:
                event = self._leaving.popleft()
                event.set_sender(self._app)
                if self._app.post_message(event):
                    self._coming_again.append(event)
                if not _is_typing(event):
                    break
            self._set_fence()
        self._set_flush_timer()

    def _set_fence_behind(self, event: events.Key | events.Paste) -> None:
        if not _is_typing(event):
            self._set_fence()

    def _set_fence(self) -> None:
        fence = _Fence()
        fence.set_sender(self._app)
        if self._app.post_message(fence):  # not while the program ends: then nothing comes back
            self._fence = fence

    def _on_fence(self, fence: _Fence) -> None:
        if fence is not self._fence:
            return
        if fence.is_forwarded or not self._app.screen_stack:
            self._lift(fence)
            return
        target = self._app.focused or self._app.screen
        target._forward_event(fence)
        asyncio.get_running_loop().call_later(self.FENCE_WAIT, partial(self._lift, fence))

    def _lift(self, fence: _Fence) -> None:
        if fence is self._fence:
            self._fence = None
            self._go_on()

    def _set_flush_timer(self) -> None:
        deadline = self._burst.deadline
        if deadline is not None and self._flush_timer is None:
            self._flush_timer = asyncio.get_running_loop().call_later(
                max(0.0, deadline + self.GRACE - get_time()), self._flush_timer_rang
            )

    def _flush_timer_rang(self) -> None:
        self._flush_timer = None
        deadline = self._burst.deadline
        if deadline is not None and deadline + self.GRACE <= get_time():
            self._app.post_message(_FlushDue())
        else:
            self._set_flush_timer()

    def _on_flush_due(self, event: _FlushDue) -> None:
        deadline = self._burst.deadline
        if deadline is not None and not self._waiting and deadline < event.time:
            self._leaving.extend(self._outcome(self._burst.flush()))
        self._go_on()


_LONE_MODIFIERS: Final = frozenset({*MODIFIER_FUNCTIONAL_KEYS, "caps_lock", "num_lock", "scroll_lock"})


def _is_typing(event: events.Key | events.Paste) -> bool:
    return isinstance(event, events.Paste) or event.is_printable
