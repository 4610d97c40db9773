"""The fields of the sign-up page: a label, what is typed or chosen, a word beside it and a sentence below it."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from screens.text import paintable, plain


def show_line(line: Static, text: str) -> None:
    """Show a line, or take it away. One that says so already is left alone: every change lays the page out anew."""
    shown = plain(text)
    if shown != line.content:
        line.update(shown)
    if line.display != bool(shown):
        line.display = bool(shown)


class Field(Vertical):
    """One field, or two that belong together. A fault stays at it until it is mended."""

    def __init__(self, label: str, *inputs: Widget) -> None:
        super().__init__(classes="field")
        self._label, self._inputs = label, inputs
        self._remark = Static("", classes="remark", markup=False)
        self._below = Static("", classes="below", markup=False)
        self.has_fault = False

    def compose(self) -> ComposeResult:
        """Label, inputs and remark in a row, the sentence below."""
        with Horizontal(classes="row"):
            yield Static(self._label, classes="label", markup=False)
            yield from self._inputs
            yield self._remark
        yield self._below

    def remark(self, text: str) -> None:
        """Say a word beside it."""
        show_line(self._remark, text)

    def note(self, text: str) -> None:
        """Say a sentence below it: look once."""
        self._say(text, is_fault=False)

    def fault(self, text: str) -> None:
        """Say below it what is refused; an empty text takes it back."""
        self._say(text, is_fault=bool(text))

    def _say(self, text: str, *, is_fault: bool) -> None:
        self.has_fault = is_fault
        show_line(self._below, text)
        self.set_class(is_fault, "-fault")


class Choice(Static, can_focus=True):
    """One of a few: the arrows or a letter choose, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right,space", "step(1)", show=False),
        Binding("enter", "go_on", show=False),
    ]

    class Chosen(Message):
        """Somebody chose by hand."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            """Whose it is."""
            return self.choice

    class Done(Message):
        """Enter: on to the next field."""

    def __init__(self, options: tuple[tuple[str, str], ...] = (), *, id: str) -> None:
        super().__init__(id=id, classes="choice", markup=False)
        self._options, self._place = options, 0
        self.by_hand = False

    @property
    def value(self) -> str:
        """The word that is chosen; empty while there is nothing to choose from."""
        return self._options[self._place][0] if self._options else ""

    def offer(self, options: tuple[tuple[str, str], ...]) -> None:
        """Give what there is to choose from: word and label."""
        self._options, self._place = options, 0
        self.refresh()

    def propose(self, value: str) -> None:
        """Choose for whoever has not chosen by hand."""
        words = [word for word, _label in self._options]
        if not self.by_hand and value in words:
            self._place = words.index(value)
            self.refresh()

    def render(self) -> Text:
        """Give the label, with arrows while there is something to choose."""
        label = paintable(self._options[self._place][1]) if self._options else ""
        return Text(f"‹ {label} ›" if self.has_focus and len(self._options) > 1 else label, no_wrap=True)

    def action_step(self, step: int) -> None:
        """Choose the next or the one before, round and round."""
        if self._options:
            self._choose((self._place + step) % len(self._options))

    def action_go_on(self) -> None:
        """Enter goes on."""
        self.post_message(self.Done())

    def on_key(self, event: events.Key) -> None:
        """A letter chooses the next label that begins with it."""
        if event.character is None or not event.character.isalnum():
            return
        event.stop()
        for step in range(1, len(self._options) + 1):
            place = (self._place + step) % len(self._options)
            if self._options[place][1].casefold().startswith(event.character.casefold()):
                self._choose(place)
                return

    def _choose(self, place: int) -> None:
        self._place, self.by_hand = place, True
        self.refresh()
        self.post_message(self.Chosen(self))


class Push(Static, can_focus=True):
    """Something to be done from the page: the space bar does it. A scanner's Enter presses nothing (C3)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "push", show=False),
        Binding("enter", "go_on", show=False),
    ]

    class Pushed(Message):
        """The space bar, or Enter where nothing comes after it."""

        def __init__(self, push: Push) -> None:
            super().__init__()
            self.push = push

        @property
        def control(self) -> Push:
            """Whose it is."""
            return self.push

    def __init__(self, text: str, *, id: str, is_last: bool = False) -> None:
        super().__init__(text, id=id, classes="choice", markup=False)
        self._is_last = is_last

    def action_push(self) -> None:
        """Do it."""
        self.post_message(self.Pushed(self))

    def action_go_on(self) -> None:
        """Enter goes on; after the last there is only one thing to do."""
        self.post_message(self.Pushed(self) if self._is_last else Choice.Done())
