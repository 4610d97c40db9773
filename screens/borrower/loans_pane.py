"""The tab *Udlån*: open loans, marked and renewed one, several or all, each with its own answer (C10).

Below them what has been returned, as long as it is kept, and when it goes (G7).
"""

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
from desk.circulation.records import OpenLoan
from desk.circulation.returned import ReturnedLoan
from desk.texts import N_, _, ngettext, pgettext
from desk.wording import short_date
from screens.borrower.goes_words import goes_words
from screens.borrower.renewing import Answers
from screens.refusals import renewal_notes
from screens.widgets.table import Table


class LoansPane(Vertical):
    """The open loans, those due first on top; then the returned ones, the newest first."""

    TAB: ClassVar[tuple[str, str]] = ("1", N_("Loans"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", id="loan.mark", show=False, priority=True),
        Binding("f,F", "renew_marked", id="loan.renew", show=False),
        Binding("a,A", "renew_all", id="loan.renew_all", show=False),
    ]

    table = getters.query_one("#loans", Table)
    empty = getters.query_one("#no-loans", Static)

    class RenewalAsked(Message):
        """These loans are to be renewed."""

        def __init__(self, loans: tuple[OpenLoan, ...]) -> None:
            super().__init__()
            self.loans = loans

    def __init__(self) -> None:
        super().__init__()
        self._today: date | None = None
        self._loans: tuple[OpenLoan, ...] = ()
        self._returned: tuple[ReturnedLoan, ...] = ()
        self._marked: set[int] = set()
        self._answers: dict[int, str] = {}

    def compose(self) -> ComposeResult:
        """A table, or that there is nothing to put in it."""
        headings = (" ", _("Title"), _("Due"), _("Renewed"), _("Remark"))
        yield Table(headings, gives_way=(1, 4), id="loans")
        yield Static(_("No loans."), id="no-loans", markup=False)

    def show(self, page: BorrowerPage, today: date) -> None:
        """Note the day; the loans come by themselves (:meth:`show_loans`)."""
        self._today = today

    def show_loans(
        self, loans: tuple[OpenLoan, ...], answers: Answers, returned: tuple[ReturnedLoan, ...] = ()
    ) -> None:
        """Show the loans as they are now, those just refused on top; what is renewed keeps its place.

        Args:
            loans: all that are open.
            answers: what became of the last renewal, by loan.
            returned: what is left of the loan history.
        """
        self._returned = returned
        places = {loan.loan_id: place for place, loan in enumerate(self._loans)}

        def place(loan: OpenLoan) -> tuple[bool, int]:
            return loan.loan_id not in answers.refused, places.get(loan.loan_id, len(places))

        self._loans = tuple(sorted(loans, key=place))
        if answers.notes:
            self._answers |= answers.notes
            self._marked.clear()
        self._marked &= {loan.loan_id for loan in loans}
        self._fill()

    def forget_answers(self) -> None:
        """Forget what became of the last renewals: one of them has been taken back."""
        self._answers.clear()

    def _fill(self) -> None:
        self.empty.display = not self._loans and not self._returned
        rows = {loan.loan_id: self._row(loan) for loan in self._loans}
        self.table.fill(rows | {loan.loan_id: self._returned_row(loan) for loan in self._returned})

    def _returned_row(self, loan: ReturnedLoan) -> tuple[str, ...]:
        if self._today is None:
            return (" ", loan.title, "", "", "")
        date_ = short_date(loan.closed_on, self._today)
        closed = (_("replaced {date}") if loan.is_lost else _("returned {date}")).format(date=date_)
        return (" ", loan.title, "", "", " · ".join((closed, goes_words(loan.goes, self._today))))

    def _row(self, loan: OpenLoan) -> tuple[str, ...]:
        return (
            "●" if loan.loan_id in self._marked else " ",
            loan.item.title,
            "" if self._today is None else short_date(loan.due_on, self._today),
            f"{loan.renewals}/{loan.allowed}",
            self._answers.get(loan.loan_id) or _remark(loan),
        )

    def count(self) -> str:
        """Give how many are open."""
        return str(len(self._loans))

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        return (
            (_("Space"), pgettext("footer", "choose")),
            ("F", pgettext("footer", "renew")),
            ("A", pgettext("footer", "renew all")),
        )

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Mark"), _("Mark the loan, or take the mark away (Space)"), self.action_mark),
            SystemCommand(_("Renew"), _("Renew the marked loans, or the one you are on (F)"), self.action_renew_marked),
            SystemCommand(_("Renew all"), _("Renew all loans (A)"), self.action_renew_all),
        ]

    def action_mark(self) -> None:
        """Mark or unmark the loan one is on."""
        if self.table.chosen in {loan.loan_id for loan in self._loans} and self.table.chosen is not None:
            self._marked ^= {self.table.chosen}
            self._fill()

    def action_renew_marked(self) -> None:
        """Renew the marked loans, or the one that is chosen."""
        meant: set[int | None] = {*self._marked} or {self.table.chosen}
        self._ask_for(tuple(loan for loan in self._loans if loan.loan_id in meant))

    def action_renew_all(self) -> None:
        """Renew them all."""
        self._ask_for(self._loans)

    def _ask_for(self, loans: tuple[OpenLoan, ...]) -> None:
        if loans:
            self.post_message(self.RenewalAsked(loans))


def _remark(loan: OpenLoan) -> str:
    if loan.days_overdue:
        overdue = ngettext("{count} day overdue", "{count} days overdue", loan.days_overdue)
        return overdue.format(count=loan.days_overdue)
    return renewal_notes(loan.denied)
