"""Search words (C11, C15): folded so that accents and Danish spellings forgive, kept in a table of our own.

SQLite's and PostgreSQL's own full-text searches find nothing under three letters and forget less than they should; a
table of words with an index is the same on both engines, and goes with the borrower. What is typed is the beginning of
a word: a range of the index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

T = TypeVar("T")

LONGEST_WORD = 64
LONGEST_NAME = 200
# No text in UTF-8 has this byte in it: a range of words ends before it.
END = b"\xff"

# What decomposition does not take apart. aa = å, ae = æ, oe = ø: people spell them both ways.
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "œ": "oe", "ß": "ss", "ð": "d", "þ": "th", "đ": "d", "ł": "l", "ı": "i"}
)
_WORD = re.compile(r"[a-z0-9]+|[^\W_]+")
# Æ, ø and å stand last in the alphabet, in this order, and aa stands with å: the three characters after z.
_AFTER_Z = str.maketrans({"æ": "{", "ø": "|", "å": "}"})
# What people leave out or put in: O'Brien and OBrien, Anne-Marie and Annemarie, science-fiction.
_INSIDE_WORDS = re.compile(r"[-'’´`‐‑]")
_NO_LETTER = re.compile(r"[^\w{|}]+|_")


def folded(text: str) -> str:
    """Give a text as it is searched: small letters without accents, ``aa`` for ``å``.

    ``ä`` and ``ö`` are Swedish for ``æ`` and ``ø`` and fold alike; ``ü`` is an ordinary ``u``.
    """
    return _without_accents(_small(text).translate(_LETTERS))


def _small(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().replace("ä", "æ").replace("ö", "ø")


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def words_in(text: str) -> list[str]:
    """Give the folded words of a text in order, each at most 64 characters long."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded(text))]


def words_and_joined(text: str) -> list[str]:
    """Give the folded words of a text, and those with a hyphen or apostrophe also in one: «O'Brien» has «obrien»."""
    joined = _INSIDE_WORDS.sub("", text)
    return words_in(text) if joined == text else words_in(text) + words_in(joined)


def range_of(beginning: str) -> tuple[bytes, bytes]:
    """Give the ends of the range of words that begin so: from the first, to before the second."""
    first = beginning.encode("utf-8")
    return first, first + END


def distinct(values: Iterable[T]) -> list[T]:
    """Give values once each, in order."""
    return list(dict.fromkeys(values))


def place_in_lists(name: str, born: date | None) -> str:
    """Give what borrowers are listed by: the name as a Danish list has it, then the birth date, the unknown first.

    Args:
        name: as it is said.
        born: local date.
    """
    letters = _without_accents(_small(name).replace("aa", "å").translate(_AFTER_Z))
    words = " ".join(_NO_LETTER.sub(" ", letters).split())[:LONGEST_NAME]
    return f"{words}\0{born or ''}"
