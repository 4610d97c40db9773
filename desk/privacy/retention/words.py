"""What rows are called that go (G7): for the command line and «slettes i nat» alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.calendar import local_date
from desk.errors import ClockSetBack
from desk.texts import NP_, _, pgettext
from desk.wording import clock, number, short_date

COMMANDS: Final = "command_record"
"""Goes by the hour, and says nothing of anybody: counted by a run, and on no list."""

TABLES: Final[Mapping[str, str]] = {
    "loan": NP_("retention", "loans"),
    "loan_occasion": NP_("retention", "loan occasions"),
    "fee": NP_("retention", "fees"),
    "payment": NP_("retention", "payments"),
    "override": NP_("retention", "overrides"),
    "message": NP_("retention", "message contents"),
    "deletion_request": NP_("retention", "deletion requests"),
    "access_log": NP_("retention", "log lines"),
    "command_record": NP_("retention", "command ids"),
    "exports": NP_("retention", "right-of-access prints"),
    "spool": NP_("retention", "slips and receipts"),
}
"""In this order. What only links two of them is counted, and not told."""


def told(counts: Mapping[str, int]) -> list[str]:
    """Say how many of each, leaving out those of which there are none."""
    return [
        _("{what} {n}").format(what=pgettext("retention", TABLES[table]), n=number(counts[table]))
        for table in TABLES
        if counts.get(table)
    ]


def total(counts: Mapping[str, int]) -> int:
    """Add up what is told."""
    return sum(counts.get(table, 0) for table in TABLES)


def clock_sentence(error: ClockSetBack) -> str:
    """Say that nothing is deleted by a clock that is wrong."""
    today = local_date(error.now)
    return _(
        "The clock says {date} at {time}, which is before the last deletion run, {last} at {last_time}. "
        "Nothing is deleted. Put the clock right. If it is right, a supervisor runs: "
        "desk retention run --clock-is-right"
    ).format(
        date=short_date(today, local_date(error.last_at)),
        time=clock(error.now),
        last=short_date(local_date(error.last_at), today),
        last_time=clock(error.last_at),
    )
