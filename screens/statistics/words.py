"""What the figures are called, and the periods they are shown for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from desk.statistics.records import By
from desk.texts import N_, NP_, pgettext
from desk.wording import MONTHS, weekday_date

WHAT: Final[Mapping[str, str]] = {
    "loan": NP_("statistics", "Loans"),
    "return": NP_("statistics", "Returns"),
    "renewal": NP_("statistics", "Renewals"),
}
# Rows that only link two of these are not told.
REMOVED: Final[Mapping[str, str]] = {
    "loan": NP_("retention", "loans"),
    "fee": NP_("retention", "fees"),
    "payment": NP_("retention", "payments"),
    "message": NP_("retention", "message contents"),
    "access_log": NP_("retention", "log lines"),
    "command_record": NP_("retention", "command ids"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A choice of days that ends today.

    Attributes:
        label: of its tab, marked.
        days: how many; 0: twelve months, this one and the eleven before.
        by: what its first bars stand for; None: it is one day, of which there is one figure.
    """

    label: str
    days: int
    by: By | None

    def first_day(self, today: date) -> date:
        """Give its first day."""
        if self.days:
            return today - timedelta(days=self.days - 1)
        return date(today.year - 1, today.month + 1, 1) if today.month < 12 else date(today.year, 1, 1)

    def keys(self, today: date) -> tuple[str, ...]:
        """Give the keys of its first bars, also those on which nothing happened, the oldest first."""
        days = (today - self.first_day(today)).days + 1
        dates = [self.first_day(today) + timedelta(days=number) for number in range(days)]
        if self.by is By.MONTH:
            return tuple(dict.fromkeys(day.isoformat()[:7] for day in dates))
        return tuple(day.isoformat() for day in dates) if self.by is By.DAY else ()


# In the order of the tabs.
PERIODS: Final = (
    Period(N_("Today"), 1, None),
    Period(N_("7 days"), 7, By.DAY),
    Period(N_("30 days"), 30, By.DAY),
    Period(N_("12 months"), 0, By.MONTH),
)


def key_words(by: By, key: str, today: date) -> str:
    """Say which day, month or hour a bar stands for."""
    match by:
        case By.MONTH:
            year, month = key.split("-")
            return f"{pgettext('month', MONTHS[int(month) - 1])} {year}"
        case By.HOUR:
            return pgettext("hour of the day", "{hour}–{next}").format(hour=key, next=f"{(int(key) + 1) % 24:02}")
        case _:
            return weekday_date(date.fromisoformat(key), today)
