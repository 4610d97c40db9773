"""Borrowers as an import gives them: one row each, read from CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from desk.borrowers.commands import NOTE_LENGTH
from desk.borrowers.cpr import born_with
from desk.borrowers.details import POSTCODE
from desk.registry import cells
from desk.registry.csv_file import CsvFile, CsvRow
from desk.registry.report import Problem

REQUIRED = ("card", "name")
OPTIONAL = (
    "cpr",
    "birth_date",
    "co",
    "street",
    "postcode",
    "city",
    "phone",
    "mobile",
    "email",
    "group",
    "branch",
    "municipality",
    "language",
    "guardian_card",
    "internal_note",
    "note_to_borrower",
)
LANGUAGES = {"": "", "da": "da", "dk": "da", "dan": "da", "dansk": "da", "en": "en", "eng": "en", "engelsk": "en"}

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TELEPHONE = re.compile(r"\+?[0-9 ()/.-]{4,24}")
_MUNICIPALITY = re.compile(r"0?[0-9]{3}")


@dataclass(frozen=True, slots=True)
class BorrowerRow:
    """One borrower. Shows nobody.

    Attributes:
        record: the line it was read from.
        card: empty when the health card is the only one: its number is the CPR number, which is never a card's.
        group, branch: as the file says; looked up in the store. Empty: it does not say.
        mobile: takes SMS, ``phone`` does not.
        guardian_card: of the one who is financially responsible.
    """

    record: int
    card: str = field(repr=False)
    name: str = field(repr=False)
    cpr: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    care_of: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    group: str = ""
    branch: str = ""
    municipality: str = ""
    language: str = ""
    guardian_card: str = field(default="", repr=False)
    internal_note: str = field(default="", repr=False)
    note_to_borrower: str = field(default="", repr=False)


class BorrowerCsv:
    """A CSV file of borrowers."""

    def __init__(self, path: Path, today: date) -> None:
        """Read a file and its header.

        Args:
            path: the file.
            today: nobody in it is born after this day.

        Raises:
            ImportFailed: as :class:`~desk.registry.csv_file.CsvFile`.
        """
        self._file = CsvFile(path, required=REQUIRED, known=REQUIRED + OPTIONAL)
        self._today = today
        self.columns = self._file.columns
        self.remarks = self._file.remarks
        self.total = self._file.total
        self.records = 0

    def rows(self) -> Iterator[BorrowerRow | Problem]:
        """Give the borrowers in order, and a problem for each row that cannot be one."""
        for row in self._file.rows():
            self.records += 1
            yield row if isinstance(row, Problem) else borrower_row(row, self._today)


def borrower_row(row: CsvRow, today: date) -> BorrowerRow | Problem:
    """Read one row, or say what is wrong with it; what was wrong is named, never what stood there (T3)."""

    def short(column: str) -> str:
        return cells.text(row.cells.get(column, ""), longest=200)

    try:
        cpr = cells.cpr(row.cells.get("cpr", ""), today)
        name = short("name")
        if not name:
            raise cells.BadCell("name")
        birth_date = cells.day(row.cells.get("birth_date", ""), "birth_date")
        if cpr is not None:
            if birth_date is not None and birth_date != born_with(cpr):
                raise cells.BadCell("birth_date_not_of_cpr")
            birth_date = born_with(cpr)
        if birth_date is not None and not date(1850, 1, 1) <= birth_date <= today:
            raise cells.BadCell("birth_date")
        return BorrowerRow(
            record=row.line,
            card=_card(row.cells["card"], cpr),
            name=name,
            cpr=cpr,
            birth_date=birth_date,
            care_of=short("co"),
            street=short("street"),
            postcode=_fitting(short("postcode"), POSTCODE, "postcode"),
            city=short("city"),
            phone=_fitting(short("phone"), _TELEPHONE, "phone"),
            mobile=_fitting(short("mobile"), _TELEPHONE, "phone"),
            email=_fitting(short("email"), _EMAIL, "email"),
            group=short("group"),
            branch=short("branch"),
            municipality=_fitting(short("municipality"), _MUNICIPALITY, "municipality")[-3:],
            language=_language(short("language")),
            guardian_card=_guardian(row.cells.get("guardian_card", "")),
            internal_note=_note(row.cells.get("internal_note", "")),
            note_to_borrower=_note(row.cells.get("note_to_borrower", "")),
        )
    except cells.BadCell as bad:
        return Problem(row.line, bad.why)


def _card(cell: str, cpr: str | None) -> str:
    """Read a card's number. A health card has none of its own: its borrower is found by the CPR number."""
    if cpr is not None and cell.replace("-", "").strip() in {"", cpr}:
        return ""
    return cells.code(cell, "card")


def _fitting(value: str, shape: re.Pattern[str], why: str) -> str:
    if value and not shape.fullmatch(value):
        raise cells.BadCell(why)
    return value


def _language(value: str) -> str:
    try:
        return LANGUAGES[value.casefold()]
    except KeyError:
        raise cells.BadCell("language") from None


def _guardian(cell: str) -> str:
    return cells.code(cell, "guardian_card") if cell.strip() else ""


def _note(cell: str) -> str:
    try:
        return cells.text(cell, longest=NOTE_LENGTH)
    except cells.BadCell:
        raise cells.BadCell("note") from None
