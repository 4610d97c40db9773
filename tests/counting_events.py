"""Builders for the figures: what has been counted, and figures put there past the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from db.bulk import insert_many
from db.models import StatisticsCount
from tests.builders import House

CELL = (
    StatisticsCount.what,
    StatisticsCount.day,
    StatisticsCount.hour,
    StatisticsCount.branch,
    StatisticsCount.borrower_group,
    StatisticsCount.municipality,
    StatisticsCount.material_group,
)


def counted(house: House) -> dict[tuple[Any, ...], int]:
    """Give every cell that is there: what, day, hour, branch, borrower group, municipality, material group."""
    rows = house.rows(StatisticsCount.select(*CELL, StatisticsCount.count))
    return {row[:-1]: row[-1] for row in rows}


def sums(house: House) -> dict[str, int]:
    """Give how often each kind of thing has happened."""
    found: dict[str, int] = {}
    for (what, *_cell), count in counted(house).items():
        found[what] = found.get(what, 0) + count
    return found


def put_figures(house: House, figures: Mapping[tuple[str, date, int, int], int], **more: str) -> None:
    """Write figures as if it had happened: what, day, hour, branch → how often; ``more`` are codes."""
    codes = {"borrower_group": "voksen", "municipality": "671", "material_group": "standard"} | more
    rows = [(*cell, *codes.values(), count) for cell, count in figures.items()]
    house.store.write_here(lambda transaction: insert_many(transaction, (*CELL, StatisticsCount.count), rows))
