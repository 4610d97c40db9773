"""A year of made-up figures for the demo, so that its statistics have something to draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from db.bulk import insert_many
from db.models import StatisticsCount
from desk.calendar import closing_days
from desk.registry.made_up import MUNICIPALITY

if TYPE_CHECKING:
    from db.store import Transaction

DAYS = 366
HOURS = range(10, 19)
# How busy an hour is beside the others, a weekday beside the others, and what happens beside loans.
BUSY_HOURS = (4, 7, 6, 5, 7, 9, 11, 8, 3)
BUSY_WEEKDAYS = (9, 7, 8, 7, 9, 5, 0)
SHARES = (("loan", 1.0), ("return", 0.9), ("renewal", 0.25))
ELSEWHERE = "665"
# Borrower group, municipality, material group, and their part of everything.
CELLS = (
    ("voksen", MUNICIPALITY, "standard", 0.5),
    ("barn", MUNICIPALITY, "standard", 0.3),
    ("voksen", MUNICIPALITY, "14dag", 0.15),
    ("voksen", ELSEWHERE, "standard", 0.05),
)
COLUMNS = (
    StatisticsCount.day,
    StatisticsCount.hour,
    StatisticsCount.branch,
    StatisticsCount.what,
    StatisticsCount.borrower_group,
    StatisticsCount.municipality,
    StatisticsCount.material_group,
    StatisticsCount.count,
)


def count_a_year(transaction: Transaction, random: Random, today: date, branch_ids: Iterable[int]) -> None:
    """Write figures for the year before a date; each branch is less busy than the one before it.

    Args:
        transaction: the one that fills the demo.
        random: seeded.
        today: the local date the demo is made on; nothing has happened on it yet.
        branch_ids: of the branches.
    """
    insert_many(transaction, COLUMNS, _rows(random, today, branch_ids))


def _rows(random: Random, today: date, branch_ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    for place, branch_id in enumerate(branch_ids, 1):
        for back in range(1, DAYS):
            day = today - timedelta(days=back)
            if day in closing_days(day.year) or not BUSY_WEEKDAYS[day.weekday()]:
                continue
            for hour, busy in zip(HOURS, BUSY_HOURS, strict=True):
                most = busy * BUSY_WEEKDAYS[day.weekday()] / (4 * place * place)
                for what, share in SHARES:
                    for *codes, part in CELLS:
                        count = int(random.uniform(0.5, 1.5) * most * share * part + random.random())
                        if count:
                            yield (day, hour, branch_id, what, *codes, count)
