"""Asks for a card that is handed out: its number, scanned or typed, and its kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.counter.codes import LONGEST_CODE
from desk.texts import _
from screens.base import DeskDialog
from screens.borrower.card_words import kind_choices, kind_letters
from screens.text import plain


@dataclass(frozen=True, slots=True)
class AskedCard:
    """What was scanned or typed; ``kind`` is the card's kind as the desk names it."""

    number: str = field(repr=False)
    kind: str


class NewCardDialog(DeskDialog[AskedCard | None]):
    """Two fields; the kind is a library card unless another letter is typed.

    The number is printed on the card as a barcode, so whoever is asked for it scans it. That is the one scan that does
    not go to the queue while a dialog is open, and C3 holds all the same: the dialog asks for that code and for no
    other, as a step-up asks for a staff card; it takes one, and only while its field is empty; the code stands in the
    field for everybody to see, and presses no button. Every other scan goes to the queue. What may be a CPR number is
    not even offered: a health card is the next borrower, never a card to hand out.

    Args:
        said: why what was typed before was refused.
        before: what was typed before, to be put right.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#number"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    number = getters.query_one("#number", Input)
    kind = getters.query_one("#kind", Input)
    said = getters.query_one("#said", Static)

    def __init__(self, said: str = "", before: AskedCard | None = None) -> None:
        super().__init__()
        self._said, self._before = said, before

    def compose(self) -> ComposeResult:
        """Number, the letters with their meaning, kind."""
        letters = {kind: letter for letter, kind in kind_letters().items()}
        number, kind = ("", "library") if self._before is None else (self._before.number, self._before.kind)
        with Vertical(classes="dialog"):
            yield Static(_("A new card for the borrower"), markup=False)
            yield Input(
                plain(number), placeholder=_("Scan or type the card's number"), id="number", max_length=LONGEST_CODE
            )
            yield Static(kind_choices(), classes="keys", markup=False)
            yield Input(letters[kind], placeholder=_("Kind, one letter"), id="kind", max_length=1)
            yield Static(self._said, id="said", markup=False)
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    def take_code(self, code: str) -> bool:
        """Take a scan as the card's number, if it is what is asked for now.

        Returns:
            False: it goes to the queue.
        """
        if self.number.value.strip() or len(code) > LONGEST_CODE:
            return False
        self.number.value = plain(code)
        self.said.update("")
        self.kind.focus()
        return True

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last field it is done."""
        event.stop()
        kind = kind_letters().get(self.kind.value.strip().upper())
        if not self.number.value.strip():
            self._ask_for(self.number, _("Scan or type the card's number."))
        elif event.input is self.number:
            self._ask_for(self.kind, "")
        elif kind is None:
            self._ask_for(self.kind, _("Choose one of the letters above."))
        else:
            self.dismiss(AskedCard(self.number.value.strip(), kind))

    def _ask_for(self, field_: Input, sentence: str) -> None:
        self.said.update(sentence)
        field_.focus()

    def action_leave(self) -> None:
        """Esc: nothing happens."""
        self.dismiss(None)
