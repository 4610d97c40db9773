"""When what a message said goes: after 30 days; that it was sent stays, with its times unchanged (P6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from desk.calendar import local_date

CONTENT_DAYS: Final = 30


def content_goes_on(at: datetime) -> date:
    """Give the local date on which the content of a message goes.

    Args:
        at: when it was sent, or queued if it never was; aware UTC.
    """
    return local_date(at) + timedelta(days=CONTENT_DAYS)
