"""The tab *Reserveringer*: what is ready, on its way and waited for, with place, wait, shelf and deadline (R6)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from desk.borrowers.records import BorrowerPage
from desk.calendar import local_date
from desk.reservations.records import ReservationRecord
from desk.texts import N_, _, pgettext
from desk.wording import short_date
from screens.reservation_words import state_words, when_words
from screens.widgets.table import Table


class ReservationsPane(Vertical):
    """The reservations, those to be fetched first."""

    TAB: ClassVar[tuple[str, str]] = ("6", N_("Reservations"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,R", "reserve", id="reservation.place", show=False),
        Binding("a,A", "cancel", id="reservation.cancel", show=False),
        Binding("s,S", "move", id="reservation.move", show=False),
    ]

    table = getters.query_one("#reservations", Table)
    empty = getters.query_one("#no-reservations", Static)

    class NewAsked(Message):
        """Something is to be reserved."""

    class OneAsked(Message):
        """Something is to be done with one reservation. Its repr shows no title."""

        def __init__(self, reservation: ReservationRecord) -> None:
            super().__init__()
            self.reservation = reservation

    class CancelAsked(OneAsked):
        """It is to be cancelled."""

    class MoveAsked(OneAsked):
        """It is to be fetched at another branch."""

    def __init__(self) -> None:
        super().__init__()
        self._today: date | None = None
        self._reservations: tuple[ReservationRecord, ...] = ()

    def compose(self) -> ComposeResult:
        """A table, or that there is nothing to put in it."""
        headings = (_("Title"), pgettext("reservation", "State"), _("When"), _("Pickup"), _("Reserved"))
        yield Table(headings, gives_way=(0, 3, 1), id="reservations")
        yield Static(_("No reservations."), id="no-reservations", markup=False)

    def show(self, page: BorrowerPage, today: date) -> None:
        """Note the day; the reservations come by themselves (:meth:`show_reservations`)."""
        self._today = today

    def show_reservations(self, reservations: tuple[ReservationRecord, ...]) -> None:
        """Show the reservations as they are now."""
        self._reservations = reservations
        self.empty.display = not reservations
        self.table.fill({one.reservation_id: self._row(one) for one in reservations})

    def _row(self, one: ReservationRecord) -> tuple[str, ...]:
        if self._today is None:
            return one.title, "", "", "", ""
        return (
            one.title,
            state_words(one),
            when_words(one, self._today),
            one.pickup_branch,
            short_date(local_date(one.reserved_at), self._today),
        )

    def count(self) -> str:
        """Give how many there are."""
        return str(len(self._reservations) or "")

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        return (
            ("R", pgettext("footer", "reserve")),
            ("A", pgettext("footer", "cancel")),
            ("S", pgettext("footer", "other place")),
        )

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Reserve"), _("Give the borrower a place in a title's queue (R)"), self.action_reserve),
            SystemCommand(_("Cancel the reservation"), _("Delete the reservation you are on (A)"), self.action_cancel),
            SystemCommand(
                _("Pickup place"), _("Let the one you are on be fetched at another branch (S)"), self.action_move
            ),
        ]

    def action_reserve(self) -> None:
        """Reserve something."""
        self.post_message(self.NewAsked())

    def action_cancel(self) -> None:
        """Cancel the reservation one is on."""
        self._ask(self.CancelAsked)

    def action_move(self) -> None:
        """Let the one one is on be fetched elsewhere."""
        self._ask(self.MoveAsked)

    def _ask(self, asked: type[OneAsked]) -> None:
        for one in self._reservations:
            if one.reservation_id == self.table.chosen:
                self.post_message(asked(one))
