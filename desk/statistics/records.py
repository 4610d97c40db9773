"""What the figures are told with. None holds a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeAlias

from desk.statistics.rules import Cell

# None is hidden (G10).
Figure: TypeAlias = int | None


class By(Enum):
    """What figures are counted by."""

    DAY = "day"
    MONTH = "month"
    HOUR = "hour"
    BORROWER_GROUP = "borrower_group"
    MUNICIPALITY = "municipality"
    MATERIAL_GROUP = "material_group"


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened from one local date to another, both included.

    Attributes:
        branches: id → name, in the order of the set-up.
        tables: for each ``what`` and each :class:`By` that was asked for: its cells by branch and key, with sums.
        names: of groups, by what they are counted by and code; one that has gone has no name any more.
        removed: rows that retention removed in that time, by kind (:class:`~db.models.RetentionRun`).
    """

    from_day: date
    until_day: date
    branches: Mapping[int, str]
    tables: Mapping[tuple[str, By], Mapping[Cell, Figure]]
    names: Mapping[tuple[By, str], str]
    removed: Mapping[str, Figure]

    def by(self, what: str, by: By, branch_id: int | None = None) -> dict[str, Figure]:
        """Give the figures of a branch, or of all together, by day (``2026-03-10``), hour (``09``) or code."""
        table = self.tables[what, by]
        keys = sorted({key for _branch, key in table if key is not None})
        return {key: table.get((branch_id, key), 0) for key in keys}

    def total(self, what: str, branch_id: int | None = None) -> Figure:
        """Give the sum of a branch, or of all together."""
        table = next(table for (counted, _by), table in self.tables.items() if counted == what)
        return table.get((branch_id, None), 0)
