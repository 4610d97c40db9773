"""What a new library starts with (R1, R2). Everything here is changed in the store afterwards (R8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.models import (
    BorrowerGroup,
    Branch,
    Counter,
    FeeTier,
    LendingRule,
    Library,
    LibraryRules,
    MaterialGroup,
    OpeningHours,
)
from desk.privacy.access_log import begin_log

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True)
class GroupDefault:
    """A borrower group with its loan days for ordinary and for short loans, in days."""

    code: str
    name: str
    loan_limit: int
    loan_days: int
    short_days: int
    fees: str = "normal"
    notices: str = "all"


@dataclass(frozen=True, slots=True)
class MaterialDefault:
    """A material group. Short loans last 14 days and are not renewable (R1)."""

    code: str
    name: str
    is_short: bool = False
    age_limit: int | None = None


BORROWER_GROUPS = (
    GroupDefault("voksen", "alm. låner", 15, 30, 14),
    GroupDefault("barn", "barn", 15, 30, 14),
    GroupDefault("institution", "institution", 100, 60, 60, fees="none", notices="reminders"),
)
MATERIAL_GROUPS = (
    MaterialDefault("standard", "30 dages lån"),
    MaterialDefault("14dag", "14 dages lån", is_short=True),
    MaterialDefault("film15", "film fra 15 år", is_short=True, age_limit=15),
)
RENEWALS = 2
# From day, adults, children, in øre (R3).
FEE_TIERS = ((1, 2_000, 1_000), (8, 12_000, 5_500), (31, 23_000, 12_000))
WEEKDAY_HOURS = ((0, 10, 18), (1, 10, 18), (2, 10, 18), (3, 10, 18), (4, 10, 18), (5, 10, 14))


def install_library(transaction: Transaction, *, name: str, isil: str, made_up: bool) -> None:
    """Write the library's own row, the groups and the rules into an empty store.

    Args:
        transaction: of the command or of ``desk init``.
        name: the library's name.
        isil: its ISIL, e.g. ``DK-767100``.
        made_up: a demo or sample: marks the store for good.
    """
    transaction.run(Library.insert(name=name, isil=isil, made_up=made_up))
    begin_log(transaction)
    transaction.run(LibraryRules.insert(id=1))
    for from_day, adult_ore, child_ore in FEE_TIERS:
        transaction.run(FeeTier.insert(from_day=from_day, adult_ore=adult_ore, child_ore=child_ore))
    borrower_groups = {
        group.code: transaction.run(
            BorrowerGroup.insert(
                code=group.code, name=group.name, loan_limit=group.loan_limit, fees=group.fees, notices=group.notices
            )
        )
        for group in BORROWER_GROUPS
    }
    for material in MATERIAL_GROUPS:
        material_id = transaction.run(
            MaterialGroup.insert(code=material.code, name=material.name, age_limit=material.age_limit)
        )
        for group in BORROWER_GROUPS:
            transaction.run(
                LendingRule.insert(
                    borrower_group=borrower_groups[group.code],
                    material_group=material_id,
                    loan_days=group.short_days if material.is_short else group.loan_days,
                    renewals=0 if material.is_short else RENEWALS,
                    renewable=not material.is_short,
                    reservable=True,
                )
            )


def install_branch(transaction: Transaction, *, name: str, isil: str, counters: tuple[str, ...]) -> int:
    """Add a branch with its usual hours and its counters; gives its id."""
    branch_id = transaction.run(Branch.insert(name=name, isil=isil))
    for weekday, opens, closes in WEEKDAY_HOURS:
        transaction.run(
            OpeningHours.insert(branch=branch_id, weekday=weekday, opens_minute=opens * 60, closes_minute=closes * 60)
        )
    for counter in counters:
        transaction.run(Counter.insert(branch=branch_id, name=counter))
    return branch_id
