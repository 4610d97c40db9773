"""The dialogs that change a detail: some lines to type, or some answers to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from desk.texts import _
from screens.base import DeskDialog
from screens.text import cut, paintable, plain
from screens.widgets.line_field import LineField

T = TypeVar("T")

LABEL_WIDTH = 17
ANSWER_WIDTH = 52
ANSWER_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Line:
    """One line to type.

    Attributes:
        name: its word in commands.
        value: what is there, or was typed before.
        longest: characters that can be typed; what is too long for the desk must still be typed to be refused.
    """

    name: str
    label: str
    value: str = field(default="", repr=False)
    longest: int = 254


@dataclass(frozen=True, slots=True)
class Said:
    """What the desk said to the last try, and of which line."""

    sentence: str = ""
    line: str = ""


@dataclass(eq=False)
class CannotBeMeant(Exception):
    """A line that holds no date, no number."""

    line: str
    sentence: str


NOTHING_SAID = Said()


class FormDialog(DeskDialog[T | None], Generic[T]):
    """Lines with a label each. Enter goes on and on the last line saves; Esc: nothing happens."""

    CSS_PATH = "editing.tcss"
    AUTO_FOCUS = ""

    said = getters.query_one("#said", Static)

    def __init__(self, title: str, lines: tuple[Line, ...], said: Said = NOTHING_SAID, hint: str = "") -> None:
        super().__init__()
        self._title, self._lines, self._said, self._hint = title, lines, said, hint

    def compose(self) -> ComposeResult:
        """Title, lines, one sentence, keys."""
        with Vertical(classes="dialog"):
            yield Static(self._title, markup=False)
            if self._hint:
                yield Static(self._hint, classes="keys", markup=False)
            with Vertical(id="lines"):
                for line in self._lines:
                    with Horizontal(classes="line"):
                        yield Static(line.label, classes="label", markup=False)
                        yield LineField(plain(line.value), id=line.name, compact=True, max_length=line.longest)
            yield Static(self._said.sentence, id="said", markup=False)
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Begin on the line that was refused, else on the first."""
        names = [line.name for line in self._lines]
        self.field(self._said.line if self._said.line in names else names[0]).focus()

    def field(self, name: str) -> Input:
        """Give a line's field."""
        return self.query_one(f"#{name}", Input)

    def typed(self, name: str) -> str:
        """Give what stands in a line."""
        return self.field(name).value.strip()

    def read(self) -> T:
        """Give the lines as a detail.

        Raises:
            CannotBeMeant: one of them holds no date, no number.
        """
        raise NotImplementedError

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last line it is done."""
        event.stop()
        names = [line.name for line in self._lines]
        at = names.index(event.input.id or names[-1])
        if at + 1 < len(names):
            self.field(names[at + 1]).focus()
            return
        try:
            detail = self.read()
        except CannotBeMeant as wrong:
            self.said.update(wrong.sentence)
            self.field(wrong.line).focus()
            return
        self.dismiss(detail)


class ChoiceDialog(DeskDialog[T | None], Generic[T]):
    """Answers with a key each: figures, then letters. Esc: nothing happens."""

    CSS_PATH = "editing.tcss"

    def __init__(
        self, title: str, answers: tuple[tuple[T, str], ...], current: T | None = None, said: Said = NOTHING_SAID
    ) -> None:
        super().__init__()
        self._title, self._current, self._said = title, current, said
        self._answers = dict(zip(ANSWER_KEYS, answers, strict=False))

    def compose(self) -> ComposeResult:
        """Title, and a line for each answer; the one that holds now has a dot."""
        with Vertical(classes="dialog"):
            yield Static(self._title, markup=False)
            with Vertical(id="lines"):
                for key, (answer, label) in self._answers.items():
                    mark = "●" if answer == self._current else " "
                    yield Static(f"{mark} {key.upper()}  {cut(paintable(label), ANSWER_WIDTH)}", markup=False)
            yield Static(self._said.sentence, id="said", markup=False)
            yield Static(_("The key in front chooses · Esc back"), classes="keys", markup=False)

    def on_key(self, event: events.Key) -> None:
        """A key that is offered answers; no key goes any further."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        answer = self._answers.get((event.character or "").casefold())
        if answer is not None:
            self.dismiss(answer[0])
