"""From keys to scans, before anything else in the program sees them (C1, C3).

:class:`~screens.driver.DeskDriver` reads the terminal. :class:`BurstRouter` takes each key ahead of priority bindings,
focus and modals, and lets go on only what was typing.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from textual import events
from textual._keyboard_protocol import MODIFIER_FUNCTIONAL_KEYS
from textual.app import App, ScreenStackError
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input

from desk.settings import ScannerSettings
from devices.keyburst import BurstRules, Code, KeyBurst, Mode, Outcome, Stroke, codes_in_paste, passes_for_scan
from devices.messages import Scanned
from screens.driver import DeskDriver

__all__ = ["USER_NAME", "BurstRouter", "DeskDriver", "router_for"]

SETTLE_WAIT: Final = 0.05
"""Seconds that keys wait, at most, for the key before them to have done its work."""
LATENESS: Final = 0.005
"""Seconds that a key may lie between the terminal and the router, on top of the gap."""
USER_NAME: Final = "user-name"
"""The class of a field for a user name: letters and digits in one burst are a name that a machine typed."""
LONE_MODIFIERS: Final = MODIFIER_FUNCTIONAL_KEYS | {"caps_lock", "num_lock", "scroll_lock"}


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
        self.rules: Final = BurstRules(gap=gap, minimum=minimum, prefix=prefix, suffix=suffix)
        self._burst = KeyBurst(self.rules)
        self._arrived: deque[events.Key | events.Paste] = deque()
        # Posted to the app once more and not yet back.
        self._returning: deque[Message] = deque()
        # The course of a key that the others wait for; None: nobody waits.
        self._course: asyncio.Task[None] | None = None
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

    def send_again(self, kept: Sequence[events.Key | events.Paste]) -> None:
        """Let keys that a page has kept go their ordinary way, ahead of those that come later."""
        for event in kept:
            if self._app.post_message(event):
                self._returning.append(event)

    @property
    def _is_busy(self) -> bool:
        return bool(self._returning) or self._course is not None

    def _mode(self) -> Mode:
        focused = self._focused()
        if isinstance(focused, Input):
            if focused.password:
                return Mode.OFF
            return Mode.NAME if focused.has_class(USER_NAME) else Mode.FREE_TEXT
        # A field of many lines is told by what it can do: importing it takes 12 ms of every start.
        return Mode.FREE_TEXT if hasattr(focused, "selected_text") else Mode.OPEN

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
            self._held_until = time.monotonic() + self.rules.gap + LATENESS
            return self._burst.feed(Stroke(event.key, event.character, event.time, event), self._mode())
        # A paste ends whatever was being typed, as any key does that is not a character.
        outcomes = self._burst.feed(Stroke("paste", None, event.time, event), Mode.OFF)
        codes = codes_in_paste(event.text, self._mode(), self.rules)
        if codes:
            return [*outcomes[:-1], *(Code(code, event.time, passes_for_scan(code, self.rules)) for code in codes)]
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
                self._heard(Scanned(outcome.text, "scanner", outcome.at, outcome.is_certain))
            # An app that is closing takes nothing any more, and nothing is then waited for.
            elif isinstance(outcome.origin, Message) and self._app.post_message(outcome.origin):
                self._returning.append(outcome.origin)

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
        if self._course is not None:
            # Only the last of several is waited for.
            self._course.cancel()
        self._course = asyncio.create_task(self._run_course(target))

    async def _run_course(self, target: MessagePump) -> None:
        """Go the way of a key that nobody stops, from the app to the focus and up again, through each one's queue.

        Twice: what the key's handlers post in the first round (a button pressed, a focus to be set) is behind in the
        second.
        """
        try:
            async with asyncio.timeout(SETTLE_WAIT):
                await _turn_of(self._app)
                for _round in range(2):
                    node: MessagePump | None = target
                    while node is not None:
                        await _turn_of(node)
                        node = node._parent
        except TimeoutError:
            pass
        finally:
            self._app.call_later(self._settle, asyncio.current_task())

    def _settle(self, course: asyncio.Task[None]) -> None:
        if course is self._course:
            self._course = None
            self._judge()


def router_for(app: App[Any], heard: Callable[[Scanned], object], scanner: ScannerSettings) -> BurstRouter:
    """Make the router that the settings ask for."""
    return BurstRouter(
        app,
        heard,
        gap=scanner.burst_gap_ms / 1000,
        minimum=scanner.burst_minimum,
        prefix=scanner.prefix,
        suffix=scanner.suffix,
    )


async def _turn_of(node: MessagePump) -> None:
    """Wait until everything that is in a queue now has been dealt with; a queue that is closed is not waited for."""
    reached = asyncio.Event()
    if node.call_later(reached.set):
        await reached.wait()
