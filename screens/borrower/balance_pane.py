"""The tab *Mellemværende*: fees with what they are for and what is left; below them what has been paid."""

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
from desk.money.records import BalanceRecord, FeeRecord, PaidRecord
from desk.texts import N_, _, pgettext
from desk.wording import kroner, one_stop
from screens.borrower.balance_words import fee_row, paid_row
from screens.widgets.table import Table


class BalancePane(Vertical):
    """Fees, the unsettled first, then payments. Marked fees are paid and waived together; none marked: all of them."""

    TAB: ClassVar[tuple[str, str]] = ("7", N_("Balance"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", id="fee.mark", show=False, priority=True),
        Binding("b,B", "pay", id="fee.pay", show=False),
        Binding("e,E", "waive", id="fee.waive", show=False),
        Binding("g,G", "write_fee", id="fee.write", show=False),
        Binding("t,T", "refund", id="fee.refund", show=False),
        Binding("u,U", "pay_out", id="fee.pay_out", show=False),
        Binding("o,O", "statement", id="fee.statement", show=False),
    ]

    table = getters.query_one("#fees", Table)
    empty = getters.query_one("#no-fees", Static)
    summed = getters.query_one("#owed", Static)

    class Asked(Message):
        """Something is to be done: ``what`` is pay, waive, write_fee, refund, pay_out or statement.

        Args:
            what: to be done.
            fees: which are to be paid or waived.
            paid: what is to be given back, None: nothing is chosen.
            credit_ore: what is to be paid out.
        """

        def __init__(
            self, what: str, *, fees: tuple[FeeRecord, ...] = (), paid: PaidRecord | None = None, credit_ore: int = 0
        ) -> None:
            super().__init__()
            self.what, self.fees, self.paid, self.credit_ore = what, fees, paid, credit_ore

    def __init__(self) -> None:
        super().__init__()
        self._today: date | None = None
        self._balance: BalanceRecord | None = None
        self._marked: set[int] = set()

    def compose(self) -> ComposeResult:
        """What is owed, and a table, or that there is nothing to put in it."""
        yield Static("", id="owed", markup=False)
        headings = (" ", _("Since"), _("What for"), _("Amount"), _("Remark"))
        yield Table(headings, gives_way=(2, 4), id="fees")
        yield Static(_("No balance."), id="no-fees", markup=False)

    def show(self, page: BorrowerPage, today: date) -> None:
        """Note the day; the balance comes by itself (:meth:`show_balance`)."""
        self._today = today

    def show_balance(self, balance: BalanceRecord) -> None:
        """Show the balance as it is now."""
        self._balance = balance
        self._marked &= {fee.fee_id for fee in self._unsettled}
        self._fill()

    @property
    def _unsettled(self) -> tuple[FeeRecord, ...]:
        fees = () if self._balance is None else self._balance.fees
        return tuple(fee for fee in fees if fee.settled_on is None)

    def _fill(self) -> None:
        if self._balance is None or self._today is None:
            return
        balance, today = self._balance, self._today
        self.empty.display = not balance.fees and not balance.payments
        said = (
            [_("Owes {amount}. Deleted 30 days after payment.").format(amount=kroner(balance.owed_ore))]
            if balance.owed_ore
            else []
        )
        if balance.credit_ore:
            said.append(_("{amount} credit.").format(amount=kroner(balance.credit_ore)))
        self.summed.update(one_stop(" ".join(said)))
        self.summed.display = bool(said)
        rows = {fee.fee_id: fee_row(fee, today, is_marked=fee.fee_id in self._marked) for fee in balance.fees}
        rows |= {-paid.payment_id: paid_row(paid, today) for paid in balance.payments}
        self.table.fill(rows)

    def count(self) -> str:
        """Give what is owed; an empty text when nothing is."""
        return kroner(self._balance.owed_ore) if self._balance is not None and self._balance.owed_ore else ""

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        keys = [("B", pgettext("footer", "pay")), ("E", pgettext("footer", "waive"))]
        keys += [("G", pgettext("footer", "fee")), ("T", pgettext("footer", "refund"))]
        if self._balance is not None and self._balance.credit_ore:
            keys.append(("U", pgettext("footer", "pay out")))
        return (*keys, ("O", pgettext("footer", "statement")))

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Pay"), _("Pay the marked fees, or all of them (B)"), self.action_pay),
            SystemCommand(
                _("Waive"), _("Waive the marked fees, or the one you are on; takes a supervisor (E)"), self.action_waive
            ),
            SystemCommand(_("Write a fee"), _("A fee by hand, with a reason (G)"), self.action_write_fee),
            SystemCommand(
                _("Refund"), _("Give the payment you are on back; takes a supervisor (T)"), self.action_refund
            ),
            SystemCommand(
                _("Pay out credit"), _("What is owed to the borrower; takes a supervisor (U)"), self.action_pay_out
            ),
            SystemCommand(_("Statement"), _("What is out and what is owed, as PDF (O)"), self.action_statement),
        ]

    def action_mark(self) -> None:
        """Mark or unmark the fee one is on."""
        if self.table.chosen in {fee.fee_id for fee in self._unsettled} and self.table.chosen is not None:
            self._marked ^= {self.table.chosen}
            self._fill()

    def action_pay(self) -> None:
        """Pay the marked fees, or all."""
        fees = self._unsettled
        marked = tuple(fee for fee in fees if fee.fee_id in self._marked)
        self.post_message(self.Asked("pay", fees=marked or fees))

    def action_waive(self) -> None:
        """Waive the marked fees, or the one that is chosen."""
        meant: set[int | None] = {*self._marked} or {self.table.chosen}
        fees = tuple(fee for fee in self._unsettled if fee.fee_id in meant)
        self.post_message(self.Asked("waive", fees=fees))

    def action_write_fee(self) -> None:
        """Write a fee by hand."""
        self.post_message(self.Asked("write_fee"))

    def action_refund(self) -> None:
        """Give the payment back that is chosen."""
        payments = () if self._balance is None else self._balance.payments
        chosen = (paid for paid in payments if -paid.payment_id == self.table.chosen and paid.kind == "payment")
        self.post_message(self.Asked("refund", paid=next(chosen, None)))

    def action_pay_out(self) -> None:
        """Pay out what is owed to the borrower."""
        self.post_message(self.Asked("pay_out", credit_ore=0 if self._balance is None else self._balance.credit_ore))

    def action_statement(self) -> None:
        """Make a statement."""
        self.post_message(self.Asked("statement"))
