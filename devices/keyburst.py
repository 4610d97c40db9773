"""Tells a scanner's burst of keys from typing (C1), as a pure state machine: no clock, no screen.

Fed one stroke after another, it answers what has become certain by then: strokes that were typing after all, to
be given back in order, and codes. What may still become a code is held; :attr:`KeyBurst.deadline` says until
when. Nothing is lost and nothing comes twice: strokes given back, strokes in codes and the Enter or Tab that ended
a code are together what went in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

TERMINATORS = frozenset({"enter", "tab"})
# It carries a character and repeats while held down, some 30 times a second: it begins nobody's code.
_BACKSPACE = "backspace"


class Mode(Enum):
    """How much the focus lets count as a scan."""

    OFF = "off"
    """A password or PIN is being typed: everything is typing."""
    NAME = "name"
    """A user name is being typed, in which letters and digits may belong together: as in free text, but the code must
    be all that came within the gap."""
    FREE_TEXT = "free text"
    """Words are being typed: only digits, or what begins with the configured prefix, can be a code. Directly after
    words it is one too, and the words stay typing; figures directly before it cannot be told from it."""
    OPEN = "open"
    """Anything can be a code."""


@dataclass(frozen=True, slots=True)
class BurstRules:
    """What counts as a burst.

    Attributes:
        gap: seconds between one key and the next, at most.
        minimum: characters in a run, prefix and suffix included, at least.
        prefix: what the scanner sends before a code; empty: nothing.
        suffix: what the scanner sends after a code; empty: only Enter or Tab ends one.
        limit: characters after which a run is a code however it goes on. It comes as one code a character longer
            than this, so that it is refused with a reason and never typed into a page.
    """

    gap: float = 0.035
    minimum: int = 6
    prefix: str = ""
    suffix: str = ""
    limit: int = 256


@dataclass(frozen=True, slots=True, repr=False)
class Stroke:
    """One key, as it arrived.

    Attributes:
        key: the key's name, as ``a``, ``enter`` or ``f2``.
        character: what it types; None for a key that types nothing.
        at: when it arrived, in seconds of the monotonic clock.
        origin: whatever the feeder wants back with it.
    """

    key: str
    character: str | None
    at: float
    origin: object = None


@dataclass(frozen=True, slots=True)
class Code:
    """A whole code.

    Attributes:
        text: without prefix, suffix and terminator.
        at: when its last key arrived, in seconds of the monotonic clock.
        is_certain: only a scanner sends this: digits, or what stands behind the configured prefix. Anything else may
            be what another machine typed, such as a password.
    """

    text: str = field(repr=False)
    at: float
    is_certain: bool = True


Outcome: TypeAlias = Stroke | Code


class KeyBurst:
    """The state between one key and the next.

    Args:
        rules: what counts as a burst.
    """

    def __init__(self, rules: BurstRules | None = None) -> None:
        self._rules = rules or BurstRules()
        self._held: list[Stroke] = []
        self._text = ""
        self._last_at = 0.0
        # The focus may move while a burst runs: what held for its first character holds for the whole of it.
        self._mode = Mode.OPEN
        # When the last character of a run came that is known to be typing; None: no such run.
        self._typing_at: float | None = None
        # Whether that run is words, after which a scanner may begin. What goes on after a password, or after half a
        # scan that was given back, is no code of its own.
        self._after_words = False
        # When the last code ended: an Enter at its heels is the scanner's too.
        self._code_at: float | None = None

    @property
    def deadline(self) -> float | None:
        """When what is held becomes typing, in seconds of the strokes' clock; None: nothing is held."""
        return self._last_at + self._rules.gap if self._held else None

    def feed(self, stroke: Stroke, mode: Mode) -> list[Outcome]:
        """Take the next key (C1).

        Args:
            stroke: the key; lone modifiers are left out by the feeder.
            mode: what the focus lets count, now.

        Returns:
            What has become certain, in order.
        """
        settled = self.expire() if stroke.at - self._last_at > self._rules.gap else []
        if self._is_echo(stroke):
            self._code_at = stroke.at
            return settled
        self._code_at = None
        if stroke.key in TERMINATORS:
            return [*settled, *self._terminated(stroke)]
        if stroke.character is None or len(stroke.character) != 1 or stroke.key == "escape":
            settled += self.expire()
            self._typing_at = None
            return [*settled, stroke]
        return [*settled, *self._character(stroke, stroke.character, mode)]

    def _character(self, stroke: Stroke, character: str, mode: Mode) -> list[Outcome]:
        if not self._held:
            if mode is Mode.OFF or self._goes_on_typing(stroke, mode):
                self._typing_at = stroke.at
                self._after_words = False
                return [stroke]
            if stroke.key == _BACKSPACE:
                return [stroke]
            self._mode = mode
        self._typing_at = None
        self._last_at = stroke.at
        if len(self._held) > self._rules.limit:
            return []
        self._held.append(stroke)
        self._text += character
        if self._mode is not Mode.OPEN and not self._may_become_code(self._text):
            return self._words() if self._mode is Mode.FREE_TEXT else self.expire()
        if self._is_framed():
            return [self._code(stroke.at)]
        return []

    def _goes_on_typing(self, stroke: Stroke, mode: Mode) -> bool:
        """Is this the next character of a run that is known to be typing?"""
        if self._typing_at is None or stroke.at - self._typing_at > self._rules.gap:
            return False
        return mode is not Mode.FREE_TEXT or not self._after_words

    def _words(self) -> list[Outcome]:
        """Give back the words that are held, and hold on to what a scanner may have begun behind them."""
        starts = range(1, len(self._held))
        start = next((n for n in starts if self._may_become_code(self._text[n:])), len(self._held))
        words: list[Outcome] = [*self._held[:start]]
        self._held, self._text = self._held[start:], self._text[start:]
        self._typing_at = None if self._held else self._last_at
        self._after_words = True
        return words

    def _terminated(self, stroke: Stroke) -> list[Outcome]:
        long_enough = len(self._text) >= self._rules.minimum
        if long_enough and (self._mode is Mode.OPEN or self._counts_in_free_text(self._text)):
            return [self._code(stroke.at)]
        typed = self.expire()
        self._typing_at = None
        return [*typed, stroke]

    def expire(self) -> list[Outcome]:
        """Give back what is held: no further key came in time. A run over the limit is a code all the same."""
        if len(self._held) > self._rules.limit:
            return [self._code(self._last_at)]
        typed: list[Outcome] = [*self._held]
        if typed:
            # Whatever comes within the gap after these is the rest of the same run, not a code of its own.
            self._typing_at = self._last_at
            self._after_words = False
        self._clear()
        return typed

    def _code(self, at: float) -> Code:
        rules = self._rules
        text = self._text
        is_certain = self._counts_in_free_text(text)
        if rules.prefix and text.startswith(rules.prefix) and text != rules.prefix:
            text = text.removeprefix(rules.prefix)
        if rules.suffix and text.endswith(rules.suffix) and text != rules.suffix:
            text = text.removesuffix(rules.suffix)
        self._clear()
        self._code_at = at
        return Code(text, at, is_certain)

    def _clear(self) -> None:
        self._held = []
        self._text = ""

    def _is_echo(self, stroke: Stroke) -> bool:
        """Is this the rest of a scanner's ending: CR LF, or the Enter after a suffix? It must press no button (C3)."""
        if self._held or self._code_at is None or stroke.at - self._code_at > self._rules.gap:
            return False
        return stroke.key in TERMINATORS or stroke.character == "\n"

    def _is_framed(self) -> bool:
        rules, text = self._rules, self._text
        if not rules.suffix or not text.endswith(rules.suffix) or not text.startswith(rules.prefix):
            return False
        return len(text) >= max(rules.minimum, len(rules.prefix) + len(rules.suffix) + 1)

    def _counts_in_free_text(self, text: str) -> bool:
        rules = self._rules
        if rules.prefix and text.startswith(rules.prefix):
            return True
        return _are_digits(text) or bool(rules.suffix and _are_digits(text.removesuffix(rules.suffix)))

    def _may_become_code(self, text: str) -> bool:
        """Can this still grow into something that counts in free text?"""
        rules = self._rules
        if self._counts_in_free_text(text) or rules.prefix.startswith(text):
            return True
        return any(
            text.endswith(rules.suffix[:length]) and _are_digits(text[:-length])
            for length in range(1, len(rules.suffix))
        )


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def passes_for_scan(password: str, rules: BurstRules) -> bool:
    """Tell whether a password that a machine types cannot be told from a scan: digits, or behind the prefix.

    Args:
        password: as it is typed; nothing of it is kept.
        rules: what counts as a burst.
    """
    return bool(codes_in_paste(f"{password}\r", Mode.NAME, rules))


