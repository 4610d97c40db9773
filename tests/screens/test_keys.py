"""A scan among dialogs, fields and keys (C1, C3), in an app without a terminal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from devices.messages import Scanned
from screens.keys import USER_NAME, BurstRouter

CODE = "3000123456"


class Question(ModalScreen[None]):
    AUTO_FOCUS = "*"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("j", "dismiss"), Binding("escape", "dismiss")]

    def compose(self) -> ComposeResult:
        yield Button("yes")

    def on_button_pressed(self) -> None:
        self.dismiss()


class StepUp(ModalScreen[None]):
    AUTO_FOCUS = "*"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

    def compose(self) -> ComposeResult:
        yield Input(password=True)


class Counter(App[None]):
    class Wanted(Message):
        """The field for words is wanted."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "note('F2')"),
        Binding("f3", "focus_words"),
        Binding("f4", "take_a_moment"),
        Binding("3", "note('three')", priority=True),
    ]

    def __init__(self, prefix: str = "", suffix: str = "") -> None:
        super().__init__()
        self.router = BurstRouter(self, self.heard, prefix=prefix, suffix=suffix)
        self.seen: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static()
        yield Input(id="login")
        yield Input(id="password", password=True)
        yield Input(id="user", classes=USER_NAME)

    async def on_event(self, event: events.Event) -> None:
        if not self.router.takes(event):
            # An app may have something of its own to do first.
            await asyncio.sleep(0)
            await super().on_event(event)

    def heard(self, scanned: Scanned) -> None:
        self.seen.append(f"<{scanned.code}> on {type(self.screen).__name__}")

    def on_key(self, event: events.Key) -> None:
        if event.key not in {"f2", "f3", "f4", "tab", "escape"} and not isinstance(self.focused, Input):
            self.seen.append(event.key)

    def action_note(self, what: str) -> None:
        self.seen.append(what)

    def action_focus_words(self) -> None:
        self.field("login").focus()

    async def action_take_a_moment(self) -> None:
        await asyncio.sleep(0.01)
        self.query_one(Static).post_message(self.Wanted())

    def on_counter_wanted(self) -> None:
        self.field("login").focus()

    def field(self, name: str) -> Input:
        return self.screen_stack[0].query_one(f"#{name}", Input)


