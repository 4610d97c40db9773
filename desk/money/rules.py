"""Pure rules of fees (R3): tiers, tariffs, claims, and which fee a sum is paid on. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from desk.circulation.rules import age_on


@dataclass(frozen=True, slots=True)
class Tier:
    """What returning late costs from a day overdue on, in øre."""

    from_day: int
    adult_ore: int
    child_ore: int


def overdue_fee(tiers: Iterable[Tier], days_overdue: int, *, is_child: bool) -> int:
    """Give the fee of the highest tier that has been reached, in øre; 0 below the first (*Semantics*)."""
    reached = max(
        (tier for tier in tiers if tier.from_day <= days_overdue), key=lambda tier: tier.from_day, default=None
    )
    if reached is None:
        return 0
    return reached.child_ore if is_child else reached.adult_ore


def pays_as_child(born: date | None, due_on: date, child_until_age: int) -> bool:
    """Tell whether the child tariff holds: by the age on the due date (R3); an unknown birth date pays as an adult."""
    return born is not None and age_on(born, due_on) < child_until_age


def compensation(price_ore: int | None, unknown_price_ore: int, handling_ore: int) -> int:
    """Give what is claimed for a material that does not come back, in øre (R3)."""
    return (unknown_price_ore if price_ore is None else price_ore) + handling_ore


def shared_out(amount_ore: int, left: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pay a sum on fees in their order, each whole before the next.

    Args:
        amount_ore: what is paid, at most what is left of them all.
        left: fee and what is left of it, the oldest first.

    Returns:
        Fee and what is paid on it; fees that get nothing are left out.
    """
    parts = []
    for fee_id, its_left in left:
        part = min(amount_ore, its_left)
        if part > 0:
            parts.append((fee_id, part))
            amount_ore -= part
    return parts
