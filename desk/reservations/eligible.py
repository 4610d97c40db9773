"""Who of those who wait may be served today, as conditions of a query: one place says what passes somebody over.

Absence (P10) and blocks pass over and keep the place (R6); a debt that has reached the limit counts as a block (R4).
"""

from __future__ import annotations

from typing import Any

from peewee import fn

from db.models import Block, Borrower, Fee, LendingRule, LibraryRules, Reservation
from db.statements import Slot

TODAY = Slot("today")

IS_WAITING = (Reservation.state == "reserved") & (Reservation.expires_on >= TODAY)

# Either end of the absence may be open, both are inclusive (P10).
IS_NOT_ABSENT = (
    (Borrower.absent_from.is_null() & Borrower.absent_until.is_null())
    | (Borrower.absent_from > TODAY)
    | (Borrower.absent_until < TODAY)
)

_BLOCKS = Block.select(Block.id).where(
    (Block.borrower == Borrower.id)
    & Block.lifted_at.is_null()
    & Block.card.is_null()
    & (Block.set_on <= TODAY)
    & (Block.ends_on.is_null() | (Block.ends_on >= TODAY))
)
_OWED = Fee.select(fn.COALESCE(fn.SUM(Fee.amount_ore - Fee.paid_ore), 0)).where(
    (Fee.borrower == Borrower.id) & Fee.settled_on.is_null()
)
_DEBT_LIMIT = LibraryRules.select(LibraryRules.debt_limit_ore).where(LibraryRules.id == 1)
IS_NOT_BLOCKED = ~fn.EXISTS(_BLOCKS) & (_OWED < _DEBT_LIMIT)


def may_reserve(material_group: Any) -> Any:
    """Give the condition that the borrower's group may reserve things of a material group."""
    return fn.EXISTS(
        LendingRule.select(LendingRule.id).where(
            (LendingRule.borrower_group == Borrower.borrower_group)
            & (LendingRule.material_group == material_group)
            & LendingRule.reservable
        )
    )
