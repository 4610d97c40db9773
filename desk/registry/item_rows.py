"""Items as an import gives them: one row each, read from CSV or MARC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desk.registry import cells
from desk.registry.csv_file import CsvFile, CsvRow
from desk.registry.report import Problem

REQUIRED = ("barcode", "title")
OPTIONAL = ("author", "year", "material_group", "branch", "shelf_mark", "price", "parts")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item.

    Attributes:
        record: the line or record it was read from.
        source_key: by which its title is found again.
        material_group, branch: as the file says; looked up in the store. Empty: it does not say.
    """

    record: int
    barcode: str
    title: str
    source_key: str
    author: str = ""
    year: int | None = None
    material_group: str = ""
    branch: str = ""
    shelf_mark: str = ""
    price_ore: int | None = None
    parts: int = 1


class ItemCsv:
    """A CSV file of items."""

    def __init__(self, path: Path) -> None:
        """Read a file and its header.

        Raises:
            ImportFailed: as :class:`~desk.registry.csv_file.CsvFile`.
        """
        self._file = CsvFile(path, required=REQUIRED, known=REQUIRED + OPTIONAL)
        self.columns = self._file.columns
        self.remarks = self._file.remarks
        self.total = self._file.total
        self.records = 0

    def rows(self) -> Iterator[ItemRow | Problem]:
        """Give the items in order, and a problem for each row that cannot be one."""
        for row in self._file.rows():
            self.records += 1
            yield row if isinstance(row, Problem) else item_row(row)


def item_row(row: CsvRow) -> ItemRow | Problem:
    """Read one row, or say what is wrong with it."""
    cell = row.cells
    try:
        title, author = cells.text(cell["title"]), cells.text(cell.get("author", ""))
        barcode = cells.code(cell["barcode"], "barcode")
        if not title:
            raise cells.BadCell("title")
        return ItemRow(
            record=row.line,
            barcode=barcode,
            title=title,
            source_key=cells.title_key(title, author),
            author=author,
            year=cells.year(cell.get("year", "")),
            material_group=cells.text(cell.get("material_group", ""), longest=100),
            branch=cells.text(cell.get("branch", ""), longest=100),
            shelf_mark=cells.text(cell.get("shelf_mark", ""), longest=100),
            price_ore=cells.ore(cell.get("price", "")),
            parts=cells.parts(cell.get("parts", "")),
        )
    except cells.BadCell as bad:
        return Problem(row.line, bad.why)
