"""Tell a scanner's burst from a person's typing (C1): a state machine of values, without clock or terminal.

A *burst* is a run of at least ``minimum`` characters, each within ``gap`` of the last by the time the key
arrived, ended by Enter or Tab, or framed by a configured prefix and suffix. Characters that may be the
beginning of one are held back; as soon as they cannot be, they are given back as typing, in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

GAP = 0.035
"""Seconds from one character of a burst to the next, at most (C1)."""
MINIMUM = 6
"""Characters of a burst, at least (C1)."""
LIMIT = 256
"""Characters after which a run is a code whatever ends it: no person types so, and none of it may reach a field."""

_ROUNDING = 1e-6  # 10.035 - 10.0 is a little more than 0.035 in binary
_DIGITS = frozenset("0123456789")
_ENDS = {"enter": "\r", "tab": "\t", "ctrl+j": "\n"}
_NEVER_FIRST = frozenset("\x1b\x7f\x08")  # Esc and Backspace are a person's, unless a burst is already running


class Mode(Enum):
    """What the focused field lets count as a burst (C1)."""

    OFF = auto()
    """A password or PIN field: nothing is held back."""
    FREE_TEXT = auto()
    """A field for words: only digits, or what begins with the configured prefix."""
    OPEN = auto()
    """Anything."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A key as it came.

    Attributes:
        key: the key's name («enter», «f2», «a»).
        character: what it types, None when it types nothing.
        at: monotonic seconds at which it arrived.
    """

    key: str = field(repr=False)
    character: str | None = field(repr=False)
    at: float

    @property
    def text(self) -> str:
        """What the stroke adds to a run of characters; empty for a key that types nothing."""
        return self.character or _ENDS.get(self.key, "")

    @property
    def is_end(self) -> bool:
        """Whether it is one of the keys that end a burst (a line feed counts as Enter)."""
        return self.key in _ENDS


@dataclass(frozen=True, slots=True)
class GivenBack:
    """These were typing: hand them to the program in this order."""

    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """A burst was complete.

    Attributes:
        code: its characters without prefix, suffix and the key that ended it.
        raw: all its characters, as they came.
        at: monotonic seconds at which it ended.
    """

    code: str = field(repr=False)
    raw: str = field(repr=False)
    at: float


@dataclass(frozen=True, slots=True)
class Swallowed:
    """A scanner's second ending (Tab and Enter, CR and LF): part of the burst before, it presses nothing (C3)."""

    stroke: Stroke


Answer = GivenBack | Coded | Swallowed


class _Tail(Enum):
    """What the stroke before this one left behind."""

    NOTHING = auto()
    TYPING = auto()
    CODE = auto()


@dataclass(slots=True)
class _Run:
    """The characters that are held back.

    Attributes:
        parts: their texts, never joined before the end: a flood must not cost its square.
        size: how many characters they are.
        head: as many of the first ones as the prefix has.
        strokes: what would be given back; empty once the run is over-long.
    """

    parts: list[str] = field(default_factory=list, repr=False)
    size: int = 0
    head: str = field(default="", repr=False)
    all_digits: bool = True
    strokes: list[Stroke] = field(default_factory=list, repr=False)


