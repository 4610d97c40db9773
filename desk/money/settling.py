"""Fees written and waived by hand, each with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from db.models import Fee, LibraryRules
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower
from desk.calendar import local_date
from desk.command import carries_out
from desk.errors import InvalidInput, NotFound
from desk.money.charging import tell_if_blocked
from desk.money.claims import close_settled
from desk.money.vouchers import MOST_ORE
from desk.privacy.access_log import note
from desk.privacy.purposes import Action
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

REASON_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteFee(AboutBorrower[Changed]):
    """Write a fee by hand, for damage for instance."""

    right: ClassVar[Right] = Right.TAKE_MONEY

    amount_ore: int
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(AboutBorrower[Changed]):
    """Waive what is left of fees. ``who`` is the supervisor, who may have stepped up at somebody's counter."""

    right: ClassVar[Right] = Right.WAIVE

    fee_ids: tuple[int, ...]
    reason: str = field(repr=False)


@carries_out(WriteFee, row_id=lambda done: done.row_id, again=changed_again)
def write_fee(transaction: Transaction, command: WriteFee) -> Changed:
    """Write a fee.

    Raises:
        InvalidInput: no reason; an amount of nothing or less, or beyond reason.
        NotFound: the borrower is gone.
    """
    reason = _reason(command.reason)
    if command.amount_ore <= 0:
        raise InvalidInput("amount", "not_positive")
    if command.amount_ore > MOST_ORE:
        raise InvalidInput("amount", "too_much")
    hold_borrower(transaction, command.borrower_id)
    fee_id = transaction.run(
        Fee.insert(
            borrower=command.borrower_id,
            type="other",
            reason="by_hand",
            note=reason,
            amount_ore=command.amount_ore,
            charged_on=local_date(command.at),
            created_at=command.at,
        )
    )
    limit = transaction.value(LibraryRules.select(LibraryRules.debt_limit_ore).where(LibraryRules.id == 1))
    tell_if_blocked(transaction, command.borrower_id, fee_id, command.amount_ore, limit, command.at, command.command_id)
    keys = ("balance",)
    note(transaction, command.who, command.at, Action.CHARGE, command.purpose, command.borrower_id, revealed=keys)
    return Changed(fee_id)


@carries_out(Waive, row_id=lambda done: done.row_id, again=changed_again)
def waive(transaction: Transaction, command: Waive) -> Changed:
    """Waive fees. A claim that is waived while its material is out closes the loan, as paying it would.

    Raises:
        InvalidInput: no reason, or no fee.
        NotFound: the borrower, or one of the fees, is gone or settled; none is waived then.
    """
    reason = _reason(command.reason)
    if not command.fee_ids:
        raise InvalidInput("fee", "missing")
    hold_borrower(transaction, command.borrower_id)
    today = local_date(command.at)
    for fee_id in sorted(set(command.fee_ids)):
        theirs = (Fee.id == fee_id) & (Fee.borrower == command.borrower_id) & Fee.settled_on.is_null()
        waived = transaction.run(
            Fee.update(settled_on=today, outcome="waived", settled_by=command.who.staff_id, settle_reason=reason).where(
                theirs
            )
        )
        if waived != 1:
            raise NotFound("fee")
    close_settled(transaction, command.fee_ids, command.at, today)
    keys = ("balance",)
    note(transaction, command.who, command.at, Action.PAY, command.purpose, command.borrower_id, revealed=keys)
    return Changed(command.fee_ids[0])


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("reason", "missing")
    return reason.strip()[:REASON_LENGTH]