class Keyboard:
    """Keys as they come from a terminal: all there at once, whatever their times."""

    def __init__(self, app: Counter, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.at = events.Key("a", "a").time

    async def __call__(self, *keys: str | float, pause: float = 0.001) -> None:
        """Send keys by name, or whole texts, and wait until they have gone where they belong.

        Args:
            keys: names of keys, texts, or seconds for a rest in between.
            pause: seconds between one key and the next.
        """
        self.at += 1
        for key in keys:
            if isinstance(key, float):
                self.at += key
                continue
            for name, character in self._strokes(key):
                self._post(events.Key(name, character))
                self.at += pause
        await self.settle()

    async def begin(self, text: str) -> None:
        """Send the beginning of a scan and wait until it is held."""
        for name, character in self._strokes(text):
            self._post(events.Key(name, character))
        while self.app.router.is_quiet:
            await asyncio.sleep(0)

    def from_terminal(self, text: str, loop: asyncio.AbstractEventLoop) -> None:
        """Send keys as the terminal's thread does."""
        for name, character in self._strokes(text):
            key = events.Key(name, character)
            key.time = self.at
            self.at += 0.001
            asyncio.run_coroutine_threadsafe(self.app._post_message(key), loop)

    async def paste(self, text: str) -> None:
        self._post(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        await self.pilot.pause()
        while not self.app.router.is_quiet:
            await self.pilot.pause()

    def _strokes(self, key: str) -> list[tuple[str, str | None]]:
        if key in {"escape", "f2", "f3", "f4", "left_shift"}:
            return [(key, None)]
        names = {"\r": "enter", "\t": "tab", " ": "space"}
        return [(names.get(character, character), character) for character in key]

    def _post(self, event: events.Key | events.Paste) -> None:
        event.time = self.at
        self.app.post_message(event)


@asynccontextmanager
async def counter(prefix: str = "", suffix: str = "") -> AsyncIterator[tuple[Counter, Keyboard]]:
    app = Counter(prefix, suffix)
    async with app.run_test() as pilot:
        yield app, Keyboard(app, pilot)


async def test_a_scan_is_taken_whole() -> None:
    async with counter() as (app, keys):
        await keys(f"{CODE}\r")
        assert app.seen == [f"<{CODE}> on Screen"]


async def test_a_scan_comes_from_the_scanner_at_the_time_of_its_last_key() -> None:
    heard: list[Scanned] = []
    async with counter() as (app, keys):
        app.router._heard = heard.append
        await keys(f"{CODE}\r")
        assert [scanned.source for scanned in heard] == ["scanner"]
        assert heard[0].at == pytest.approx(keys.at - 0.001)


async def test_slow_keys_go_their_ordinary_way_in_order() -> None:
    async with counter() as (app, keys):
        await keys("f2", "3", "00123\r", pause=0.05)
        assert app.seen == ["F2", "three", "0", "0", "1", "2", "three", "enter"]


async def test_a_hand_that_stops_is_given_what_it_typed() -> None:
    async with counter() as (app, keys):
        await keys("30")
        assert app.seen == ["three", "0"]


async def test_too_short_for_a_scan_is_typing() -> None:
    async with counter() as (app, keys):
        await keys("12x45\r")
        assert app.seen == ["1", "2", "x", "4", "5", "enter"]


async def test_a_scanners_enter_presses_no_button() -> None:
    async with counter() as (app, keys):
        await app.push_screen(Question())
        await keys(f"{CODE}\r", f"{CODE}\r")
        assert app.seen == [f"<{CODE}> on Question"] * 2


async def test_enter_by_hand_presses_the_button() -> None:
    async with counter() as (app, keys):
        await app.push_screen(Question())
        await keys("\r")
        assert not isinstance(app.screen, Question)


async def test_the_key_before_a_scan_has_done_its_work_when_the_scan_is_heard() -> None:
    async with counter() as (app, keys):
        await app.push_screen(Question())
        await keys("escape", f"{CODE}\r")
        assert app.seen == [f"<{CODE}> on Screen"]


async def test_an_answer_by_enter_and_a_scan_at_once_are_an_answer_and_a_scan() -> None:
    async with counter() as (app, keys):
        await app.push_screen(Question())
        await keys("\r", f"{CODE}\r")
        assert app.seen[-1] == f"<{CODE}> on Screen"


async def test_an_answer_by_letter_and_a_scan_soon_after_are_an_answer_and_a_scan() -> None:
    async with counter() as (app, keys):
        await app.push_screen(Question())
        await keys("j", 0.04, f"{CODE}\r")
        assert app.seen[-1] == f"<{CODE}> on Screen"


async def test_esc_out_of_a_password_and_a_scan_at_once_is_a_scan() -> None:
    async with counter() as (app, keys):
        await app.push_screen(StepUp())
        await keys("escape", f"{CODE}\r")
        assert app.seen == [f"<{CODE}> on Screen"]


async def test_a_key_and_a_scan_at_once_keep_their_order() -> None:
    async with counter() as (app, keys):
        await keys(f"{CODE}\r", "f2", f"{CODE}\r")
        assert app.seen == [f"<{CODE}> on Screen", "F2", f"<{CODE}> on Screen"]


async def test_digits_in_a_password_are_typing_however_fast() -> None:
    async with counter() as (app, keys):
        app.field("password").focus()
        await keys("12345678\r")
        assert (app.field("password").value, app.seen) == ("12345678", [])


async def test_a_user_name_a_tab_and_a_password_at_once_land_in_their_fields() -> None:
    async with counter() as (app, keys):
        app.field("login").focus()
        await keys("mette\t12345678\r")
        assert (app.field("login").value, app.field("password").value) == ("mette", "12345678")
        assert app.seen == []


async def test_a_scan_in_a_field_for_words_is_a_scan() -> None:
    async with counter() as (app, keys):
        app.field("login").focus()
        await keys(f"{CODE}\r")
        assert (app.field("login").value, app.seen) == ("", [f"<{CODE}> on Screen"])


async def test_words_typed_fast_in_a_field_for_words_stay_words() -> None:
    async with counter() as (app, keys):
        app.field("login").focus()
        await keys("møller jensen 123456")
        assert (app.field("login").value, app.seen) == ("møller jensen 123456", [])


@pytest.mark.parametrize("pause", [0.001, 0.1])
async def test_a_scan_right_after_typed_words_is_a_scan_and_the_words_stay(pause: float) -> None:
    async with counter() as (app, keys):
        app.field("login").focus()
        await keys("aftal", pause=pause)
        await keys("t", f"{CODE}\r", f"{CODE}\t")
        await keys(" med Ib", pause=pause)
        assert app.field("login").value == "aftalt med Ib"
        assert app.seen == [f"<{CODE}> on Screen"] * 2
        assert app.focused is app.field("login"), "the scanner's Enter or Tab did something"


async def test_a_user_name_that_a_machine_types_is_not_taken_for_a_scan() -> None:
    async with counter() as (app, keys):
        app.field("user").focus()
        await keys("ab123456\r")
        assert (app.field("user").value, app.seen) == ("ab123456", [])


@pytest.mark.parametrize("before", [["f3"], ["f4"], ["12", "f4"]])
async def test_the_key_that_opens_a_field_decides_for_what_follows(before: list[str]) -> None:
    async with counter() as (app, keys):
        await keys(*before, "hansen123\r")
        assert (app.field("login").value, app.seen) == ("hansen123", [*"".join(before[:-1])])


async def test_a_configured_prefix_counts_in_a_field_for_words() -> None:
    async with counter(prefix="~", suffix="#") as (app, keys):
        app.field("login").focus()
        await keys("~bog-12#")
        assert (app.field("login").value, app.seen) == ("", ["<bog-12> on Screen"])


async def test_shift_by_itself_neither_breaks_a_scan_nor_is_a_key() -> None:
    async with counter() as (app, keys):
        await keys("left_shift", "ABC", "left_shift", "123\r")
        assert app.seen == ["<ABC123> on Screen"]


async def test_a_pasted_scan_is_a_scan_and_pasted_words_are_words() -> None:
    async with counter() as (app, keys):
        app.field("login").focus()
        await keys.paste(f"{CODE}\r{CODE}\r")
        await keys.paste("møller")
        assert (app.field("login").value, app.seen) == ("møller", [f"<{CODE}> on Screen"] * 2)


async def test_a_scan_paints_nothing_before_it_is_whole() -> None:
    async with counter() as (app, keys):
        app.field("login").cursor_blink = False
        app.field("login").focus()
        await keys.settle()
        painted: list[object] = []
        app._display = lambda screen, renderable: painted.append(renderable)  # type: ignore[method-assign]
        await keys(f"{CODE}\r")
        assert (app.seen, painted) == ([f"<{CODE}> on Screen"], [])
        await keys("1")
        assert painted


async def test_a_program_that_is_busy_for_a_moment_tears_no_scan_in_two() -> None:
    async with counter() as (app, keys):
        await keys.begin(CODE[:5])
        rest = Thread(target=keys.from_terminal, args=(CODE[5:] + "\r", asyncio.get_running_loop()))
        rest.start()
        # The event loop stands still for longer than a burst's keys may be apart, and the keys come meanwhile.
        time.sleep(0.1)
        rest.join()
        await keys.settle()
        assert app.seen == [f"<{CODE}> on Screen"]


async def test_a_scan_too_long_for_any_code_is_one_scan_and_not_typing() -> None:
    async with counter() as (app, keys):
        await keys("9" * 1000)
        assert app.seen == [f"<{'9' * 257}> on Screen"]
