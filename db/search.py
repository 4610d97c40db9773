"""Search words (C11): folded so that accents and Danish spellings forgive, kept in a table of our own.

SQLite's and PostgreSQL's own full-text searches find nothing under three letters and forget less than they should; a
table of words with an index is the same on both engines, and goes with the borrower.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 64

# What decomposition does not take apart. aa = å, ae = æ, oe = ø: people spell them both ways.
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "œ": "oe", "ß": "ss", "ð": "d", "þ": "th", "đ": "d", "ł": "l", "ı": "i"}
)
_WORD = re.compile(r"[a-z0-9]+|[^\W_]+")


def folded(text: str) -> str:
    """Give a text as it is searched: small letters without accents, ``aa`` for ``å``.

    ``ä`` and ``ö`` are Swedish for ``æ`` and ``ø`` and fold alike; ``ü`` is an ordinary ``u``.
    """
    small = unicodedata.normalize("NFC", text).casefold().replace("ä", "æ").replace("ö", "ø").translate(_LETTERS)
    apart = unicodedata.normalize("NFD", small)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_in(text: str) -> list[str]:
    """Give the folded words of a text in order, each at most 64 characters long."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded(text))]


def distinct(words: Iterable[str]) -> list[str]:
    """Give words once each, in order."""
    return list(dict.fromkeys(words))
