"""What stands in one cell of an import: read into a value, or refused with a short code."""

from __future__ import annotations

import re
from datetime import date

from desk.borrowers.cpr import checked_cpr
from desk.counter.codes import clean_code, problem_with
from desk.errors import InvalidInput
from desk.wording import plain

LONGEST_TEXT = 2_000
HIGHEST_ORE = 100_000_000
MOST_PARTS = 999

_PRICE = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d{1,2}))?|(\d+)\.(\d{1,2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DANISH = re.compile(r"(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})")
_YEAR = re.compile(r"(?<!\d)(1[0-9]|20)\d{2}(?!\d)")


class BadCell(ValueError):
    """A cell that cannot be meant; ``why`` is the code of the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def text(cell: str, *, longest: int = LONGEST_TEXT) -> str:
    """Give a cell as text that can do nothing but be read, without blanks around it.

    Raises:
        BadCell: it is too long.
    """
    cleaned = plain(cell).strip()
    if len(cleaned) > longest:
        raise BadCell("too_long")
    return cleaned


def code(cell: str, why: str) -> str:
    """Read a card number or a barcode.

    Raises:
        BadCell: with ``why``: it is empty, longer than 64 characters, or holds control characters.
    """
    cleaned = clean_code(cell)
    if problem_with(cleaned):
        raise BadCell(why)
    return cleaned


def ore(cell: str) -> int | None:
    """Read an amount of kroner (``249,95``, ``1.249,95``, ``249.95``, ``249 kr.``) as øre; None: unknown.

    Raises:
        BadCell: ``price``.
    """
    figures = cell.strip().lower().removeprefix("kr.").removesuffix("kr.").removesuffix("kr").strip()
    if not figures:
        return None
    read = _PRICE.fullmatch(figures.replace("\N{NO-BREAK SPACE}", " "))
    if read is None or not figures.isascii():
        raise BadCell("price")
    kroner, danish, english_kroner, english = read.groups()
    whole = re.sub(r"\D", "", kroner or english_kroner)
    cents = (danish or english or "").ljust(2, "0")
    amount = int(whole) * 100 + int(cents)
    if amount > HIGHEST_ORE:
        raise BadCell("price")
    return amount


def day(cell: str, why: str) -> date | None:
    """Read a date: ``1980-05-17``, ``17.5.1980`` or ``17-05-1980``; None when there is none.

    Raises:
        BadCell: with ``why``.
    """
    figures = cell.strip()
    if not figures:
        return None
    iso, danish = _ISO.fullmatch(figures), _DANISH.fullmatch(figures)
    try:
        if iso and figures.isascii():
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if danish and figures.isascii():
            return date(int(danish[3]), int(danish[2]), int(danish[1]))
    except ValueError:
        pass
    raise BadCell(why)


def year(cell: str) -> int | None:
    """Find a year of publication (1000–2099) in a cell, such as ``c1998`` or ``[1998?]``; None when there is none."""
    found = _YEAR.search(cell)
    return int(found[0]) if found and found[0].isascii() else None


def parts(cell: str) -> int:
    """Read the number of parts; an empty cell is one part.

    Raises:
        BadCell: ``parts``.
    """
    figures = cell.strip()
    if not figures:
        return 1
    if not (figures.isascii() and figures.isdigit()) or not 1 <= int(figures[:9]) <= MOST_PARTS:
        raise BadCell("parts")
    return int(figures)


def cpr(cell: str, today: date) -> str | None:
    """Read a CPR number or a replacement number (day + 60): ten digits, a real date, not born after today.

    Modulus 11 is not looked at: valid numbers without it have been given out since 2007.

    Raises:
        BadCell: ``cpr``.
    """
    if not cell.strip():
        return None
    try:
        return checked_cpr(cell, today)
    except InvalidInput:
        raise BadCell("cpr") from None


def title_key(title: str, author: str) -> str:
    """Give the key under which a title without an identifier of its own is found again."""
    return f"title:{_folded(title)}|{_folded(author)}"


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())
