"""Dates as a clerk types them: 24.12., 24.12.2026, 24/12, 2412."""

from __future__ import annotations

import re
from datetime import date

TYPED = re.compile(r"^\s*(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]?\s*(\d{4}|\d{2})?\s*$", re.ASCII)
RUN_TOGETHER = re.compile(r"^\s*(\d{2})(\d{2})(\d{4}|\d{2})?\s*$", re.ASCII)


def typed_date(text: str, today: date) -> date | None:
    """Read a typed date; without a year it is the next one that comes.

    Args:
        text: as typed, the day first.
        today: local date.

    Returns:
        The date, or None when it is none.
    """
    match = TYPED.match(text) or RUN_TOGETHER.match(text)
    if match is None:
        return None
    day, month, year = match.groups()
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        this_year = date(today.year, int(month), int(day))
        return this_year if this_year >= today else date(today.year + 1, int(month), int(day))
    except ValueError:
        return None


def typed_birth_date(text: str, today: date) -> date | None:
    """Read a typed birth date, the day first; a year of two figures is the latest that has been.

    Args:
        text: as typed: 17.5.1980, 17-05-80, 170580.
        today: local date.

    Returns:
        The date, or None when it is none or has no year.
    """
    match = TYPED.match(text) or RUN_TOGETHER.match(text)
    if match is None or match[3] is None:
        return None
    day, month, year = map(int, match.groups())
    if len(match[3]) == 2:
        year += 2000 if (year, month, day) <= (today.year % 100, today.month, today.day) else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def as_typed(day: date | None) -> str:
    """Give a date as it would be typed, with its year: ``24.9.2026``."""
    return "" if day is None else f"{day.day}.{day.month}.{day.year}"