class KeyBurst:
    """The state machine: fed one stroke at a time, it answers what to do now; no answer means *held back*.

    Args:
        gap: seconds between two characters of a burst, at most.
        minimum: characters of a burst, prefix and suffix counted, at least.
        limit: characters after which a run is given as an over-long code instead of as typing.
        prefix: characters that a scanner is set to send first; they are not part of the code.
        suffix: characters that a scanner is set to send last; they end a burst that began with the prefix.
    """

    def __init__(
        self, *, gap: float = GAP, minimum: int = MINIMUM, limit: int = LIMIT, prefix: str = "", suffix: str = ""
    ) -> None:
        self._gap = gap + _ROUNDING
        self._minimum = minimum
        self._limit = limit
        self._prefix = prefix
        self._suffix = suffix
        self._run = _Run()
        self._mode = Mode.OPEN
        self._last = float("-inf")
        self._tail = _Tail.NOTHING

    @property
    def deadline(self) -> float | None:
        """Monotonic seconds after which what is held back is typing and `flush` is due; None: nothing is held."""
        return self._last + self._gap if self._run.parts else None

    def flush(self) -> list[Answer]:
        """End the run that is held back without a key that ends it: typing, unless it is over-long."""
        if not self._run.parts:
            return []
        if self._run.size > self._limit:
            return [self._coded("", self._last, _Tail.NOTHING)]
        answer = GivenBack(tuple(self._run.strokes))
        self._clear(_Tail.NOTHING)
        return [answer]

    def feed(self, stroke: Stroke, mode: Mode) -> list[Answer]:
        """Take the next stroke (C1).

        Args:
            stroke: the key; its time is not before that of the last one.
            mode: what the field that has the focus lets count.

        Returns:
            What to do now, in order; an empty list when the stroke is held back.
        """
        fast = stroke.at - self._last <= self._gap
        answers = [] if fast and mode is self._mode else self.flush()
        self._mode = mode
        tail = self._tail if fast else _Tail.NOTHING
        self._last = stroke.at
        if stroke.is_end:
            answers += self._ended(stroke, tail)
        elif not stroke.text:
            answers += self.flush()
            answers.append(GivenBack((stroke,)))
            self._tail = _Tail.NOTHING
        elif self._run.parts:
            answers += self._joined(stroke)
        elif tail is not _Tail.TYPING and self._may_begin(stroke.text):
            self._hold(stroke)
        else:
            # The rest of a fast run that was not a burst is not one either: «Vej 123456» holds no code.
            self._tail = _Tail.TYPING if stroke.text.isprintable() else _Tail.NOTHING
            answers.append(GivenBack((stroke,)))
        return answers

    def counts(self, text: str, mode: Mode) -> bool:
        """Tell whether a whole text would be a code where the focus is, be it typed or pasted (C1)."""
        if mode is Mode.FREE_TEXT:
            return _DIGITS.issuperset(text) or (bool(self._prefix) and text.startswith(self._prefix))
        return mode is Mode.OPEN

    def stripped(self, text: str) -> str:
        """Give a burst's characters without the configured prefix and suffix."""
        return text.removeprefix(self._prefix).removesuffix(self._suffix) if text.startswith(self._prefix) else text

    def _may_begin(self, text: str) -> bool:
        if self._mode is Mode.OFF:
            return False
        if self._prefix.startswith(text):
            return True
        return text in _DIGITS if self._mode is Mode.FREE_TEXT else len(text) == 1 and text not in _NEVER_FIRST

    def _may_go_on(self, text: str) -> bool:
        if self._mode is Mode.OPEN or (self._run.all_digits and text in _DIGITS):
            return True
        return bool(self._prefix) and self._prefix.startswith((self._run.head + text)[: len(self._prefix)])

    def _hold(self, stroke: Stroke) -> None:
        run = self._run
        run.parts.append(stroke.text)
        run.size += len(stroke.text)
        run.head = (run.head + stroke.text)[: len(self._prefix)]
        run.all_digits = run.all_digits and stroke.text in _DIGITS
        self._tail = _Tail.NOTHING
        if run.size > self._limit:
            run.strokes.clear()  # never given back any more: the text is enough
        else:
            run.strokes.append(stroke)

    def _joined(self, stroke: Stroke) -> list[Answer]:
        if not self._may_go_on(stroke.text):
            answers: list[Answer] = self.flush()
            answers.append(GivenBack((stroke,)))
            self._tail = _Tail.TYPING
            return answers
        self._hold(stroke)
        return [self._coded("", stroke.at, _Tail.CODE)] if self._is_framed() else []

    def _is_framed(self) -> bool:
        run = self._run
        if not self._suffix or run.head != self._prefix or run.size < self._minimum:
            return False
        return "".join(run.parts[-len(self._suffix) :]).endswith(self._suffix)

    def _ended(self, stroke: Stroke, tail: _Tail) -> list[Answer]:
        known = self._mode is not Mode.FREE_TEXT or self._run.all_digits or self._run.head == self._prefix
        if self._run.size >= self._minimum and known:
            return [self._coded(stroke.text, stroke.at, _Tail.CODE)]
        if tail is _Tail.CODE:
            return [Swallowed(stroke)]
        answers = self.flush()
        answers.append(GivenBack((stroke,)))
        self._tail = _Tail.NOTHING
        return answers

    def _coded(self, end: str, at: float, tail: _Tail) -> Coded:
        text = "".join(self._run.parts)
        self._clear(tail)
        return Coded(self.stripped(text), text + end, at)

    def _clear(self, tail: _Tail) -> None:
        self._run = _Run()
        self._tail = tail


def codes_in_paste(text: str, *, any_paste: bool) -> tuple[str, ...]:
    """Give the codes of a bracketed paste, one for each line that is not blank (C1).

    Args:
        text: what was pasted.
        any_paste: the scan line has the focus, so a text that no newline ends is a code too.

    Returns:
        The codes in order; none when the paste is not a scan.
    """
    if not any_paste and not text.endswith(("\r", "\n")):
        return ()
    return tuple(line for line in re.split(r"[\r\n]+", text) if line.strip())