def codes_in_paste(text: str, mode: Mode = Mode.OPEN, rules: BurstRules | None = None) -> tuple[str, ...]:
    """Read a bracketed paste as scans: a terminal may hand a burst over as one (C1).

    Args:
        text: what was pasted; a line ends with CR, LF or both.
        mode: what the focus lets count.
        rules: what counts as a burst; everything in a paste comes at once.

    Returns:
        The codes in order, when the paste is nothing but codes, each ended as a scanner ends it. Empty: it is
        ordinary text.
    """
    burst = KeyBurst(rules)
    outcomes: list[Outcome] = []
    lines = text.replace("\r\n", "\r").replace("\n", "\r")
    before, line_end, last = lines.rpartition("\r")
    if mode is Mode.OPEN and before and line_end and last and not any(map(str.isspace, last)):
        # Several lines out of a list: the last one, which has no line end, is a code like the others.
        lines += "\r"
    for character in lines:
        key = {"\r": "enter", "\t": "tab", "\x1b": "escape"}.get(character, character)
        outcomes += burst.feed(Stroke(key, character, 0.0), mode)
    outcomes += burst.expire()
    codes = tuple(outcome.text for outcome in outcomes if isinstance(outcome, Code))
    return codes if len(codes) == len(outcomes) else ()
