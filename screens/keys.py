"""From what a terminal sends to keys, and from keys to scans, before anything else in the program sees them (C1, C3).

:class:`DeskDriver` reads the terminal with a parser to which Esc is a key of its own. :class:`BurstRouter` takes each
key ahead of priority bindings, focus and modals, and lets go on only what was typing.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import time
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import Any, Final

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import MODIFIER_FUNCTIONAL_KEYS
from textual._parser import Parser
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input, TextArea

from devices.keyburst import BurstRules, Code, KeyBurst, Mode, Outcome, Stroke, codes_in_paste
from devices.messages import Scanned

ESC: Final = "\x1b"
ESCAPE_WAIT: Final = 0.075
"""Seconds after a lone Esc within which ``[`` or ``O`` makes it the beginning of a sequence."""
SEQUENCE_WAIT: Final = 0.3
"""Seconds for the rest of a sequence that has begun: a slow line may cut one in two."""
LONGEST_SEQUENCE: Final = 32
SETTLE_WAIT: Final = 0.05
"""Seconds that keys wait, at most, for the key before them to have done its work."""
LATENESS: Final = 0.005
"""Seconds that a key may lie between the terminal and the router, on top of the gap."""
LONE_MODIFIERS: Final = MODIFIER_FUNCTIONAL_KEYS | {"caps_lock", "num_lock", "scroll_lock"}

_MOUSE: Final = "\x1b[M"  # three bytes of position follow, whatever they are
_CONSOLE: Final = "\x1b[["  # the Linux console's F1 to F5: one letter follows
_PRIVATE: Final = frozenset("<=>?")  # no key press begins its parameters with one of these


class DeskParser(XTermParser):
    r"""Cuts a terminal's stream so that Esc is never glued to the character after it.

    Stock parsing takes ``\x1b3`` for Alt+3, so that an Esc and a scan that arrive together lose the Esc and the scan's
    first digit; over SSH they arrive together often. Here Esc begins a sequence only before ``[`` or ``O``; before
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
        return sequence[1] == "O" and sequence in ANSI_SEQUENCES_KEYS
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
            came_at = 0.0
            while not self.exit_event.is_set():
                came_meanwhile = bool(selector.select(0))
                wait = 0.1 if parser.wait is None else min(0.1, parser.wait)
                if came_meanwhile or selector.select(wait):
                    came_at = came_at if came_meanwhile else time.monotonic()
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


class BurstRouter:
    """Takes each key before the rest of the app and lets go on what was typing.

    The app's ``on_event`` asks :meth:`takes` first. A key that is not taken goes its ordinary way; a key that was taken
    and turns out to be typing is posted to the app once more and then let through, in the order of the keyboard.

    A key that does something (Esc, F2, Tab, the letter of an answer) may move the focus, and the focus decides what may
    be a scan. So the keys after it wait until it has run its whole course through the widgets and back, or SETTLE_WAIT
    at most: «Esc and a card» in one packet ends the old visit before the card is heard.

    Args:
        app: whose keys these are.
        heard: called on the event loop with every code.
        gap: seconds between two keys of a scan, at most.
        minimum: characters of a scan, at least.
        prefix: what the scanner sends before a code.
        suffix: what the scanner sends after a code.
    """

    def __init__(
        self,
        app: App[Any],
        heard: Callable[[Scanned], object],
        *,
        gap: float = 0.035,
        minimum: int = 6,
        prefix: str = "",
        suffix: str = "",
    ) -> None:
        self._app = app
        self._heard = heard
        self._rules = BurstRules(gap=gap, minimum=minimum, prefix=prefix, suffix=suffix)
        self._burst = KeyBurst(self._rules)
        self._arrived: deque[events.Key | events.Paste] = deque()
        # Posted to the app once more and not yet back.
        self._returning: deque[Message] = deque()
        # The key whose course the others wait for; None: nobody waits.
        self._settling: Message | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._held_until = 0.0

    @property
    def is_quiet(self) -> bool:
        """Has everything that was typed or scanned gone where it belongs?"""
        return self._burst.deadline is None and not self._is_busy and not self._arrived

    def takes(self, event: events.Event) -> bool:
        """Take a key or a paste, unless it is to go its ordinary way now (C1).

        Args:
            event: what the app was just given, also what comes back to it from its widgets.
        """
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            return False
        if self._returning and event is self._returning[0]:
            self._returning.popleft()
            self._let_through(event)
            return False
        if isinstance(event, events.Key) and event.key in LONE_MODIFIERS:
            return True
        self._arrived.append(event)
        if self._is_busy:
            return True
        outcomes = self._judge_next()
        if len(outcomes) == 1 and isinstance(outcomes[0], Stroke) and outcomes[0].origin is event:
            self._let_through(event)
            return False
        self._carry_out(outcomes)
        self._judge()
        return True

    @property
    def _is_busy(self) -> bool:
        return bool(self._returning) or self._settling is not None

    def _mode(self) -> Mode:
        focused = self._focused()
        if isinstance(focused, Input):
            return Mode.OFF if focused.password else Mode.FREE_TEXT
        return Mode.FREE_TEXT if isinstance(focused, TextArea) else Mode.OPEN

    def _focused(self) -> Widget | None:
        try:
            return self._app.focused
        except ScreenStackError:
            # The program is starting or ending.
            return None

    # Judging.

    def _judge(self) -> None:
        """Judge what has arrived, as far as nothing has to be waited for."""
        while self._arrived and not self._is_busy:
            self._carry_out(self._judge_next())
        if self._burst.deadline is not None and self._alarm is None:
            wait = max(0.001, self._held_until - time.monotonic())
            self._alarm = asyncio.get_running_loop().call_later(wait, self._ring)

    def _judge_next(self) -> list[Outcome]:
        event = self._arrived.popleft()
        if isinstance(event, events.Key):
            # Counted from now, not from the key: while keys flow through a busy loop nobody has stopped typing.
            self._held_until = time.monotonic() + self._rules.gap + LATENESS
            return self._burst.feed(Stroke(event.key, event.character, event.time, event), self._mode())
        # A paste ends whatever was being typed, as any key does that is not a character.
        outcomes = self._burst.feed(Stroke("paste", None, event.time, event), Mode.OFF)
        codes = codes_in_paste(event.text, self._mode(), self._rules)
        if codes:
            return [*outcomes[:-1], *(Code(code, event.time) for code in codes)]
        return outcomes

    def _ring(self) -> None:
        """Have what is held looked at once the app has seen every key that came before now.

        A key from the terminal's thread takes two turns of the loop to the app's queue. So does this, lest it get there
        before them.
        """
        self._alarm = None
        asyncio.get_running_loop().call_soon(self._app.call_later, self._expire)

    def _expire(self) -> None:
        if not self._arrived and time.monotonic() >= self._held_until:
            self._carry_out(self._burst.expire())
        self._judge()

    def _carry_out(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Code):
                self._heard(Scanned(outcome.text, "scanner", outcome.at))
            elif isinstance(outcome.origin, Message):
                self._returning.append(outcome.origin)
                self._app.post_message(outcome.origin)

    # Letting through.

    def _let_through(self, event: events.Key | events.Paste) -> None:
        """Let a key go its ordinary way; one that may do something is waited for."""
        if isinstance(event, events.Key) and event.is_printable and self._mode() is not Mode.OPEN:
            # A letter in a text field: words are not held up letter by letter.
            if self._arrived and not self._returning:
                self._app.call_later(self._judge)
            return
        try:
            target: MessagePump = self._app.focused or self._app.screen
        except ScreenStackError:
            return
        self._settling = event
        # Behind the key: the app forwards it to the target when this call is over.
        self._app.call_later(self._follow, event, target)
        asyncio.get_running_loop().call_later(SETTLE_WAIT, self._app.call_later, self._settle, event)

    def _follow(self, event: Message, node: MessagePump) -> None:
        """Walk the way of a key that nobody stops: from the focus up to the app, through each one's queue."""
        parent = node._parent
        if node is self._app or parent is None or not node.call_later(self._follow, event, parent):
            self._app.call_later(self._settle, event)

    def _settle(self, event: Message) -> None:
        if self._settling is event:
            self._settling = None
            self._judge()
