"""The CPR number out of a Danish health card, from its barcode or its magnetic stripe.

The stripe arrives as 116 typed characters with name, address, municipality and doctor. Only the CPR number is
taken; nobody keeps the rest.
"""

from __future__ import annotations

import re

# Card type 9, Denmark 208, area of use, issuer, CPR, then group, doctor, region, municipality and start date.
# Told by its 37 digits alone: a keyboard of another layout types other signs for the sentinels, never other digits.
_TRACK_2 = re.compile(r"9208[0-9]{4}([0-9]{10})[0-9]{19}(?![0-9])")
_BARCODE = re.compile(r"([0-9]{6})-?([0-9]{4})")

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REPLACEMENT = 60  # added to the day in a replacement number


def cpr_in_stripe(text: str) -> str | None:
    """Give the CPR number that a health card's barcode or stripe carries.

    Modulus 11 is not asked: valid numbers fail it. A ten-digit item number can look the same; look-up tells (C1).

    Args:
        text: what the scanner or the stripe reader typed, sentinels mangled or not.

    Returns:
        Ten digits, or None when there is no CPR number in it.
    """
    found = _TRACK_2.search(text)
    if found:
        digits = found[1]
    else:
        barcode = _BARCODE.fullmatch(text.strip())
        if barcode is None:
            return None
        digits = barcode[1] + barcode[2]
    day, month = int(digits[:2]), int(digits[2:4])
    if not 1 <= month <= len(_DAYS_IN_MONTH):
        return None
    day -= _REPLACEMENT if day > _REPLACEMENT else 0
    return digits if 1 <= day <= _DAYS_IN_MONTH[month - 1] else None


def without_stripe(code: str) -> str:
    """Give a code as it may be kept: a health card's stripe becomes its CPR number, all else stays as it is."""
    return cpr_in_stripe(code) or code if _TRACK_2.search(code) else code
