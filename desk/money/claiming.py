"""Claiming replacements (R3): nightly, from the library's claim day on, for what has not come back.

What one borrower is to replace is claimed in one transaction with the bill that tells of all of it: so there is one
bill a borrower and night, and a run that is killed has either claimed and billed somebody or not begun with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from db.models import Borrower, BorrowerGroup, Fee, FeeLoan, Item, LibraryRules, Loan
from desk.calendar import local_date
from desk.circulation.queries import hold_loan
from desk.circulation.rules import days_overdue
from desk.command import Command, carries_out, query
from desk.errors import InvalidInput, NotFound
from desk.messages.queueing import queue_message
from desk.money.charging import charge_overdue, tell_if_blocked
from desk.money.debt import owed_ore
from desk.money.records import Claimed, ClaimRecord, ToClaim
from desk.money.rules import compensation
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


MOST_AT_ONCE: Final = 100
"""Loans claimed in one transaction: who pays fees has far fewer, and no scan waits for it (Q7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLoans(Command[Claimed]):
    """Claim replacements for open loans of one borrower: overdue fees and compensations, and one bill of all of it."""

    right: ClassVar[Right] = Right.RUN_NIGHTLY

    loan_ids: tuple[int, ...]


@carries_out(
    ClaimLoans,
    row_id=lambda record: record.claims[0].fee_id,
    again=lambda transaction, command, _fee_id: _claimed_again(transaction, command),
)
def claim_loans(transaction: Transaction, command: ClaimLoans) -> Claimed:
    """Claim replacements. What cannot be claimed any more is left out.

    Raises:
        NotFound: every loan is closed or gone.
        InvalidInput: the loans are more than one borrower's, or too many; or none is left and it is too early, it has
            been claimed, or the group pays no fees.
    """
    if len(command.loan_ids) > MOST_AT_ONCE:
        raise InvalidInput("loan", "too_many")
    loans: list[_Claimable] = []
    error: NotFound | InvalidInput = NotFound("loan")
    for loan_id in dict.fromkeys(command.loan_ids):
        hold_loan(transaction, loan_id)
        try:
            loans.append(_claimable(transaction, loan_id, local_date(command.at)))
        except (NotFound, InvalidInput) as why:
            error = why
    if not loans:
        raise error
    borrower_id, limit = loans[0].borrower_id, loans[0].limit_ore
    if any(loan.borrower_id != borrower_id for loan in loans):
        raise InvalidInput("loan", "two_borrowers")
    owed_before = owed_ore(transaction, borrower_id)
    claims, billed = [], 0
    for loan in loans:
        claim, added_ore = _claim(transaction, command, loan)
        claims.append(claim)
        billed += added_ore
    compensation_ore = sum(claim.compensation_ore for claim in claims)
    facts = {"amount_ore": billed, "compensation_ore": compensation_ore, "loans": len(claims)}
    # Nothing is claimed twice, so nothing is billed twice. The row id may be another's once the fee has been deleted.
    cause = f"bill:{claims[0].fee_id}:{local_date(command.at).isoformat()}"
    queue_message(transaction, borrower_id, "bill", cause, facts, command.at, command.command_id)
    # Once for all of it: who is told what is owed, and pays that, may lend again.
    last, owed_more = claims[-1].fee_id, owed_ore(transaction, borrower_id) - owed_before
    tell_if_blocked(transaction, borrower_id, last, owed_more, limit, command.at, command.command_id)
    keys = ("balance",)
    note(transaction, command.who, command.at, Action.CHARGE, Purpose.FOLLOW_UP, borrower_id, revealed=keys)
    return Claimed(tuple(claims))


@dataclass(frozen=True, slots=True)
class _Claimable:
    """A loan whose replacement is to be claimed."""

    loan_id: int
    borrower_id: int
    occasion_id: int
    amount_ore: int
    limit_ore: int


def _claimable(transaction: Transaction, loan_id: int, today: date) -> _Claimable:
    """Read a loan that is held.

    Raises:
        NotFound: it is closed or gone.
        InvalidInput: it is too early, it has been claimed, or the group pays no fees.
    """
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
        .where((Loan.id == loan_id) & Loan.returned_at.is_null())
    )
    if row is None:
        raise NotFound("loan")
    borrower_id, occasion_id, due_on, fees, price, from_day, unknown, handling, limit = row
    if fees == "none":
        raise InvalidInput("loan", "no_fees")
    if days_overdue(due_on, today) < from_day:
        raise InvalidInput("loan", "too_early")
    if transaction.value(Fee.select(Fee.id).where(Fee.claimed_loan == loan_id)) is not None:
        raise InvalidInput("loan", "claimed")
    amount_ore = compensation(price, unknown, handling)
    if not amount_ore:
        raise InvalidInput("loan", "no_price")
    return _Claimable(loan_id, borrower_id, occasion_id, amount_ore, limit)


