"""A field for a password or a PIN, which knows whether a scan was made into it.

There is no burst detection while it has the focus (C1): a password must never reach the queue, so that everything in it
is typing, a scan too. But a scan behind something that a hand typed is no password, and so no try.
"""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from devices.keyburst import BurstRules

LONGEST = 200
"""Characters a password has at most."""
HAND_PAUSE = 0.3
"""Seconds that a hand leaves before a machine goes on, at least. A slow line may cut a password that a machine types
in two, but hardly by so much."""


class SecretField(Input):
    """Shows dots.

    Args:
        placeholder: what is to be typed.
        id: the widget's.
        rules: what counts as a burst.
    """

    def __init__(self, placeholder: str, id: str, rules: BurstRules) -> None:
        # Nothing is selected: a character that was typed before the focus came must not go when the next one comes.
        super().__init__(placeholder=placeholder, password=True, id=id, max_length=LONGEST, select_on_focus=False)
        self._rules = rules
        self._forget()

    def _forget(self) -> None:
        # Where in the text the keys began that came at a scanner's speed, and the pause before them.
        self._burst_at = 0
        self._pause = 0.0
        self._last_at: float | None = None
        self._ended_fast = False

    @property
    def took_a_scan(self) -> bool:
        """Whether what was typed ends in a scan, Enter and all, that came after something a hand had typed."""
        tail = self.value[self._burst_at :]
        is_code = len(tail) >= self._rules.minimum and tail.isascii() and tail.isdigit()
        return is_code and self._ended_fast and self._burst_at > 0 and self._pause >= HAND_PAUSE

    def empty(self) -> None:
        """Forget what was typed."""
        self.value = ""
        self._forget()

    def begin(self, event: events.Key) -> None:
        """Take the character that was typed before the field had the focus."""
        self._note(event)
        self.insert_text_at_cursor(event.character or "")

    async def _on_key(self, event: events.Key) -> None:
        self._note(event)
        await super()._on_key(event)

    def _note(self, event: events.Key) -> None:
        """Note how a key came; any but a character or Enter begins anew."""
        pause = 0.0 if self._last_at is None else event.time - self._last_at
        is_fast = self._last_at is not None and pause <= self._rules.gap
        if event.key == "enter":
            self._ended_fast = is_fast
            return
        if not event.is_printable or self.cursor_position != len(self.value):
            self._forget()
            return
        if not is_fast:
            self._burst_at, self._pause = len(self.value), pause
        self._last_at = event.time
