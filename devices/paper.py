"""What a receipt printer prints, as values: lines and bars, laid out once for the paper and for the screen alike (V1).

A document knows nothing of paper. :func:`laid_out` breaks it into rows of one paper's width, in characters that its
code page has; the bytes for the printer and the preview are both made of those rows.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Style: TypeAlias = Literal["plain", "bold", "big"]
CODE_PAGES: Final = ("cp865", "cp858", "cp850", "cp1252")
"""Each has all of æ, ø and å; the names are Python's as well as python-escpos's."""
CHARACTER_DOTS: Final = 12
"""Of the usual font: paper of 58 mm has 32 characters to a line, that of 80 mm has 42 or 48."""
RULE: Final = "-"

# What typesetters write, and letters that fall into no letter and mark.
_PLAINER: Final = str.maketrans(
    {
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "…": "...", "→": "->", "←": "<-", "×": "x", "·": "-",
        "•": "*", "»": '"', "«": '"', "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "‚": "'", "€": "EUR",
        "ß": "ss", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th",
        "Þ": "Th", "ı": "i",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; what is too long for the paper goes on below.

    Attributes:
        text: whatever it holds, it comes out as text: a printer takes orders from control characters.
        style: «big» is twice as wide and twice as high.
        centred: or else at the left.
        right: what stands at the right edge, on the same line where there is room.
    """

    text: str = field(default="", repr=False)
    style: Style = "plain"
    centred: bool = False
    right: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A code as bars (Code 128), with the code to read below; one that has no bars, or is too wide, as text alone."""

    code: str = field(repr=False)


Document: TypeAlias = tuple[Line | Rule | Bars, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is printed: at most as many characters as fit, all of them in the code page."""

    text: str = field(repr=False)
    style: Style = "plain"
    centred: bool = False


@dataclass(frozen=True, slots=True)
class BarsRow:
    """Bars as they are printed. ``module`` is the narrowest bar in dots."""

    code: str = field(repr=False)
    module: int


Rows: TypeAlias = tuple[Row | BarsRow, ...]


def written(text: str, code_page: str) -> str:
    """Write a text in the characters of a code page. What it lacks becomes the nearest that can be read.

    Args:
        text: anything; control characters go, no-break spaces become spaces.
        code_page: one of :data:`CODE_PAGES`.
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(_written(character, code_page) for character in words if character.isprintable())


def _written(character: str, code_page: str) -> str:
    if _has(code_page, character):
        return character
    plainer = character.translate(_PLAINER)
    if plainer == character:
        # The letter without its marks: č is c.
        plainer = "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))
    return "".join(one if _has(code_page, one) else "?" for one in plainer)


def _has(code_page: str, character: str) -> bool:
    try:
        # One quotation mark without its other half (cp865) is none.
        ("»«" if character in "»«" else character).encode(code_page)
    except UnicodeEncodeError:
        return False
    return True


def laid_out(document: Document, width: int, code_page: str) -> Rows:
    """Break a document into rows.

    Args:
        document: what is said.
        width: characters to a line.
        code_page: one of :data:`CODE_PAGES`.
    """
    return tuple(row for part in document for row in _rows(part, width, code_page))


def _rows(part: Line | Rule | Bars, width: int, code_page: str) -> Iterator[Row | BarsRow]:
    match part:
        case Rule():
            yield Row(RULE * width)
        case Bars(code=code):
            module = module_for(code, width)
            if module:
                yield BarsRow(code, module)
            yield from _texts(Line(code, centred=True), width, code_page)
        case Line():
            yield from _texts(part, width, code_page)


def _texts(line: Line, width: int, code_page: str) -> Iterator[Row]:
    text, right = written(line.text, code_page), written(line.right, code_page)
    room = width // 2 if line.style == "big" else width
    if right and len(text) + 1 + len(right) <= room:
        yield Row(f"{text}{right:>{room - len(text)}}", line.style)
        return
    for wrapped in textwrap.wrap(text, room) or ([] if right else [""]):
        yield Row(wrapped, line.style, line.centred)
    for wrapped in textwrap.wrap(right, room):
        yield Row(f"{wrapped:>{room}}", line.style)


def module_for(code: str, width: int) -> int:
    """Give the narrowest bar of a code in dots, as wide as the paper has room for; 0: it has no bars, or no room."""
    if not code or not (code.isascii() and code.isprintable()):
        return 0
    # Start, check and stop (13), and an empty edge of ten at either side.
    modules = 11 * (len(list(symbols(code))) + 1) + 13 + 20
    return next((module for module in (3, 2) if modules * module <= CHARACTER_DOTS * width), 0)


def symbols(code: str) -> Iterator[tuple[Literal["B", "C"], bytes]]:
    """Give the symbols of a code: pairs of figures in set C where all of it is figures, else characters in set B.

    A code with an odd number of figures ends with one in set B; the change of set is a symbol as well, and comes
    with no bytes.
    """
    figures = len(code) - len(code) % 2 if code.isdigit() and len(code) > 1 else 0
    for start in range(0, figures, 2):
        yield "C", bytes([int(code[start : start + 2])])
    if figures and figures < len(code):
        yield "B", b""
    for character in code[figures:]:
        yield "B", character.encode("ascii")


def preview(rows: Iterable[Row | BarsRow], width: int) -> str:
    """Show rows as text, for the screen and for whoever reviews a print: bars are a row of strokes."""
    return "\n".join(_shown(row, width).rstrip() for row in rows)


def _shown(row: Row | BarsRow, width: int) -> str:
    if isinstance(row, BarsRow):
        return ("|" * min(len(row.code) * 2 + 4, width)).center(width)
    # What is twice as wide takes twice the room here too.
    text = " ".join(row.text) if row.style == "big" else row.text
    return text.center(width) if row.centred else text
