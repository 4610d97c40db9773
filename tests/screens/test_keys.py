"""A scan among dialogs, fields and keys (C1, C3), in an app without a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from devices.messages import Scanned
from screens.keys import BurstRouter

CODE = "3000123456"


class Question(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss"), Binding("j", "dismiss")]

    def compose(self) -> ComposeResult:
        yield Button("yes")


class Asked(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss")]

    def compose(self) -> ComposeResult:
        yield Input(password=True)


class Counter(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "note('f2')"), Binding("3", "note('three')", priority=True)]

    def __init__(self, **rules: str) -> None:
        super().__init__()
        self.router = BurstRouter(self, self.heard, **rules)  # type: ignore[arg-type]
        self.seen: list[str] = []
        self.changed = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Static("", id="page")
        yield Input(id="words")
        yield Input(id="secret", password=True)

    def on_mount(self) -> None:
        self.screen.set_focus(None)

    async def on_event(self, event: events.Event) -> None:
        if not self.router.takes(event):
            await super().on_event(event)
        self.changed.set()

    def heard(self, scanned: Scanned) -> None:
        self.seen.append(f"<{scanned.code}>")

    def on_key(self, event: events.Key) -> None:
        if not isinstance(self.focused, Input):
            self.seen.append(event.key)

    def on_button_pressed(self) -> None:
        self.seen.append("pressed")

    def on_screen_suspend(self) -> None:
        self.seen.append("closed")

    def action_note(self, what: str) -> None:
        self.seen.append(what)

    def field(self, name: str) -> Input:
        return self.screen_stack[0].query_one(f"#{name}", Input)

    def type(self, text: str, pause: float = 0.001) -> None:
        """Put keys where the terminal puts them, each so many seconds after the one before, all at once."""
        names = {"\r": "enter", "\t": "tab", "\x1b": "escape", "\x02": "ctrl+b"}
        at = events.Key("a", "a").time
        for position, character in enumerate(text):
            key = events.Key(names.get(character, character), character)
            self.post(key, at + position * pause)

    def press(self, key: str) -> None:
        self.post(events.Key(key, None))

    def post(self, event: events.Key | events.Paste, at: float | None = None) -> None:
        event.time = event.time if at is None else at
        self.post_message(event)

    async def quiet(self) -> None:
        """Wait until every key has gone where it belongs."""
        async with asyncio.timeout(5):
            while True:
                self.changed.clear()
                if self.router.is_quiet and not self._message_queue.qsize():
                    break
                await self.changed.wait()
        await self.animator.wait_until_complete()


@asynccontextmanager
async def counter(**rules: str) -> AsyncIterator[Counter]:
    app = Counter(**rules)
    async with app.run_test() as pilot:
        await pilot.pause()
        yield app
