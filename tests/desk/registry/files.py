"""Files as they come from elsewhere, and an importer for them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pymarc import Field, Indicators, Record, Subfield

from desk.command import INSTALLATION, Who
from desk.registry.importing import Importer
from desk.registry.marc_record import ItemField
from desk.registry.report import ImportReport
from tests.builders import House, Ids
from tests.desk.registry.extracts import extract

ITEM_COLUMNS = "barcode;title;author;year;material_group;branch;shelf_mark;price;parts"
BORROWER_COLUMNS = (
    "card,cpr,name,birth_date,co,street,postcode,city,phone,mobile,email,group,branch,municipality,language,"
    "guardian_card,internal_note,note_to_borrower"
)


class Numbers:
    """Lånernumre in order instead of at random."""

    def __init__(self, first: int = 10_000_000) -> None:
        self._next = first

    def __call__(self, digits: int) -> str:
        self._next += 1
        return f"{self._next:0{digits}}"


class Desk:
    """A house and a folder: what is written into a file is imported at once."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.folder = folder
        self.told: list[tuple[int, int]] = []

    def importer(self, **more: Any) -> Importer:
        values: dict[str, Any] = {
            "desk": self.house.desk,
            "who": INSTALLATION,
            "at": self.house.clock(),
            "branch_id": self.house.branch,
            "new_id": Ids(f"import-{len(self.told)}"),
            "random_digits": Numbers(),
            "random_bytes": os.urandom,
            "progress": lambda done, total: self.told.append((done, total)),
        }
        return Importer(**(values | more))

    def file(self, content: str | bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    async def items(self, *rows: str, columns: str = ITEM_COLUMNS, who: Who = INSTALLATION) -> ImportReport:
        """Import lines of CSV below a header."""
        path = self.file("\n".join((columns, *rows)) + "\n", "items.csv")
        return await self.importer(who=who).items(path, ItemField())

    async def raw_items(self, content: bytes, name: str = "items.csv", **where: str) -> ImportReport:
        """Import a file's bytes."""
        return await self.importer().items(self.file(content, name), ItemField(**where))

    async def borrowers(self, *rows: str, columns: str = BORROWER_COLUMNS, **more: Any) -> ImportReport:
        """Import lines of CSV below a header."""
        path = self.file("\n".join((columns, *rows)) + "\n", "borrowers.csv")
        return await self.importer(**more).borrowers(path)

    async def extract(self, *lines: str, create: bool = False, **more: Any) -> ImportReport:
        """Import records of the CPR register between a start and an end record."""
        return await self.whole_extract(extract(*lines), create=create, **more)

    async def whole_extract(self, content: bytes, *, create: bool = False, **more: Any) -> ImportReport:
        """Import an extract's bytes."""
        return await self.importer(**more).cpr_extract(self.file(content, "cpr.txt"), create=create)


def skipped(report: ImportReport) -> list[tuple[int, str]]:
    """Give line and code of each row that did not go in."""
    return [(problem.record, problem.why) for problem in report.skipped]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Give read, added, updated, skipped."""
    return (report.read, report.added, report.updated, len(report.skipped))


def marc(
    title: str = "Kongens Fald",
    *barcodes: str,
    author: str = "Jensen, Johannes V.,",
    number: str = "",
    material: str = "standard",
    tag: str = "949",
    year: str = "c1901.",
    utf_8: bool = True,
) -> bytes:
    """Make a record with an item for each barcode."""
    # pymarc has no types here.
    record: Any = Record(leader="00000nam a2200000 a 4500", force_utf8=utf_8)
    if number:
        record.add_field(Field("001", data=number))
    record.add_field(Field("100", Indicators("1", " "), [Subfield("a", author)]))
    record.add_field(Field("245", Indicators("1", "0"), [Subfield("a", f"{title} /"), Subfield("c", "af en anden")]))
    record.add_field(Field("260", Indicators(" ", " "), [Subfield("c", year)]))
    for barcode in barcodes:
        subfields = [Subfield("i", barcode), Subfield("x", material)]
        record.add_field(Field(tag, Indicators(" ", " "), subfields))
    made: bytes = record.as_marc()
    return made
