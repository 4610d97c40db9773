"""The changes there are: each carries what was read before and what is wanted, whole.

A change is refused when what it was read from is no longer so: of two supervisors at once the later is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from desk.set_up.records import (
    BorrowerGroupValues,
    BranchValues,
    Channels,
    Hours,
    LibraryValues,
    MaterialGroupValues,
    OwnDay,
    RuleValues,
    Tier,
)


@dataclass(frozen=True, slots=True)
class LendingRuleChange:
    """The rule of a pair of groups; ``before`` None: there is none."""

    borrower_group_id: int
    material_group_id: int
    before: RuleValues | None
    after: RuleValues


@dataclass(frozen=True, slots=True)
class BorrowerGroupChange:
    """A borrower group; a new one has no id and no ``before``, and gets the lending rules of the group ``like``."""

    group_id: int | None
    before: BorrowerGroupValues | None
    after: BorrowerGroupValues
    like: int | None = None


@dataclass(frozen=True, slots=True)
class MaterialGroupChange:
    """A material group; a new one has no id and no ``before``, and is lent as the group ``like``."""

    group_id: int | None
    before: MaterialGroupValues | None
    after: MaterialGroupValues
    like: int | None = None


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """The library's amounts and periods."""

    before: LibraryValues
    after: LibraryValues


@dataclass(frozen=True, slots=True)
class TiersChange:
    """All fee tiers, in the order of their days."""

    before: tuple[Tier, ...]
    after: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class HoursChange:
    """The weekly hours of a branch, in the order of the days."""

    branch_id: int
    before: tuple[Hours, ...]
    after: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """The days from ``first`` to ``last``, both included.

    Attributes:
        before: the days among them that differ from the week, as they were read.
        is_open: open or closed on all of them; None: as the week says.
        reason: why; needed to close.
    """

    branch_id: int
    first: date
    last: date
    before: tuple[OwnDay, ...]
    is_open: bool | None
    reason: str = ""

    @property
    def days(self) -> int:
        """How many days it is."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class BranchChange:
    """A branch; a new one has no id and no ``before``, and begins with the usual hours and ``counter``."""

    branch_id: int | None
    before: BranchValues | None
    after: BranchValues
    counter: str = "Skranke 1"


@dataclass(frozen=True, slots=True)
class CounterChange:
    """A counter's name; a new one has no id and no ``before``."""

    branch_id: int
    counter_id: int | None
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class ChannelsChange:
    """Which channels a kind of message takes."""

    kind: str
    before: Channels
    after: Channels


@dataclass(frozen=True, slots=True)
class MunicipalitiesChange:
    """The municipalities whose citizens have the digital services; none: the library's own alone."""

    before: tuple[str, ...]
    after: tuple[str, ...]


Change: TypeAlias = (
    LendingRuleChange
    | BorrowerGroupChange
    | MaterialGroupChange
    | LibraryChange
    | TiersChange
    | HoursChange
    | CalendarChange
    | BranchChange
    | CounterChange
    | ChannelsChange
    | MunicipalitiesChange
)
