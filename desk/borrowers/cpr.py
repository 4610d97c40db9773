"""The CPR number as the counter reads it (domain.md 1): checked by its date, never refused on modulus 11."""

from __future__ import annotations

import re
from datetime import date, timedelta

from desk.errors import InvalidInput

DAYS_OF_REPLACEMENT = 60
MASK = "••••"

_SHAPE = re.compile(r"[0-9]{10}")


def checked_cpr(typed: str, today: date) -> str:
    """Read a CPR number, or a replacement number (day + 60), as somebody typed or scanned it.

    Args:
        typed: with or without hyphen and blanks.
        today: local date; nobody is born after it.

    Returns:
        Ten digits.

    Raises:
        InvalidInput: ``cpr``: ``digits`` (not ten digits), ``date`` (no such date) or ``unborn``. The number itself is
            not in it.
    """
    digits = re.sub(r"[\s-]", "", typed)
    if not _SHAPE.fullmatch(digits):
        raise InvalidInput("cpr", "digits")
    born = born_with(digits)
    if born is None:
        raise InvalidInput("cpr", "date")
    # A day's grace: the register's day is the library's, whatever the zone of the clock.
    if born > today + timedelta(days=1):
        raise InvalidInput("cpr", "unborn")
    return digits


def is_cpr(typed: str, today: date) -> bool:
    """Tell whether a text can be somebody's CPR number, as :func:`checked_cpr` reads it."""
    try:
        checked_cpr(typed, today)
    except InvalidInput:
        return False
    return True


def born_with(cpr: str) -> date | None:
    """Give the birth date in ten digits (the seventh says the century), or None when there is no such date."""
    number, month, two_digits, seventh = int(cpr[:2]), int(cpr[2:4]), int(cpr[4:6]), int(cpr[6])
    if seventh <= 3 or (seventh in {4, 9} and two_digits >= 37):
        century = 1900
    elif seventh in {4, 9} or two_digits <= 57:
        century = 2000
    else:
        century = 1800
    try:
        return date(century + two_digits, month, number - DAYS_OF_REPLACEMENT if is_replacement(cpr) else number)
    except ValueError:
        return None


def is_replacement(cpr: str) -> bool:
    """Tell whether a number is a replacement number, which the CPR register does not know."""
    return int(cpr[:2]) > DAYS_OF_REPLACEMENT


def masked_cpr(cpr: str) -> str:
    """Give a CPR number as it is shown: ``010190-••••``."""
    return f"{cpr[:6]}-{MASK}"


def written_cpr(cpr: str) -> str:
    """Give a CPR number as it is written: ``010190-1234``."""
    return f"{cpr[:6]}-{cpr[6:]}"
