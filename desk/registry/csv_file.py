"""CSV as it comes from elsewhere: UTF-8 or ISO-8859-1, ``;`` or ``,``, and broken in places (*Semantics*).

A row that cannot be read is told by its line and costs no other row: not a quotation mark that is never closed, not a
byte that is no letter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desk.errors import ImportFailed
from desk.registry.files import content
from desk.registry.report import Problem
from desk.wording import plain

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# A cell in quotes may run over so many lines; beyond that the quotation mark was a slip.
LINES_IN_A_ROW = 20
LONGEST_ROW = 100_000
LONGEST_NAME = 40
# Bytes that are control characters in ISO-8859-1: a text that has them is written in something else.
_CONTROLS = re.compile("[\x80-\x9f]")
_BROKEN = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: its line in the file, and its cells by column. Shows none of them."""

    line: int
    cells: Mapping[str, str] = field(repr=False)


class CsvFile:
    """A CSV file with a header row.

    Attributes:
        columns: those of the file that are known.
        remarks: on columns that are not.
        total: lines, for a progress bar.
    """

    def __init__(self, path: Path, *, required: tuple[str, ...], known: tuple[str, ...]) -> None:
        """Read a file and its header.

        Args:
            path: the file.
            required: columns without which nothing can be imported.
            known: all columns that mean something.

        Raises:
            ImportFailed: as :func:`content`; ``encoding`` (UTF-16), ``empty``, ``columns`` (required ones that are
                missing, in ``detail``) or ``column_twice``.
        """
        self._lines = _decoded(content(path), path).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.total = len(self._lines)
        header = next((number for number, line in enumerate(self._lines) if line.strip()), None)
        if header is None:
            raise ImportFailed(str(path), "empty")
        self._first = header + 1
        self._delimiter = ";" if self._lines[header].count(";") >= self._lines[header].count(",") else ","
        names = [cell.strip().casefold() for cell in self._split(self._lines[header])]
        missing = [name for name in required if name not in names]
        if missing:
            raise ImportFailed(str(path), "columns", ", ".join(missing))
        twice = [name for name in known if names.count(name) > 1]
        if twice:
            raise ImportFailed(str(path), "column_twice", ", ".join(twice))
        self._names = names
        self.columns = frozenset(names) & frozenset(known)
        self.remarks = [
            Problem(header + 1, "column", plain(name)[:LONGEST_NAME])
            for name in names
            if name and name not in self.columns
        ]

    def _split(self, text: str) -> list[str]:
        try:
            return next(csv.reader([text], delimiter=self._delimiter), [])
        except csv.Error:
            return text.split(self._delimiter)

    def rows(self) -> Iterator[CsvRow | Problem]:
        """Give the rows in order, and a problem for each that cannot be read; empty lines are left out."""
        number = self._first
        while number < len(self._lines):
            if not self._lines[number].strip(" \t;,"):
                number += 1
                continue
            cells, taken = self._row(number)
            yield self._checked(number + 1, cells)
            number += taken

    def _row(self, first: int) -> tuple[list[str] | None, int]:
        """Read the row that begins on a line; gives its cells (None: it cannot be read) and how many lines it took."""
        text = self._lines[first]
        for taken in range(1, LINES_IN_A_ROW + 1):
            try:
                return next(csv.reader([text], delimiter=self._delimiter, strict=True)), taken
            except csv.Error as error:
                more = first + taken
                if "end of data" not in str(error) or more >= len(self._lines) or len(text) > LONGEST_ROW:
                    break
                text = f"{text}\n{self._lines[more]}"
        return None, 1

    def _checked(self, line: int, cells: list[str] | None) -> CsvRow | Problem:
        if cells is None:
            return Problem(line, "quotes")
        # Spreadsheets leave empty cells behind the last column.
        while len(cells) > len(self._names) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(self._names):
            return Problem(line, "cells")
        if any(_BROKEN.search(cell) for cell in cells):
            return Problem(line, "encoding")
        named = zip(self._names, cells, strict=True)
        return CsvRow(line, {name: cell for name, cell in named if name in self.columns})


def _decoded(raw: bytes, path: Path) -> str:
    """Decode a file; a byte that is no letter becomes a lone surrogate, by which its row is known."""
    if raw.startswith(UTF_16):
        raise ImportFailed(str(path), "encoding")
    if raw.startswith(BOM):
        return raw[len(BOM) :].decode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        if _has_utf_8(raw):
            return raw.decode("utf-8", "surrogateescape")
        return _CONTROLS.sub(lambda found: chr(0xDC00 + ord(found[0])), raw.decode("iso-8859-1"))


def _has_utf_8(raw: bytes) -> bool:
    """Tell whether any line beyond ASCII is UTF-8: then the file is, and those that are not are broken."""
    for line in raw.splitlines():
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return True
    return False