def _claim(transaction: Transaction, command: ClaimLoans, loan: _Claimable) -> tuple[ClaimRecord, int]:
    """Write a claim and the overdue fee beside it; gives it, and by how much the debt grew."""
    today = local_date(command.at)
    charged = charge_overdue(transaction, loan.loan_id, today, command.at, command.command_id, tells=False)
    fee_id = transaction.run(
        Fee.insert(
            borrower=loan.borrower_id,
            type="compensation",
            reason="claim",
            amount_ore=loan.amount_ore,
            occasion=loan.occasion_id,
            charged_on=today,
            claimed_loan=loan.loan_id,
            created_at=command.at,
        )
    )
    transaction.run(FeeLoan.insert(fee=fee_id, loan=loan.loan_id))
    added_ore = loan.amount_ore + (0 if charged.is_shared else charged.fee_ore)
    return ClaimRecord(fee_id, loan.loan_id, loan.amount_ore, charged.fee_ore), added_ore


def _claimed_again(transaction: Transaction, command: ClaimLoans) -> Claimed:
    """Give a claim's answer again.

    Raises:
        NotFound: all of it has been settled, and its 30 days are over.
    """
    rows = transaction.all(
        Fee.select(Fee.id, Fee.claimed_loan, Fee.amount_ore, Fee.occasion, Fee.charged_on)
        .where(Fee.claimed_loan.in_(command.loan_ids) & (Fee.created_at == command.at))
        .order_by(Fee.id)
    )
    if not rows:
        raise NotFound("fee")
    claims = []
    for fee_id, loan_id, amount_ore, occasion_id, day in rows:
        beside = (Fee.occasion == occasion_id) & (Fee.charged_on == day) & (Fee.reason == "overdue")
        overdue: int = transaction.value(Fee.select(Fee.amount_ore).where(beside)) or 0
        claims.append(ClaimRecord(fee_id, loan_id, amount_ore, overdue))
    return Claimed(tuple(claims))


@query(Right.RUN_NIGHTLY)
def loans_to_claim(transaction: Transaction, today: date, after: int, count: int) -> tuple[ToClaim, ...]:
    """Give open loans whose replacement is to be claimed now, borrower by borrower, each borrower's oldest first.

    Args:
        transaction: a consistent view of the store.
        today: local date.
        after: the last borrower that has been dealt with; 0 at first.
        count: borrowers at most: the nightly run goes on with what is left.
    """
    from_day = transaction.value(LibraryRules.select(LibraryRules.claim_from_day).where(LibraryRules.id == 1))
    if from_day is None:
        return ()
    last = date.fromordinal(today.toordinal() - from_day)
    borrowers = [
        row[0]
        for row in transaction.all(
            _due(Loan.select(Loan.borrower), last)
            .where(Loan.borrower > after)
            .group_by(Loan.borrower)
            .order_by(Loan.borrower)
            .limit(count)
        )
    ]
    if not borrowers:
        return ()
    found: dict[int, list[int]] = {borrower_id: [] for borrower_id in borrowers}
    theirs = Loan.borrower.between(borrowers[0], borrowers[-1])
    for borrower_id, loan_id in transaction.all(
        _due(Loan.select(Loan.borrower, Loan.id), last).where(theirs).order_by(Loan.due_on, Loan.id)
    ):
        found[borrower_id].append(loan_id)
    return tuple(ToClaim(borrower_id, tuple(loan_ids)) for borrower_id, loan_ids in found.items())


def _due(select: Any, last: date) -> Any:
    """Take of a selection of loans those that were due on a day or before, cost something and are not claimed yet."""
    return (
        select.join(Borrower, on=(Loan.borrower == Borrower.id))
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .where(
            Loan.returned_at.is_null()
            & (Loan.due_on <= last)
            & (BorrowerGroup.fees != "none")
            & Loan.id.not_in(Fee.select(Fee.claimed_loan).where(Fee.claimed_loan.is_null(False)))
        )
    )
