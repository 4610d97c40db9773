"""What a text message can hold: GSM-7 and 160 septets, as pure functions (M1, danish.md).

One character that is not in GSM-7 turns the whole message into UCS-2 with room for 70; so what has a plain twin is
made plain, and what has none is refused.
"""

from __future__ import annotations

import re
from typing import Final

ROOM: Final = 160
"""Septets in one message."""

# GSM 03.38: the default alphabet, and the extension table, whose characters take an escape septet as well.
ALPHABET: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = frozenset("\f^{}\\[~]|€")
# Characters of good Danish typography that have a twin in GSM-7.
TWINS: Final = str.maketrans(
    {
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "»": '"',
        "«": '"',
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "\N{BULLET}": "-",
        "·": "-",
        "×": "x",
        "\t": " ",
    }
)
DANISH_DIGITS: Final = 8
_NUMBER = re.compile(r"\+?[0-9]{4,15}")


def made_plain(text: str) -> str:
    """Give a text with the plain twins of characters that GSM-7 lacks; what has no twin stays."""
    return text.translate(TWINS)


def septets(text: str) -> int:
    """Count the septets a text takes; characters of the extension table count two.

    Raises:
        ValueError: it holds a character that is not in GSM-7 (see :func:`foreign_to_gsm7`).
    """
    if foreign_to_gsm7(text):
        raise ValueError("not GSM-7")
    return len(text) + sum(character in EXTENSION for character in text)


def foreign_to_gsm7(text: str) -> str:
    """Give the characters of a text that GSM-7 lacks, each once, in their order; empty: there are none."""
    return "".join(dict.fromkeys(character for character in text if character not in ALPHABET | EXTENSION))


def international(number: str, country: str) -> str:
    """Give a telephone number as gateways want it: ``+4512345678``.

    Args:
        number: as it stands on the borrower; blanks and hyphens do not matter.
        country: the code of the country that eight figures belong to, without +.

    Raises:
        ValueError: it is no telephone number.
    """
    bare = re.sub(r"[\s().-]", "", number)
    if not _NUMBER.fullmatch(bare):
        raise ValueError("not a telephone number")
    if bare.startswith("+"):
        return bare
    if bare.startswith("00"):
        return f"+{bare[2:]}"
    if len(bare) == DANISH_DIGITS:
        return f"+{country}{bare}"
    return f"+{bare}"
