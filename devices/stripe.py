"""The CPR number of a Danish health card, and nothing else of it (V1).

The magnetic stripe says name, address, doctor and more; a keyboard-wedge reader types all of it. Only the ten digits
are taken out, so that the rest is nowhere kept.
"""

from __future__ import annotations

import re

# Track 2, 37 digits: type 9, country 208, area and issuer (4), CPR (10), then group, doctor, region, municipality and
# date (19). A reader that believes in another keyboard layout sends other sentinels or none, but the digits stand. They
# end the track; before them municipality and postcode of track 1 may stand without a gap, hence no boundary there.
_TRACK_2 = re.compile(r"9208[0-9]{4}([0-9]{10})[0-9]{19}(?![0-9])")
_BARCODE = re.compile(r"([0-9]{6})-?([0-9]{4})")


def cpr_in_stripe(text: str) -> str | None:
    """Take the CPR number out of what a health card sent (C1).

    Modulus 11 is not asked for: numbers without it are in use.

    Args:
        text: the stripe's one or two tracks, 116 characters when whole, or the barcode: ten digits, a hyphen after
            the sixth allowed.

    Returns:
        Ten digits; None: this is no health card. Ten digits may be an item's number too: only a look-up tells.
    """
    if track := _TRACK_2.search(text):
        return track[1]
    barcode = _BARCODE.fullmatch(text.strip())
    if barcode is None:
        return None
    digits = barcode[1] + barcode[2]
    day, month = int(digits[:2]), int(digits[2:4])
    # Day 61 to 91: a replacement number, for people without a CPR number.
    return digits if (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12 else None
