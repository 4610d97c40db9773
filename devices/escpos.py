"""Rows → the bytes an ESC/POS printer takes, through python-escpos.

The library is loaded when something is printed, and its temporary files go at once: at every import it leaves a folder
with a pickle in the system's own. Bars are written here: for each of them it would print a line on standard output,
which is the screen.
"""

from __future__ import annotations

import tempfile
from functools import lru_cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any, Final

from devices.paper import BarsRow, Row, Rows, symbols

BAR_DOTS: Final = 80  # 10 mm high at 203 dots an inch
_GS: Final = b"\x1d"
_CODE_128: Final = 73
_loading = Lock()


def escpos_bytes(rows: Rows, code_page: str) -> bytes:
    """Give rows as a printer takes them: reset, code page, rows, cut.

    Args:
        rows: as :func:`devices.paper.laid_out` made them for this code page.
        code_page: one of :data:`devices.paper.CODE_PAGES`.
    """
    paper = library().Dummy()
    paper.hw("INIT")
    paper.charcode(code_page.upper())
    look: tuple[Any, ...] = ()
    for row in rows:
        centred, style = (True, "plain") if isinstance(row, BarsRow) else (row.centred, row.style)
        if look != (centred, style):
            look = (centred, style)
            _set(paper, centred=centred, style=style)
        if isinstance(row, Row):
            paper.text(f"{row.text}\n")
        else:
            paper._raw(_bars(row))
    paper.cut()
    content: bytes = paper.output
    return content


def _set(paper: Any, *, centred: bool, style: str) -> None:
    big = style == "big"
    paper.set(
        align="center" if centred else "left",
        bold=style == "bold",
        normal_textsize=not big,
        double_width=big,
        double_height=big,
    )


def _bars(row: BarsRow) -> bytes:
    """Give bars: height, narrowest bar, no text of the printer's own, then Code 128 (GS k, function B)."""
    data, last = bytearray(), ""
    for kind, symbol in symbols(row.code):
        if kind != last:
            data += b"{" + kind.encode("ascii")
            last = kind
        # A brace opens an order within the bars, unless it is doubled.
        data += b"{{" if kind == "B" and symbol == b"{" else symbol
    head = _GS + b"h" + bytes([BAR_DOTS]) + _GS + b"w" + bytes([row.module]) + _GS + b"H\x00"
    return head + _GS + b"k" + bytes([_CODE_128, len(data)]) + bytes(data) + b"\n"


def library() -> ModuleType:
    """Load python-escpos's printers; the first time takes a quarter of a second."""
    with _loading:
        return _library()


@lru_cache(maxsize=1)
def _library() -> ModuleType:
    with tempfile.TemporaryDirectory() as passing:
        before, tempfile.tempdir = tempfile.tempdir, passing
        try:
            return import_module("escpos.printer")
        finally:
            tempfile.tempdir = before
