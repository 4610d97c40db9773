"""Asks how fees are paid: how much, in which way, and what was handed over."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.texts import NP_, _, pgettext
from desk.wording import kroner
from screens.amounts import as_typed, typed_amount
from screens.base import DeskDialog
from screens.widgets.line_field import LineField

# The letter belongs to the translation.
METHODS = {
    "cash": NP_("key", "K cash"),
    "card": NP_("key", "B payment card"),
    "mobilepay": NP_("key", "M MobilePay"),
}


@dataclass(frozen=True, slots=True)
class AskedPayment:
    """What was typed; amounts in øre. ``tendered_ore`` is for cash, ``reference`` for the rest."""

    amount_ore: int
    method: str
    tendered_ore: int | None = None
    reference: str = field(default="", repr=False)


class PayDialog(DeskDialog[AskedPayment | None]):
    """Three fields. A sum that is less than what is left is paid on the oldest first.

    Args:
        left_ore: what is left of the fees that are meant.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#amount"

    amount = getters.query_one("#amount", Input)
    method = getters.query_one("#method", Input)
    more = getters.query_one("#more", Input)
    said = getters.query_one("#said", Static)

    def __init__(self, left_ore: int) -> None:
        super().__init__()
        self._left_ore = left_ore

    def compose(self) -> ComposeResult:
        """What is owed, the fields, keys."""
        with Vertical(classes="dialog"):
            title = _("Pay: {amount} is left. A smaller sum is paid on the oldest first.")
            yield Static(title.format(amount=kroner(self._left_ore)), markup=False)
            yield Input(as_typed(self._left_ore), placeholder=_("Amount"), id="amount", max_length=14)
            letters = "   ".join(pgettext("key", text) for text in METHODS.values())
            yield Static(letters, classes="keys", markup=False)
            yield Input(placeholder=_("How, one letter"), id="method", max_length=1)
            yield LineField(placeholder=_("Cash: handed over. Otherwise: reference"), id="more", max_length=60)
            yield Static("", id="said", markup=False)
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; on the last field it is done."""
        event.stop()
        amount_ore, method = typed_amount(self.amount.value), method_of(self.method.value)
        if amount_ore is None or not 0 < amount_ore <= self._left_ore:
            self._ask_for(self.amount, _amount_wrong(amount_ore))
        elif event.input is self.amount:
            self._ask_for(self.method, "")
        elif method is None:
            self._ask_for(self.method, _("Choose how it is paid."))
        elif event.input is self.method:
            self._ask_for(self.more, "")
        else:
            self._finish(amount_ore, method)

    def _finish(self, amount_ore: int, method: str) -> None:
        typed = self.more.value.strip()
        if method != "cash":
            if method == "mobilepay" and not typed:
                self._ask_for(self.more, _("MobilePay has a reference. Nothing is paid. Type it."))
                return
            self.dismiss(AskedPayment(amount_ore, method, reference=typed))
            return
        tendered_ore = typed_amount(typed) if typed else None
        if typed and tendered_ore is None:
            self._ask_for(self.more, _("Type an amount, for example 120,00."))
            return
        if tendered_ore is not None and tendered_ore < amount_ore:
            self._ask_for(self.more, _("Less was handed over than is paid. Nothing is paid. Correct the amount."))
            return
        self.dismiss(AskedPayment(amount_ore, method, tendered_ore))

    def _ask_for(self, field_: Input, sentence: str) -> None:
        self.said.update(sentence)
        field_.focus()


def method_of(letter: str) -> str | None:
    """Give the way to pay a letter stands for."""
    typed = letter.strip().casefold()
    named = ((method, pgettext("key", text)[0].casefold()) for method, text in METHODS.items())
    return next((method for method, initial in named if initial == typed), None)


def _amount_wrong(amount_ore: int | None) -> str:
    if amount_ore is None:
        return _("Type an amount, for example 120,00.")
    if amount_ore <= 0:
        return _("The amount must be more than nothing. Nothing is written down. Correct it.")
    return _("That is more than is owed. Nothing is paid. Correct the amount.")
