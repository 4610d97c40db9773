"""Asks what was counted in the till."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import _
from desk.wording import kroner, one_stop
from screens.amounts import typed_amount
from screens.base import DeskDialog
from screens.widgets.line_field import LineField


@dataclass(frozen=True, slots=True)
class AskedCount:
    """What was counted, in øre, and what there is to remark."""

    counted_ore: int
    remark: str = field(repr=False)


class CountDialog(DeskDialog[AskedCount | None]):
    """Two fields: the cash is counted before what is expected is believed, so it is not filled in.

    Args:
        expected_ore: the cash that should be there.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#counted"

    counted = getters.query_one("#counted", Input)
    remark = getters.query_one("#remark", Input)
    said = getters.query_one("#said", Static)

    def __init__(self, expected_ore: int) -> None:
        super().__init__()
        self._expected_ore = expected_ore

    def compose(self) -> ComposeResult:
        """What is expected, fields, keys."""
        with Vertical(classes="dialog"):
            title = _("Close the till. Cash expected: {amount}. No money moves here any more that day.")
            # «kr.» ends in a stop of its own, which also ends the sentence.
            yield Static(one_stop(title.format(amount=kroner(self._expected_ore))), markup=False)
            yield Input(placeholder=_("Counted"), id="counted", max_length=14)
            yield LineField(placeholder=_("Remark, or empty"), id="remark", max_length=200)
            yield Static("", id="said", markup=False)
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last field it is done."""
        event.stop()
        counted_ore = typed_amount(self.counted.value)
        if counted_ore is None or counted_ore < 0:
            self.said.update(_("Type an amount, for example 120,00."))
            self.counted.focus()
        elif event.input is self.counted:
            self.said.update("")
            self.remark.focus()
        else:
            self.dismiss(AskedCount(counted_ore, self.remark.value.strip()))
