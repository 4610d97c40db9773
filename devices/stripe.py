"""The CPR number of a Danish health card, and nothing else of it (V1).

The magnetic stripe says name, address, doctor and more; a keyboard-wedge reader types all of it. Only the ten digits
are taken out, so that the rest is nowhere kept, and :func:`is_stripe` knows a stripe that came damaged, so that it is
not kept either.
"""

from __future__ import annotations

import re

# Track 2, 37 digits: type 9, country 208, area and issuer (4), CPR (10), then group, doctor, region, municipality and
# date (19). A reader that believes in another keyboard layout sends other sentinels or none, but the digits stand. They
# end the track; before them municipality and postcode of track 1 may stand without a gap, hence no boundary there.
_TRACK_2 = re.compile(r"9208[0-9]{4}([0-9]{10})[0-9]{19}(?![0-9])")
# As much of it as no code of a library has: a card's number has 16 characters at most, an item's barcode 13 digits.
_PART_OF_TRACK_2 = re.compile(r"9208[0-9]{13}")
# Name and address of track 1 are padded with blanks to 34 characters each; no code is longer than 64.
_PADDING = " " * 3
_LONGEST_CODE = 64
_BARCODE = re.compile(r"([0-9]{6})-?([0-9]{4})")


class StripeError(ValueError):
    """A stripe holds no CPR number. Nothing of what it holds is repeated.

    Attributes:
        field: what is wrong: ``track 2``, or ``cpr`` in it.
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


def cpr_in_stripe(text: str) -> str | None:
    """Take the CPR number out of what a health card sent (C1).

    Modulus 11 is not asked for: numbers without it are in use.

    Args:
        text: the stripe's one or two tracks, 116 characters when whole, or the barcode: ten digits, a hyphen after
            the sixth allowed.

    Returns:
        Ten digits; None: this is no health card. Ten digits may be an item's number too: only a look-up tells.
    """
    barcode = _BARCODE.fullmatch(text.strip())
    if barcode is not None:
        digits = barcode[1] + barcode[2]
        return digits if _begins_with_a_date(digits) else None
    try:
        return read_stripe(text)
    except StripeError:
        return None


def read_stripe(text: str) -> str:
    """Take the CPR number out of a stripe.

    Args:
        text: one or two tracks, as the reader typed them in whatever layout.

    Returns:
        Ten digits.

    Raises:
        StripeError: naming what is wrong.
    """
    track = _TRACK_2.search(text)
    if track is None:
        is_cut = _PART_OF_TRACK_2.search(text) is not None
        raise StripeError("track 2", "not 37 digits" if is_cut else "not there")
    if not _begins_with_a_date(track[1]):
        raise StripeError("cpr", "no date")
    return track[1]


def is_stripe(text: str) -> bool:
    """Tell whether this is a health card's stripe, be it damaged: then it is somebody's name and address."""
    return _PART_OF_TRACK_2.search(text) is not None or (len(text) > _LONGEST_CODE and _PADDING in text)


def _begins_with_a_date(cpr: str) -> bool:
    day, month = int(cpr[:2]), int(cpr[2:4])
    # Day 61 to 91: a replacement number, for people without a CPR number.
    return (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12
