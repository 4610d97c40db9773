"""Claiming a replacement (R3): nightly, from the library's claim day on, for what has not come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, BorrowerGroup, Fee, FeeLoan, Item, LibraryRules, Loan
from desk.calendar import local_date
from desk.circulation.queries import hold_loan
from desk.circulation.rules import days_overdue
from desk.command import Command, carries_out, query
from desk.errors import InvalidInput, NotFound
from desk.messages.queueing import queue_message
from desk.money.charging import charge_overdue, tell_if_blocked
from desk.money.debt import owed_ore
from desk.money.records import ClaimRecord
from desk.money.rules import compensation
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLoan(Command[ClaimRecord]):
    """Claim a replacement for one open loan: an overdue fee and a compensation, and a bill that tells of both."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    loan_id: int


@carries_out(
    ClaimLoan,
    row_id=lambda record: record.fee_id,
    again=lambda transaction, _command, fee_id: _claim_record(transaction, fee_id),
)
def claim_loan(transaction: Transaction, command: ClaimLoan) -> ClaimRecord:
    """Claim a replacement.

    Raises:
        NotFound: the loan is closed or gone.
        InvalidInput: it is too early, it has been claimed, or the group pays no fees.
    """
    hold_loan(transaction, command.loan_id)
    row = transaction.one(
        Loan.select(
            Loan.borrower,
            Loan.occasion,
            Loan.due_on,
            BorrowerGroup.fees,
            Item.price_ore,
            LibraryRules.claim_from_day,
            LibraryRules.unknown_price_ore,
            LibraryRules.handling_ore,
            LibraryRules.debt_limit_ore,
        )
        .join(Borrower, on=(Loan.borrower == Borrower.id))
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .switch(Loan)
        .join(Item, on=(Loan.item == Item.id))
        .switch(Loan)
        .join(LibraryRules, on=(LibraryRules.id == 1))
        .where((Loan.id == command.loan_id) & Loan.returned_at.is_null())
    )
    if row is None:
        raise NotFound("loan")
    borrower_id, occasion_id, due_on, fees, price, from_day, unknown, handling, limit = row
    today = local_date(command.at)
    if fees == "none":
        raise InvalidInput("loan", "no_fees")
    if days_overdue(due_on, today) < from_day:
        raise InvalidInput("loan", "too_early")
    if transaction.value(Fee.select(Fee.id).where(Fee.claimed_loan == command.loan_id)) is not None:
        raise InvalidInput("loan", "claimed")
    amount_ore = compensation(price, unknown, handling)
    if not amount_ore:
        raise InvalidInput("loan", "no_price")
    owed_before = owed_ore(transaction, borrower_id)
    charged = charge_overdue(transaction, command.loan_id, today, command.at, command.command_id, tells=False)
    fee_id = transaction.run(
        Fee.insert(
            borrower=borrower_id,
            type="compensation",
            reason="claim",
            amount_ore=amount_ore,
            occasion=occasion_id,
            charged_on=today,
            claimed_loan=command.loan_id,
            created_at=command.at,
        )
    )
    transaction.run(FeeLoan.insert(fee=fee_id, loan=command.loan_id))
    billed = amount_ore + (0 if charged.is_shared else charged.fee_ore)
    facts = {"amount_ore": billed, "compensation_ore": amount_ore, "due_on": due_on.isoformat()}
    queue_message(transaction, borrower_id, "bill", f"bill:{fee_id}", facts, command.at, command.command_id)
    # Once for both: who is told what is owed, and pays that, may lend again.
    added_ore = owed_ore(transaction, borrower_id) - owed_before
    tell_if_blocked(transaction, borrower_id, fee_id, added_ore, limit, command.at, command.command_id)
    keys = ("balance",)
    note(transaction, command.who, command.at, Action.CHARGE, Purpose.FOLLOW_UP, borrower_id, revealed=keys)
    return ClaimRecord(fee_id, command.loan_id, amount_ore, charged.fee_ore)


def _claim_record(transaction: Transaction, fee_id: int) -> ClaimRecord:
    """Give a claim's answer again.

    Raises:
        NotFound: it has been settled, and its 30 days are over.
    """
    row = transaction.one(
        Fee.select(Fee.claimed_loan, Fee.amount_ore, Fee.occasion, Fee.charged_on).where(Fee.id == fee_id)
    )
    if row is None or row[0] is None:
        raise NotFound("fee")
    loan_id, amount_ore, occasion_id, day = row
    beside = (Fee.occasion == occasion_id) & (Fee.charged_on == day) & (Fee.reason == "overdue")
    overdue: int = transaction.value(Fee.select(Fee.amount_ore).where(beside)) or 0
    return ClaimRecord(fee_id, loan_id, amount_ore, overdue)


@query(Right.RUN_NIGHTLY)
def loans_to_claim(transaction: Transaction, today: date, count: int) -> tuple[int, ...]:
    """Give open loans whose replacement is to be claimed now, the longest overdue first.

    Args:
        transaction: a consistent view of the store.
        today: local date.
        count: at most so many: the nightly run goes on with what is left.
    """
    from_day = transaction.value(LibraryRules.select(LibraryRules.claim_from_day).where(LibraryRules.id == 1))
    if from_day is None:
        return ()
    last = date.fromordinal(today.toordinal() - from_day)
    rows = transaction.all(
        Loan.select(Loan.id)
        .join(Borrower, on=(Loan.borrower == Borrower.id))
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .where(
            Loan.returned_at.is_null()
            & (Loan.due_on <= last)
            & (BorrowerGroup.fees != "none")
            & Loan.id.not_in(Fee.select(Fee.claimed_loan).where(Fee.claimed_loan.is_null(False)))
        )
        .order_by(Loan.due_on, Loan.id)
        .limit(count)
    )
    return tuple(row[0] for row in rows)
