"""Who of those who wait may be served today, as conditions of a query: one place says what passes somebody over.

Absence (P10) and blocks pass over and keep the place (R6); a debt that has reached the limit counts as a block (R4).
"""

from __future__ import annotations

from typing import Any

from peewee import fn

from db.models import Block, Borrower, LendingRule, Reservation
from db.statements import Slot
from desk.money.debt import LIMIT_ORE, OWED_BY_BORROWER

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
IS_NOT_BLOCKED = ~fn.EXISTS(_BLOCKS) & (OWED_BY_BORROWER < LIMIT_ORE)


def may_reserve(material_group: Any) -> Any:
    """Give the condition that the borrower's group may reserve things of a material group."""
    return fn.EXISTS(
        LendingRule.select(LendingRule.id).where(
            (LendingRule.borrower_group == Borrower.borrower_group)
            & (LendingRule.material_group == material_group)
            & LendingRule.reservable
        )
    )
