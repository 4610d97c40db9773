"""Pure rules of what can be decided: bounds, order, names. No database, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from desk.calendar import Calendar
from desk.errors import InvalidInput
from desk.set_up.records import Hours, LibraryValues, OwnDay, Tier
from desk.wording import plain

MOST_ORE = 10_000_000
MOST_DAYS = 3650
# Field → least and most, as the schema and sense have it.
BOUNDS: dict[str, tuple[int, int]] = {
    "loan_days": (1, MOST_DAYS),
    "renewals": (0, 99),
    "loan_limit": (1, 9999),
    "age_limit": (1, 99),
    "debt_limit_ore": (1, MOST_ORE),
    "child_until_age": (0, 99),
    "claim_from_day": (1, MOST_DAYS),
    "unknown_price_ore": (1, MOST_ORE),
    "handling_ore": (0, MOST_ORE),
    "shelf_days": (1, 366),
    "reservation_limit": (1, 9999),
    "interest_days": (1, MOST_DAYS),
    "reminder_days": (1, 60),
    "from_day": (1, MOST_DAYS),
    "adult_ore": (0, MOST_ORE),
    "child_ore": (0, MOST_ORE),
}
LONGEST_NAME = 40
LONGEST_ISIL = 16
LONGEST_REASON = 60
LONGEST_SPAN = 366
MOST_TIERS = 9


def within(field: str, value: int | None) -> None:
    """Make sure that a figure can be meant; None is none at all.

    Raises:
        InvalidInput: ``bounds``.
    """
    least, most = BOUNDS[field]
    if value is not None and not least <= value <= most:
        raise InvalidInput(field, "bounds")


def named(field: str, name: str, longest: int = LONGEST_NAME) -> str:
    """Give a name as it is kept.

    Raises:
        InvalidInput: ``missing`` or ``too_long``.
    """
    cleaned = " ".join(plain(name).split())
    if not cleaned:
        raise InvalidInput(field, "missing")
    if len(cleaned) > longest:
        raise InvalidInput(field, "too_long")
    return cleaned


def refuse_taken(field: str, name: str, others: Iterable[str]) -> None:
    """Make sure that a name is not another's, in whatever letters.

    Raises:
        InvalidInput: ``taken``.
    """
    if name.casefold() in {other.casefold() for other in others}:
        raise InvalidInput(field, "taken")


def code_for(name: str, taken: Iterable[str]) -> str:
    """Make the short word by which lists for import name a group, from its name; a number when it is taken."""
    folded = name.casefold().replace("å", "aa").replace("æ", "ae").replace("ø", "oe")
    stem = re.sub(r"[^a-z0-9]", "", folded)[:20] or "gruppe"
    there = set(taken)
    number = 1
    code = stem
    while code in there:
        number += 1
        code = f"{stem}{number}"
    return code


def check_library(values: LibraryValues) -> None:
    """Make sure that every amount and period can be meant.

    Raises:
        InvalidInput: ``bounds``, with the field's name.
    """
    for field in LibraryValues.__dataclass_fields__:
        within(field, getattr(values, field))


def check_tiers(tiers: tuple[Tier, ...]) -> None:
    """Make sure that tiers rise: another day each, and no amount that falls with the days (R3).

    Raises:
        InvalidInput: ``bounds``; ``twice``: two of one day; ``falls``; ``too_many``.
    """
    if len(tiers) > MOST_TIERS:
        raise InvalidInput("from_day", "too_many")
    for tier in tiers:
        for field in ("from_day", "adult_ore", "child_ore"):
            within(field, getattr(tier, field))
    for lower, higher in pairwise(tiers):
        if higher.from_day <= lower.from_day:
            raise InvalidInput("from_day", "twice")
        for field in ("adult_ore", "child_ore"):
            if getattr(higher, field) < getattr(lower, field):
                raise InvalidInput(field, "falls")


def check_hours(hours: tuple[Hours, ...]) -> None:
    """Make sure that a branch opens before it closes, once a weekday.

    Raises:
        InvalidInput: ``hours``: ``order`` or ``twice``.
    """
    for one in hours:
        if not (0 <= one.weekday <= 6 and 0 <= one.opens_minute < one.closes_minute <= 24 * 60):
            raise InvalidInput("hours", "order")
    if len({one.weekday for one in hours}) < len(hours):
        raise InvalidInput("hours", "twice")


def check_span(first: date, last: date, today: date) -> None:
    """Make sure that some days can be decided about: none that has passed, no more than a year.

    Raises:
        InvalidInput: ``last``: ``before_first`` or ``too_long``; ``first``: ``passed`` or ``too_far``.
    """
    if last < first:
        raise InvalidInput("last", "before_first")
    if first < today:
        raise InvalidInput("first", "passed")
    if (last - first).days >= LONGEST_SPAN:
        raise InvalidInput("last", "too_long")
    if (first - today).days > 5 * LONGEST_SPAN:
        raise InvalidInput("first", "too_far")


def with_days(own: Iterable[OwnDay], first: date, last: date, is_open: bool | None) -> dict[date, bool]:
    """Give the dates that differ from the week after a span has been decided about."""
    days = {one.day: one.is_open for one in own}
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        if is_open is None:
            days.pop(day, None)
        else:
            days[day] = is_open
    return days


def refuse_never_open(calendar: Calendar, today: date) -> None:
    """Make sure that some day of the coming year is open: else nothing could be lent (R2).

    Raises:
        InvalidInput: ``calendar``: ``no_open_day``.
    """
    if calendar.next_open(today) is None:
        raise InvalidInput("calendar", "no_open_day")
