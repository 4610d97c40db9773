"""Reading the figures (G10). What is shown comes from :func:`figures_between`, which hides the small ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from peewee import fn

from db.models import BorrowerGroup, Branch, MaterialGroup, RetentionRun, StatisticsCount
from db.models.statistics import COUNTED
from db.statements import Slot, Statement
from desk.borrowers.municipalities import municipality_name
from desk.command import Who, query
from desk.errors import InvalidInput
from desk.staff.rights import Right
from desk.statistics.records import By, Figure, Figures
from desk.statistics.rules import LEAST, suppressed

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.desk import Desk

# So much is read at once: a scan that comes meanwhile waits for no more than that.
DAYS_AT_ONCE = 31
LONGEST_DAYS = 3660
"""Ten years."""

_COLUMNS: dict[By, Any] = {
    By.DAY: StatisticsCount.day,
    By.MONTH: StatisticsCount.day,
    By.HOUR: StatisticsCount.hour,
    By.BORROWER_GROUP: StatisticsCount.borrower_group,
    By.MUNICIPALITY: StatisticsCount.municipality,
    By.MATERIAL_GROUP: StatisticsCount.material_group,
}
_KEYS: dict[By, Callable[[Any], str]] = {
    By.DAY: date.isoformat,
    By.MONTH: lambda day: day.isoformat()[:7],
    By.HOUR: lambda hour: f"{hour:02}",
}
_SUMS = {
    by: Statement(
        StatisticsCount.select(column, StatisticsCount.branch, StatisticsCount.what, fn.SUM(StatisticsCount.count))
        .where(StatisticsCount.day.between(Slot("from_day"), Slot("until_day")))
        .group_by(column, StatisticsCount.branch, StatisticsCount.what)
    )
    for by, column in _COLUMNS.items()
}
_REMOVED = Statement(
    RetentionRun.select(RetentionRun.counts).where(RetentionRun.day.between(Slot("from_day"), Slot("until_day")))
)


@query(Right.SEE_FIGURES)
def counts_between(
    transaction: Transaction, from_day: date, until_day: date, by: By
) -> tuple[tuple[str, int, str, int], ...]:
    """Give what was counted: what, branch, key, how often. A part of :func:`figures_between`, which alone is shown."""
    key_of = _KEYS.get(by, str)
    rows = transaction.all(_SUMS[by], from_day=from_day, until_day=until_day)
    return tuple((what, branch_id, key_of(key), int(count)) for key, branch_id, what, count in rows)


@query(Right.SEE_FIGURES)
def removed_between(transaction: Transaction, from_day: date, until_day: date) -> dict[str, Figure]:
    """Add up what the retention clock has removed, by kind. Small figures are hidden as all others are.

    Loans that went were returned on one day, so a small number of them would tell a hidden number of returns.
    """
    removed: Counter[str] = Counter()
    for (counts,) in transaction.all(_REMOVED, from_day=from_day, until_day=until_day):
        removed.update({kind: rows for kind, rows in json.loads(counts).items() if isinstance(rows, int)})
    return {kind: None if 0 < rows < LEAST else rows for kind, rows in sorted(removed.items())}


@query(Right.SEE_FIGURES)
def names_in_figures(transaction: Transaction) -> tuple[dict[int, str], dict[tuple[By, str], str]]:
    """Give the branches by id, and the groups by what they are counted by and code."""
    branches = dict(transaction.all(Branch.select(Branch.id, Branch.name).order_by(Branch.id)))
    names = {
        (by, code): name
        for by, table in ((By.BORROWER_GROUP, BorrowerGroup), (By.MATERIAL_GROUP, MaterialGroup))
        for code, name in transaction.all(table.select(table.code, table.name))
    }
    return branches, names


async def figures_between(desk: Desk, who: Who, from_day: date, until_day: date, by: Sequence[By]) -> Figures:
    """Read the figures of some days, with those left out that would tell about a person (G10).

    Args:
        desk: the desk.
        who: on whose behalf.
        from_day: the first local date.
        until_day: the last one.
        by: what they are counted by: each a table of its own.

    Raises:
        InvalidInput: the days are in the wrong order, or more than ten years.
        DeskError: as :meth:`Desk.ask`.
    """
    if until_day < from_day:
        raise InvalidInput("period", "order")
    if (until_day - from_day).days >= LONGEST_DAYS:
        raise InvalidInput("period", "too_long")
    branches, names = await desk.ask(who, names_in_figures)
    counts: dict[tuple[str, By], Counter[tuple[int, str]]] = {(what, one): Counter() for what in COUNTED for one in by}
    for first, last in _parts(from_day, until_day):
        for one in by:
            for what, branch_id, key, count in await desk.ask(who, counts_between, first, last, one):
                counts[what, one][branch_id, key] += count
    tables = {
        (what, one): table
        for what in COUNTED
        for one, table in zip(by, suppressed([counts[what, one] for one in by]), strict=True)
    }
    if By.MUNICIPALITY in by:
        codes = {key for (_what, one), table in tables.items() if one is By.MUNICIPALITY for _branch, key in table}
        names |= {(By.MUNICIPALITY, code): municipality_name(code) for code in codes if code}
    return Figures(
        from_day, until_day, branches, tables, names, await desk.ask(who, removed_between, from_day, until_day)
    )


def _parts(from_day: date, until_day: date) -> Iterator[tuple[date, date]]:
    end = until_day.toordinal()
    for first in range(from_day.toordinal(), end + 1, DAYS_AT_ONCE):
        yield date.fromordinal(first), date.fromordinal(min(first + DAYS_AT_ONCE - 1, end))
