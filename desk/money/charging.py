"""Overdue fees (R3): one for one loan occasion and booked return date, when it is returned, renewed or claimed.

Fees come into being here and never before (*Semantics*). The schema is the last guard: two counters that take back two
materials of one occasion at the same moment cannot both write a fee; the second tries again and joins the first's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from db.models import Borrower, BorrowerGroup, Fee, FeeLoan, FeeTier, LibraryRules, Loan
from db.statements import Slot, Statement
from db.trail import Inserted, followed
from desk.circulation.rules import days_overdue
from desk.messages.queueing import queue_message
from desk.money.claims import drop_claim, drop_claim_of_lost
from desk.money.debt import LIMIT_ORE, owed_ore
from desk.money.records import NOTHING, Charged
from desk.money.rules import Tier, overdue_fee, pays_as_child
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.circulation.queries import Lendable
    from desk.command import Command

CHILD_UNTIL = LibraryRules.select(LibraryRules.child_until_age).where(LibraryRules.id == 1)
LATE_LOAN = Statement(
    Loan.select(
        Loan.borrower, Loan.occasion, Loan.due_on, Borrower.birth_date, BorrowerGroup.fees, CHILD_UNTIL, LIMIT_ORE
    )
    .join(Borrower, on=(Loan.borrower == Borrower.id))
    .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
    .where(Loan.id == Slot("loan_id"))
)
TIERS = Statement(FeeTier.select(FeeTier.from_day, FeeTier.adult_ore, FeeTier.child_ore))
FEE_OF_THAT_DAY = Statement(
    Fee.select(Fee.id, Fee.amount_ore, Fee.outcome).where(
        (Fee.occasion == Slot("occasion_id")) & (Fee.charged_on == Slot("day")) & (Fee.reason == "overdue")
    )
)
CHARGED_ON = Statement(Fee.select(Fee.charged_on).where(Fee.id == Slot("fee_id")))
FEE_ON_LOAN = Statement(
    FeeLoan.select(Fee.id, Fee.amount_ore)
    .join(Fee, on=(FeeLoan.fee == Fee.id))
    .where((FeeLoan.loan == Slot("loan_id")) & (Fee.charged_on == Slot("day")) & (Fee.reason == "overdue"))
)


@dataclass(frozen=True, slots=True)
class _Late:
    """A loan that is late, with what decides its fee."""

    borrower_id: int
    occasion_id: int
    due_on: date
    born: date | None
    fees: str
    child_until_age: int
    debt_limit_ore: int


def charge_return(transaction: Transaction, thing: Lendable, closed_on: date, at: datetime, command_id: str) -> Charged:
    """Do to the money what taking an item back does: an overdue fee, and a claim that is dropped.

    Args:
        transaction: the command's.
        thing: the item, with the loan that is being closed if it had one.
        closed_on: the local date it counts as returned on.
        at: the instant of the command.
        command_id: of the command.
    """
    if thing.loan_id is None or thing.loan_due_on is None:
        # Nothing costs a statement but a lost item that has come back.
        return (
            drop_claim_of_lost(transaction, thing.item.item_id, closed_on) if thing.item.status == "lost" else NOTHING
        )
    if thing.claim_id is not None:
        # It got its overdue fee when it was claimed, and gets no second.
        return drop_claim(transaction, thing.claim_id, closed_on)
    if not days_overdue(thing.loan_due_on, closed_on):
        return NOTHING
    return charge_overdue(transaction, thing.loan_id, closed_on, at, command_id)


def charge_overdue(
    transaction: Transaction, loan_id: int, day: date, at: datetime, command_id: str, *, tells: bool = True
) -> Charged:
    """Charge what a loan has accrued up to a day, or join the fee of what was returned together with it (R3).

    Args:
        transaction: the command's.
        loan_id: on the occasion that ends with this.
        day: the booked return date; of a renewal or a claim, its own.
        at: the instant of the command.
        command_id: of the command.
        tells: queue the block notice if this reaches the limit; a claim has more to charge first.
    """
    row = transaction.one(LATE_LOAN, loan_id=loan_id)
    if row is None:
        return NOTHING
    late = _Late(*row)
    amount_ore = _fee_of(transaction, late, day)
    if not amount_ore:
        return NOTHING
    found = transaction.one(FEE_OF_THAT_DAY, occasion_id=late.occasion_id, day=day)
    if found is None:
        added, fee_id = amount_ore, _written(transaction, late, amount_ore, day, at)
    else:
        fee_id, before_ore, outcome = found
        # The highest tier counts and replaces lower ones. A supervisor's waiver stands.
        may_rise = outcome in {None, "paid"}
        added = max(0, amount_ore - before_ore) if may_rise else 0
        amount_ore = before_ore + added
        _join(transaction, fee_id, amount_ore if added else None, at)
    _put_on(transaction, fee_id, loan_id)
    if added and tells:
        tell_if_blocked(transaction, late.borrower_id, fee_id, added, late.debt_limit_ore, at, command_id)
    return Charged(amount_ore, is_shared=found is not None)


def _written(transaction: Transaction, late: _Late, amount_ore: int, day: date, at: datetime) -> int:
    fee_id = transaction.run(
        Fee.insert(
            borrower=late.borrower_id,
            type="fee",
            reason="overdue",
            amount_ore=amount_ore,
            occasion=late.occasion_id,
            charged_on=day,
            created_at=at,
        )
    )
    left = {"amount_ore": amount_ore, "paid_ore": 0, "outcome": None, "created_at": at}
    transaction.trail.append(Inserted(Fee, fee_id, left))
    return fee_id


def _join(transaction: Transaction, fee_id: int, higher_ore: int | None, at: datetime) -> None:
    """Let a fee hold for one material more.

    Its instant becomes that of the last one: whoever undoes an earlier return finds that the fee is not theirs alone.
    """
    with followed(transaction, Fee, fee_id):
        transaction.run(Fee.update(created_at=at).where(Fee.id == fee_id))
        if higher_ore is not None:
            transaction.run(
                Fee.update(amount_ore=higher_ore, settled_on=None, outcome=None, settled_by=None).where(
                    Fee.id == fee_id
                )
            )


def _fee_of(transaction: Transaction, late: _Late, day: date) -> int:
    days = days_overdue(late.due_on, day)
    if late.fees == "none" or not days:
        return 0
    tiers = [Tier(*row) for row in transaction.all(TIERS)]
    return overdue_fee(tiers, days, is_child=pays_as_child(late.born, late.due_on, late.child_until_age))


def _put_on(transaction: Transaction, fee_id: int, loan_id: int) -> None:
    on_it = (FeeLoan.fee == fee_id) & (FeeLoan.loan == loan_id)
    if transaction.value(FeeLoan.select(FeeLoan.id).where(on_it)) is None:
        transaction.trail.append(Inserted(FeeLoan, transaction.run(FeeLoan.insert(fee=fee_id, loan=loan_id))))


def tell_if_blocked(
    transaction: Transaction,
    borrower_id: int,
    fee_id: int,
    added_ore: int,
    limit_ore: int,
    at: datetime,
    command_id: str,
) -> None:
    """Queue the block notice when this very charge reached the debt limit (M1); once a fee.

    Args:
        transaction: the command's.
        borrower_id: who owes.
        fee_id: what was charged.
        added_ore: by how much the debt grew with it.
        limit_ore: from which amount on it blocks.
        at: the instant of the command.
        command_id: of the command.
    """
    owed = owed_ore(transaction, borrower_id)
    if owed - added_ore < limit_ore <= owed:
        facts = {"owed_ore": owed, "limit_ore": limit_ore}
        # With its day: SQLite gives the id of a fee that has been deleted to the next one.
        charged_on = transaction.value(CHARGED_ON, fee_id=fee_id)
        queue_message(transaction, borrower_id, "block", f"block:{fee_id}:{charged_on}", facts, at, command_id)


def note_charge(transaction: Transaction, command: Command[Any], borrower_id: int | None, charged: Charged) -> None:
    """Note in the access log that a borrower's balance has changed; last of all, as every row there is.

    Args:
        transaction: the command's.
        command: who, and when.
        borrower_id: whose loan it was; None: it was not on loan.
        charged: what became of the money.
    """
    if charged and borrower_id is not None:
        keys = ("balance",)
        note(transaction, command.who, command.at, Action.CHARGE, Purpose.LENDING, borrower_id, revealed=keys)


def charged_again(transaction: Transaction, loan_id: int, day: date) -> Charged:
    """Give again what a return or a renewal charged: read back from the fee (a replay after a crash)."""
    row = transaction.one(FEE_ON_LOAN, loan_id=loan_id, day=day)
    return NOTHING if row is None else Charged(row[1])
