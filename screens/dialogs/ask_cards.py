"""Asks for the cards of several borrowers: typed or scanned one after the other."""

from __future__ import annotations

from textual import getters
from textual.widgets import Input

from desk.counter.codes import LONGEST_CODE, cpr_in
from desk.texts import _
from screens.dialogs.ask_text import TextDialog
from screens.text import plain


class CardsDialog(TextDialog):
    """Numbers with blanks between; what is scanned comes behind what is there.

    Args:
        title: what the cards are for.
        value: what was typed before.
        said: why it is asked again.
    """

    value = getters.query_one("#value", Input)

    def __init__(self, title: str, value: str = "", said: str = "") -> None:
        placeholder = _("Scan cards, or type card or borrower numbers")
        super().__init__(title, placeholder, value, said=said, saves=False)

    def on_mount(self) -> None:
        """Go on behind what is there: it is asked again for one number among several."""
        self.value.select_on_focus = False
        self.value.cursor_position = len(self.value.value)

    def take_code(self, code: str) -> bool:
        """Take a scan as one more number: here a card is no visit.

        Returns:
            False: it goes to the queue.
        """
        if cpr_in(code) is not None:
            # It would stand there for everybody to read.
            self.said.update(_("No health card here: scan the library card, or type the borrower number."))
            return True
        field, shown = self.value, plain(code)
        so_far = field.value.strip()
        if len(code) > LONGEST_CODE or not code.isprintable() or len(so_far) + len(shown) + 2 > self._longest:
            return False
        if shown not in so_far.split():
            field.value = f"{so_far} {shown} ".lstrip()
            field.cursor_position = len(field.value)
        return True
