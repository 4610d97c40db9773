"""The tab *Kort*: every card with its kind, state and whether it has a PIN. What stops a card stops no person."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from desk.borrowers.records import BorrowerPage, CardRecord
from desk.texts import N_, _, pgettext
from screens.borrower.block_words import is_in_force
from screens.borrower.card_words import kind_words, pin_words, state_words, tail
from screens.refusals import block_words
from screens.widgets.table import Table


class CardsPane(Vertical):
    """The cards, those in use first."""

    TAB: ClassVar[tuple[str, str]] = ("2", N_("Cards"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,N", "new_card", id="card.new", show=False),
        Binding("s,S", "stop", id="card.stop", show=False),
        Binding("g,G", "reopen", id="card.reopen", show=False),
        Binding("p,P", "new_pin", id="card.new_pin", show=False),
    ]

    table = getters.query_one("#cards", Table)
    empty = getters.query_one("#no-cards", Static)

    class NewAsked(Message):
        """Another card is to be handed out."""

    class OneAsked(Message):
        """Something is to be done with one card. Its repr shows no number."""

        def __init__(self, card: CardRecord) -> None:
            super().__init__()
            self.card = card

    class StopAsked(OneAsked):
        """It is to be stopped."""

    class ReopeningAsked(OneAsked):
        """It is to be used again."""

    class PinAsked(OneAsked):
        """It is to have a new PIN."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: tuple[CardRecord, ...] = ()

    def compose(self) -> ComposeResult:
        """A table, or that there is nothing to put in it."""
        headings = (_("Kind"), _("Number"), pgettext("card", "State"), _("PIN"))
        yield Table(headings, gives_way=(2,), id="cards")
        yield Static(_("No cards."), id="no-cards", markup=False)

    def show(self, page: BorrowerPage, today: date) -> None:
        """Show the cards as they are now."""
        self._cards = page.cards
        self.empty.display = not page.cards
        self.table.fill({card.card_id: _row(card, page, today) for card in page.cards})

    def count(self) -> str:
        """Give how many there are."""
        return str(len(self._cards))

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        return (
            ("N", pgettext("footer", "new card")),
            ("S", pgettext("footer", "stop")),
            ("G", pgettext("footer", "reopen")),
            ("P", pgettext("footer", "new PIN")),
        )

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("New card"), _("Hand out another card (N)"), self.action_new_card),
            SystemCommand(_("Stop card"), _("Stop the card you are on (S)"), self.action_stop),
            SystemCommand(_("Reopen card"), _("Let the card you are on be used again (G)"), self.action_reopen),
            SystemCommand(
                _("New PIN"), _("The borrower chooses a PIN for the card you are on (P)"), self.action_new_pin
            ),
        ]

    def action_new_card(self) -> None:
        """Hand out another card."""
        self.post_message(self.NewAsked())

    def action_stop(self) -> None:
        """Stop the card one is on."""
        self._ask(self.StopAsked)

    def action_reopen(self) -> None:
        """Let the card one is on be used again."""
        self._ask(self.ReopeningAsked)

    def action_new_pin(self) -> None:
        """Give the card one is on a new PIN."""
        self._ask(self.PinAsked)

    def _ask(self, asked: type[OneAsked]) -> None:
        for card in self._cards:
            if card.card_id == self.table.chosen:
                self.post_message(asked(card))


def _row(card: CardRecord, page: BorrowerPage, today: date) -> tuple[str, ...]:
    used = page.borrower.card
    state = state_words(card, today)
    if used is not None and used.card_id == card.card_id:
        state = _("{state}, used now").format(state=state)
    # A block that follows the card stops it as much as its state does.
    blocks = [block for block in page.blocks if block.card_id == card.card_id and is_in_force(block, today)]
    states = (state, *(block_words(block.kind) for block in blocks))
    return kind_words(card.kind), tail(card.number), " · ".join(states), pin_words(card)
