"""Asks for a fee by hand: how much, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import _
from screens.amounts import typed_amount
from screens.base import DeskDialog
from screens.widgets.line_field import LineField


@dataclass(frozen=True, slots=True)
class AskedFee:
    """What was typed; the amount in øre."""

    amount_ore: int
    reason: str = field(repr=False)


class FeeDialog(DeskDialog[AskedFee | None]):
    """Two fields. The borrower reads the reason on the statement."""

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#amount"

    amount = getters.query_one("#amount", Input)
    reason = getters.query_one("#reason", Input)
    said = getters.query_one("#said", Static)

    def compose(self) -> ComposeResult:
        """Title, fields, keys."""
        with Vertical(classes="dialog"):
            yield Static(_("Write a fee. The borrower reads the reason on the statement."), markup=False)
            yield Input(placeholder=_("Amount"), id="amount", max_length=14)
            yield LineField(placeholder=_("Reason, for example a wet book"), id="reason", max_length=200)
            yield Static("", id="said", markup=False)
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last field it is done."""
        event.stop()
        amount_ore = typed_amount(self.amount.value)
        if amount_ore is None or amount_ore <= 0:
            self.said.update(_("Type an amount, for example 120,00."))
            self.amount.focus()
        elif not self.reason.value.strip():
            self.said.update("" if event.input is self.amount else _("Give a reason."))
            self.reason.focus()
        elif event.input is self.amount:
            self.reason.focus()
        else:
            self.dismiss(AskedFee(amount_ore, self.reason.value.strip()))
