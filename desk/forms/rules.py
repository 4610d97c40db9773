"""What counts as too long, and when holiday bags can be ordered: pure functions of values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

LATE_DAYS: Final = 90
"""From the 90th day on a form that nobody has handled is red (P13)."""


def late_on(sent_on: date) -> date:
    """Give the local date from which on a form has lain too long."""
    return sent_on + timedelta(days=LATE_DAYS)


def is_in_season(day: date, weeks: tuple[int, int] | None) -> bool:
    """Tell whether holiday bags can be ordered on a day.

    Args:
        day: local date.
        weeks: first and last ISO week, both of them part of the season; None: all year.
    """
    return weeks is None or weeks[0] <= day.isocalendar().week <= weeks[1]
