"""A borrower chooses a PIN: typed twice, shown as dots (P7)."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from desk.borrowers.pins import checked_pin
from desk.counter.codes import LONGEST_CODE
from desk.errors import InvalidInput
from desk.texts import _
from screens.dialogs.secret import ScansWaiting, SecretDialog


class NewPinDialog(SecretDialog[str | None]):
    """Two fields. Esc: nothing happens. No burst is looked for while one of them has focus (C1)."""

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "#pin"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    pin = getters.query_one("#pin", Input)
    again = getters.query_one("#again", Input)
    said = getters.query_one("#said", Static)

    def __init__(self, digits: int) -> None:
        super().__init__()
        self._digits = digits

    def compose(self) -> ComposeResult:
        """The borrower types, so the words are the borrower's."""
        with Vertical(classes="dialog"):
            yield Static(
                _("The borrower types a new PIN of {digits} figures.").format(digits=self._digits), markup=False
            )
            # Room for more than a PIN: a barcode that is scanned here is refused as a whole, never cut down to one.
            yield Input(placeholder=_("New PIN"), password=True, id="pin", max_length=LONGEST_CODE)
            yield Input(placeholder=_("The same once more"), password=True, id="again", max_length=LONGEST_CODE)
            yield Static("", id="said", markup=False)
            yield ScansWaiting()
            yield Static(_("Enter goes on · Esc back"), classes="keys", markup=False)

    @on(Input.Submitted)
    def onwards(self, event: Input.Submitted) -> None:
        """Enter goes on; after the second time it is done."""
        event.stop()
        if event.input is self.pin and not self.again.value:
            self.again.focus()
            return
        try:
            pin = checked_pin(self.pin.value, self.again.value, self._digits)
        except InvalidInput as error:
            self._start_over(
                _("The two PINs differ. Type them again.")
                if error.why == "differs"
                else _("A PIN is {digits} figures.").format(digits=self._digits)
            )
            return
        self.dismiss(pin)

    def _start_over(self, sentence: str) -> None:
        self.said.update(sentence)
        self.pin.value = self.again.value = ""
        self.pin.focus()

    def action_leave(self) -> None:
        """Esc: nothing happens."""
        self.dismiss(None)
