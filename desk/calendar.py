"""The calendar of a branch (R2): weekly hours, Danish public holidays, 5 June, 24 and 31 December, own dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SEARCH_DAYS = 366


def local_date(instant: datetime) -> date:
    """Give the date people in the library see at an instant.

    Raises:
        ValueError: for a naive instant.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    return instant.astimezone(COPENHAGEN).date()


def start_of_local_day(day: date) -> datetime:
    """Give the instant (UTC) at which a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=COPENHAGEN).astimezone(UTC)


@lru_cache(maxsize=64)
def closing_days(year: int) -> frozenset[date]:
    """Give the days of a year on which Danish public libraries are closed unless they say otherwise.

    The holidays package counts 5 June, 24 and 31 December as optional for Denmark, together with 1 May, on which
    libraries are open; so the three are named here.
    """
    from holidays.countries.denmark import Denmark  # noqa: PLC0415  (160 ms, only when a due date is first needed)

    return frozenset(Denmark(years=year)) | {date(year, 6, 5), date(year, 12, 24), date(year, 12, 31)}


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a branch is open.

    Attributes:
        weekdays: the weekdays with opening hours (Monday is 0).
        own_days: dates that differ: True open, False closed. They outrank holidays and weekly hours.
    """

    weekdays: frozenset[int]
    own_days: Mapping[date, bool]

    def is_open(self, day: date) -> bool:
        """Tell whether the branch is open on a day."""
        own = self.own_days.get(day)
        if own is not None:
            return own
        return day.weekday() in self.weekdays and day not in closing_days(day.year)

    def next_open(self, day: date) -> date | None:
        """Give the first open day from ``day`` on, or None within a year (the search is bounded)."""
        for ahead in range(SEARCH_DAYS):
            candidate = day + timedelta(days=ahead)
            if self.is_open(candidate):
                return candidate
        return None

    def last_open_before(self, day: date) -> date | None:
        """Give the last open day before ``day``, or None within a year (the search is bounded)."""
        for back in range(1, SEARCH_DAYS + 1):
            candidate = day - timedelta(days=back)
            if self.is_open(candidate):
                return candidate
        return None
