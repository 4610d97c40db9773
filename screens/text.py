"""Text as cells of a terminal: measured, cut and padded, so that a column stays a column whatever data holds."""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len, set_cell_size

from desk.wording import plain

__all__ = ["ELLIPSIS", "cut", "pad", "paintable", "plain", "width_of", "wrap"]

ELLIPSIS = "…"

# Terminals disagree on how many cells these take, and one cell too many pushes the rest of its row askew: joiners,
# variation selectors and skin tones. What they modify is painted without them.
_UNSURE = dict.fromkeys([0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)])
# Three marks on a letter are more than any language writes; a tower of them is painted over the rows above.
_MARK = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_TOWER = re.compile(f"({_MARK}{{3}}){_MARK}+")


def paintable(value: object) -> str:
    """Give data as text that is safe to show and takes the same number of cells on every terminal.

    Args:
        value: anything with a ``str``; None gives the empty text.
    """
    text = plain(value)
    if text.isascii():
        return text
    return _TOWER.sub(r"\1", unicodedata.normalize("NFC", text).translate(_UNSURE))


def width_of(text: str) -> int:
    """Give the number of cells a paintable text takes."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int) -> str:
    """Cut a text that is too wide, with … as its last cell.

    Args:
        text: paintable text.
        width: cells there are.
    """
    if width_of(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + ELLIPSIS if width > 0 else ""


def pad(text: str, width: int) -> str:
    """Cut or fill a text so that it takes exactly ``width`` cells.

    Args:
        text: paintable text.
        width: cells there are.
    """
    short = cut(text, width)
    return short + " " * (width - width_of(short))


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines between words; a word that is too wide is broken where the line ends.

    Args:
        text: paintable text.
        width: cells a line has, at least 2 (a wide character takes two).
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line) > width:
            # A wide character that would stand half outside is left for the next line; its place is a blank.
            head = set_cell_size(line, width).rstrip(" ")
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line] if line else lines
