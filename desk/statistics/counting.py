"""Counting (G10): every loan, renewal and return counts one cell up, in the transaction that does it.

A cell names no person and is written once: nothing is worked out from loans afterwards, so that neither retention nor
an erasure changes a figure. Undo counts the very cell back (:func:`db.trail.take_back`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from db.models import StatisticsCount
from db.statements import Slot, Statement
from db.trail import Counted
from desk.calendar import COPENHAGEN

if TYPE_CHECKING:
    from db.store import Transaction

LOAN, RENEWAL, RETURN = "loan", "renewal", "return"

_CELL = (
    StatisticsCount.day,
    StatisticsCount.hour,
    StatisticsCount.branch,
    StatisticsCount.what,
    StatisticsCount.borrower_group,
    StatisticsCount.municipality,
    StatisticsCount.material_group,
)
# One statement whether the cell is there or not, and no counter loses another's count (Q3).
ONE_MORE = Statement(
    StatisticsCount.insert(**{column.name: Slot(column.name) for column in _CELL}, count=1).on_conflict(
        conflict_target=_CELL, update={StatisticsCount.count: StatisticsCount.count + 1}
    )
)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that is counted.

    Attributes:
        what: ``loan``, ``renewal`` or ``return`` (a return is that of an open loan; other items that are scanned at
            return are not counted).
        borrower_group: code of the borrower's group, and ``municipality`` the borrower's; both stay written in the
            cell when they change.
        material_group: code of the item's.
    """

    what: str
    borrower_group: str
    municipality: str = field(repr=False)
    material_group: str


def count(
    transaction: Transaction, at: datetime, branch_id: int, *happened: Happened, booked_on: date | None = None
) -> None:
    """Count what a command did, after all else but its row in the access log.

    Everybody takes the rows of a cell in this place and in this order, so on PostgreSQL nobody waits in a circle.

    Args:
        transaction: the command's.
        at: the instant of the command; its local hour counts.
        branch_id: where it happened.
        happened: each counts once.
        booked_on: the local date it counts on; None: that of the instant. What lay in the drop-box counts on the day
            it is booked on (C8), in the hour in which it was taken out.
    """
    local = at.astimezone(COPENHAGEN)
    day = booked_on or local.date()
    for cell in sorted(_cells(day, local.hour, branch_id, happened)):
        values = dict(zip((column.name for column in _CELL), cell, strict=True))
        transaction.run(ONE_MORE, **values)
        transaction.trail.append(Counted(StatisticsCount, values))


def _cells(
    day: date, hour: int, branch_id: int, happened: Sequence[Happened]
) -> list[tuple[date, int, int, str, str, str, str]]:
    return [
        (day, hour, branch_id, one.what, one.borrower_group, one.municipality, one.material_group) for one in happened
    ]
