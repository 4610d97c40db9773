"""Rules about borrowers, as pure functions of values."""

from __future__ import annotations

import re
from datetime import date

ADULT, CHILD, INSTITUTION = "voksen", "barn", "institution"
ADULT_FROM = 14  # fees too are a child's until then (R3)
# ISIL of a Danish public library: DK-, 7, municipality code, two digits of the branch (domain.md 9).
_ISIL = re.compile(r"(?:DK-)?7(\d{3})\d{2}")


def is_protected_on(protected: object, until: date | None, day: date) -> bool:
    """Tell whether name and address protection is in force: its last day is inclusive, after it the address shows."""
    return bool(protected) and (until is None or until >= day)


def is_absent_on(absent_from: date | None, absent_until: date | None, day: date) -> bool:
    """Tell whether a day lies in the absence period (P10): either end may be open, both are inclusive."""
    if absent_from is None and absent_until is None:
        return False
    return (absent_from is None or absent_from <= day) and (absent_until is None or day <= absent_until)


def has_digital_services(municipality: str, isil: str, municipalities: str) -> bool:
    """Tell whether a home municipality gives access to the library's digital services.

    Args:
        municipality: three digits; empty: not known, so no.
        isil: the library's own, which names its municipality.
        municipalities: those the library has set instead, parted by spaces; empty: its own alone.
    """
    covered = municipalities.split() or [own_municipality(isil)]
    return bool(municipality) and municipality in covered


def own_municipality(isil: str) -> str:
    """Give the municipality that a library's ISIL names, three digits; empty: it names none."""
    own = _ISIL.fullmatch(isil)
    return own[1] if own else ""


def proposed_group(age: int | None) -> str:
    """Give the code of the group that somebody of an age belongs to; without a birth date it is an institution (R1)."""
    if age is None:
        return INSTITUTION
    return CHILD if age < ADULT_FROM else ADULT


def stopped_by_pins(wrong_pins: int, state: str) -> bool:
    """Tell whether it was wrong PINs that stopped a card: a new PIN opens it again."""
    return state == "stopped" and wrong_pins > 0
