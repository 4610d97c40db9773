"""Asks for a block: kind by its FBS letter, reason, and perhaps an end (R5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import _
from screens.base import DeskDialog
from screens.dates import typed_date
from screens.refusals import block_words
from screens.text import plain
from screens.widgets.line_field import LineField

KINDS = "UFSWED"


@dataclass(frozen=True, slots=True)
class AskedBlock:
    """What was typed; ``ends_on`` is inclusive, None: until lifted."""

    kind: str
    reason: str
    ends_on: date | None


class BlockDialog(DeskDialog[AskedBlock | None]):
    """Three fields. A stolen card (O) is stopped on the card, so it is not among them.

    Args:
        today: local date.
        title: whom or what the block is to follow.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#kind"

    kind = getters.query_one("#kind", Input)
    reason = getters.query_one("#reason", Input)
    end = getters.query_one("#end", Input)
    said = getters.query_one("#said", Static)

    def __init__(self, today: date, title: str) -> None:
        super().__init__()
        self._today, self._title = today, title

    def compose(self) -> ComposeResult:
        """The letters with their meaning, then the fields."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title), id="title", markup=False)
            yield Static("  ".join(f"{kind} {block_words(kind)}" for kind in KINDS), classes="keys", markup=False)
            yield Input(placeholder=_("Kind, one letter"), id="kind", max_length=1)
            yield LineField(placeholder=_("Reason"), id="reason", max_length=200)
            yield Input(placeholder=_("Last day, or empty until lifted"), id="end", max_length=20)
            yield Static("", id="said", markup=False)
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last field it is done."""
        event.stop()
        kind = self.kind.value.strip().upper()
        if kind not in KINDS or not kind:
            self._ask_for(self.kind, _("Choose a kind of block."))
        elif not self.reason.value.strip():
            self._ask_for(self.reason, "" if event.input is self.kind else _("Give a reason."))
        elif event.input is not self.end:
            self.end.focus()
        else:
            self._finish(kind)

    def _finish(self, kind: str) -> None:
        typed = self.end.value.strip()
        ends_on = typed_date(typed, self._today) if typed else None
        if typed and (ends_on is None or ends_on < self._today):
            self._ask_for(self.end, _("The date has passed.") if ends_on else _("Type a date, for example 24.12."))
            return
        self.dismiss(AskedBlock(kind, self.reason.value.strip(), ends_on))

    def _ask_for(self, field: Input, sentence: str) -> None:
        self.said.update(sentence)
        field.focus()
