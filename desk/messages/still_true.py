"""What a message tells as it stands at the moment of sending (M1, C8): nobody is told what is true no more.

A message may wait for a night, or for a weekend while the mail server is away. So its facts are computed again from
the rows in the transaction that takes it, before the first try and before every other:

- «Klar»: only the very laying ready it was queued for, with the shelf place, branch and deadline of now.
- Reminder and recall: loans of that due date that are still out, counted now, and only rises still to come. A reminder
  has lapsed when the day is over; a recall leaves out what has been billed, for then the bill speaks.
- Bill: the claims of that night that still stand, and what is left to pay of them and of the fees beside them.
- Block notice: while the debt reaches the limit, with the sum of now (R4).
- A receipt and an approved deletion tell what was done; that stays true.

What has lost its cause *lapses*: it stays on the borrower's list as «bortfaldet», so that staff can answer why nothing
came, and so that no night tells the same cause again; on F5 it is not, for there is nothing to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from peewee import SQL, fn

from db.models import Block, Borrower, BorrowerGroup, Branch, Fee, FeeTier, Item, LibraryRules, Loan, Reservation
from db.statements import Slot, Statement
from desk.messages.filling import FactsMissing
from desk.money.debt import debt_reached, owed_ore

if TYPE_CHECKING:
    from db.store import Transaction

LAPSED: Final = "lapsed"
"""The problem of a message that has lost its cause."""

READY = Statement(
    Reservation.select(Reservation.pickup_number, Reservation.pickup_deadline, Branch.name)
    .join(Branch, on=(Reservation.pickup_branch == Branch.id))
    .where(
        (Reservation.borrower == Slot("borrower_id"))
        & (Reservation.state == "readyForPickup")
        & (Reservation.ready_at == Slot("queued_at"))
        & (Reservation.pickup_deadline >= Slot("today"))
    )
)
_DEAD = Block.select(SQL("1")).where(
    (Block.borrower == Loan.borrower) & (Block.kind == "D") & Block.lifted_at.is_null()
)
_OPEN = (
    Loan.select(fn.COUNT(Loan.id), fn.MAX(BorrowerGroup.fees))
    .join(Borrower, on=(Loan.borrower == Borrower.id))
    .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
    .switch(Loan)
    .join(Item, on=(Loan.item == Item.id))
    .where(
        (Loan.borrower == Slot("borrower_id"))
        & (Loan.due_on == Slot("due_on"))
        & Loan.returned_at.is_null()
        & (Item.status != "claimed_returned")
        & ~fn.EXISTS(_DEAD)
    )
)
OPEN = Statement(_OPEN)
_BILLED = Fee.select(SQL("1")).where(Fee.claimed_loan == Loan.id)
RECALLED = Statement(_OPEN.where((BorrowerGroup.notices == "all") & ~fn.EXISTS(_BILLED)))
TIERS = Statement(FeeTier.select(FeeTier.from_day).order_by(FeeTier.from_day))
CLAIMS = Statement(
    Fee.select(Fee.amount_ore - Fee.paid_ore, Fee.occasion, Fee.charged_on)
    .where(
        (Fee.borrower == Slot("borrower_id"))
        & (Fee.reason == "claim")
        & (Fee.created_at == Slot("queued_at"))
        & Fee.settled_on.is_null()
    )
    .order_by(Fee.id)
)
BESIDE = Statement(
    Fee.select(Fee.amount_ore - Fee.paid_ore).where(
        (Fee.occasion == Slot("occasion_id"))
        & (Fee.charged_on == Slot("day"))
        & (Fee.reason == "overdue")
        & Fee.settled_on.is_null()
    )
)
DEBT_LIMIT = Statement(LibraryRules.select(LibraryRules.debt_limit_ore))


@dataclass(frozen=True, slots=True)
class AsQueued:
    """A message as it was queued.

    Attributes:
        facts: what its template is filled with.
        at: when it was queued: the instant of the command that caused it.
    """

    kind: str
    borrower_id: int
    facts: Mapping[str, Any]
    at: datetime


def rises(tiers: list[int]) -> tuple[int, ...]:
    """Give after how many days overdue the fee gets higher, from the first days of its tiers (R3)."""
    return tuple(day - 1 for day in tiers[1:])


def facts_now(transaction: Transaction, message: AsQueued, today: date) -> Mapping[str, Any] | None:
    """Give the facts of a message as they are now; None: it has lost its cause.

    Args:
        transaction: the one that takes the message.
        message: as it was queued.
        today: local date.

    Raises:
        FactsMissing: a fact by which its cause is found is not there, or is none.
    """
    check = _CHECKS.get(message.kind)
    if check is None:
        return message.facts
    try:
        now = check(transaction, message, today)
    except (KeyError, TypeError, ValueError):
        raise FactsMissing(message.kind) from None
    return None if now is None else {**message.facts, **now}


def _ready(transaction: Transaction, message: AsQueued, today: date) -> Mapping[str, Any] | None:
    which = {"borrower_id": message.borrower_id, "queued_at": message.at, "today": today}
    row = transaction.one(READY, **which)
    if row is None:
        return None
    number, deadline, branch = row
    return {"shelf": number, "deadline": deadline.isoformat(), "branch": branch}


def _reminder(transaction: Transaction, message: AsQueued, today: date) -> Mapping[str, Any] | None:
    due_on = date.fromisoformat(message.facts["due_on"])
    count, _fees = transaction.one(OPEN, borrower_id=message.borrower_id, due_on=due_on) or (0, None)
    return {"loans": count} if count and due_on >= today else None


def _recall(transaction: Transaction, message: AsQueued, today: date) -> Mapping[str, Any] | None:
    due_on = date.fromisoformat(message.facts["due_on"])
    count, fees = transaction.one(RECALLED, borrower_id=message.borrower_id, due_on=due_on) or (0, None)
    days = (today - due_on).days
    if not count or days < 1:
        return None
    tiers = [row[0] for row in transaction.all(TIERS)]
    return {"loans": count, "rises": [day for day in rises(tiers) if fees == "normal" and day >= days]}


def _bill(transaction: Transaction, message: AsQueued, _today: date) -> Mapping[str, Any] | None:
    claims = transaction.all(CLAIMS, borrower_id=message.borrower_id, queued_at=message.at)
    if not claims:
        return None
    compensation_ore = sum(left for left, _occasion, _day in claims)
    beside_ore = sum(
        transaction.value(BESIDE, occasion_id=occasion_id, day=day) or 0
        for occasion_id, day in dict.fromkeys((occasion_id, day) for _left, occasion_id, day in claims)
    )
    return {"amount_ore": compensation_ore + beside_ore, "compensation_ore": compensation_ore, "loans": len(claims)}


def _block(transaction: Transaction, message: AsQueued, _today: date) -> Mapping[str, Any] | None:
    owed, limit = owed_ore(transaction, message.borrower_id), transaction.value(DEBT_LIMIT)
    if limit is None or debt_reached(owed, limit) is None:
        return None
    return {"owed_ore": owed, "limit_ore": limit}


_CHECKS: Final[Mapping[str, Callable[[Transaction, AsQueued, date], Mapping[str, Any] | None]]] = {
    "reservation_ready": _ready,
    "reminder": _reminder,
    "recall": _recall,
    "bill": _bill,
    "block": _block,
}
