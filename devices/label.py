"""A label: a code as bars (Code 128), with a few lines to read below it, as the bytes of an SVG or a PNG file.

Whoever imports this loads python-barcode and Pillow: import it where a label is drawn, not at the program's start.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from math import ceil
from typing import Any, Final

from barcode.codex import Code128
from barcode.writer import ImageWriter, SVGWriter, pt2mm

LONGEST_CODE: Final = 64
LONGEST_LINE: Final = 79  # the longest code in groups of four

_DPI: Final = 300
_MODULE: Final = 3 * 25.4 / _DPI  # the narrowest bar: 0.254 mm, three whole dots
_QUIET_MODULES: Final = 10  # what Code 128 asks for at either end
_FONT_POINTS: Final = 8
_LETTER: Final[float] = 0.602 * pt2mm(_FONT_POINTS)  # every letter of DejaVu Sans Mono is as wide, in mm
_LINE: Final = 3.6  # mm from one line to the next
# python-barcode cuts positions to whole dots, and 10 dots may come out of its arithmetic as 9.999.
_HAIR: Final = 0.0005


class NotEncodable(ValueError):
    """A text has no bars: it is empty, too long, or holds more than printable ASCII. It is not repeated here."""


class _WholeCode128(Code128):  # type: ignore[misc]  # python-barcode has no types
    """Code 128 that keeps a leading «99».

    python-barcode 0.16.1 takes that pair for a change of character set and leaves it out: 9912 would scan as 12.
    """

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        start: list[int] = encoded if encoded[1] == 99 else super()._try_to_optimize(encoded)
        return start


def label_svg(code: str, lines: Sequence[str] = ()) -> bytes:
    """Draw a label as an SVG file. It refers to nothing outside itself.

    Args:
        code: what a scanner shall read, 1 to 64 characters of printable ASCII.
        lines: what people shall read, at most three; whatever is in them, they come out as text.

    Raises:
        NotEncodable: the code has no bars.
    """
    writer = SVGWriter()
    writer.with_doctype = False  # it would name an address
    letter = pt2mm(_FONT_POINTS)
    drawn: bytes = _rendered(code, lines, writer, text_line_distance=_LINE - letter, margin_bottom=3)
    return drawn.replace(b"<svg ", b'<svg font-family="DejaVu Sans Mono, monospace" ', 1)


def label_png(code: str, lines: Sequence[str] = ()) -> bytes:
    """Draw a label as a PNG file of 300 dots an inch, in DejaVu Sans Mono, which comes with python-barcode.

    Args:
        code: as for :func:`label_svg`.
        lines: as for :func:`label_svg`; a character that the font lacks is a box.

    Raises:
        NotEncodable: the code has no bars.
    """
    writer = ImageWriter(mode="L", dpi=_DPI)
    half_letter = pt2mm(_FONT_POINTS) / 2
    image = _rendered(code, lines, writer, text_line_distance=_LINE - half_letter, margin_bottom=1)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(_DPI, _DPI))
    return file.getvalue()


def _rendered(code: str, lines: Sequence[str], writer: Any, **spacing: float) -> Any:
    """Let python-barcode draw. Its two writers count a line's height differently, hence the spacing of each."""
    if not 1 <= len(code) <= LONGEST_CODE or not (code.isascii() and code.isprintable()):
        raise NotEncodable
    shown = [line for line in map(_readable, lines) if line]
    options = {
        "module_width": _MODULE,
        "module_height": 12,
        "quiet_zone": _quiet_modules(code, shown) * _MODULE + _HAIR,
        "margin_top": 2,
        "font_size": _FONT_POINTS,
        "text_distance": _LINE,
    }
    return _WholeCode128(code, writer).render(options | spacing, text="\n".join(shown))


def _readable(line: str) -> str:
    """Keep of a line what can be seen: one line, no control characters, Å as one letter and not as A with a ring."""
    words = " ".join(unicodedata.normalize("NFC", line).split())
    return "".join(character for character in words if character.isprintable())[:LONGEST_LINE]


def _quiet_modules(code: str, shown: list[str]) -> int:
    """Count the empty modules at either end: as many as Code 128 needs, or as the widest line does."""
    bars = len(_WholeCode128(code).build()[0])
    widest = max(map(len, shown), default=0) * _LETTER / _MODULE
    return max(_QUIET_MODULES, ceil((widest - bars) / 2) + 4)
