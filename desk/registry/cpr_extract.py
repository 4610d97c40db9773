"""An extract of the CPR register (U12170) as a file: one record a line, ISO-8859-1, blanks at the ends of lines cut.

A file is taken whole or not at all: the end record counts the others, and without it, or with another count, some of
what the register said is missing, and a person without a record would lose an address or a protection for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from desk.errors import ImportFailed
from desk.registry.cpr_records import END, ERROR, NOT_READ, OF_A_PERSON, START, CprRecord, day, registered_person
from desk.registry.files import content
from desk.registry.person_register import RegisteredPerson
from desk.registry.report import Problem

# Other programs mark a text as theirs with these; the register's own files begin with a figure.
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# The start record is sorted first by ten zeros.
BEGINNING = START + "0" * 10
# What old disks and tapes leave behind the last line.
PADDING = b"\x00\x1a"


class CprExtract:
    """An extract that is whole: a :class:`~desk.registry.person_register.PersonRegister`.

    Attributes:
        records: in the file, first and last included.
        remarks: on error records, and on types nobody knows.
    """

    def __init__(self, path: Path, today: date) -> None:
        """Read a file and make sure nothing of it is missing.

        Args:
            path: the file.
            today: nobody in it is born after this day.

        Raises:
            ImportFailed: as :func:`content`; ``empty``; ``not_iso_8859_1``; ``not_cpr``; ``several_extracts``;
                ``cut`` (no end record; the last line in ``detail``) or ``count`` (what the end record counts and what
                there is, in ``detail``).
        """
        self._today = today
        records = _records(_decoded(content(path), path))
        if not records:
            raise ImportFailed(str(path), "empty")
        if not records[0].text.startswith(BEGINNING):
            raise ImportFailed(str(path), "not_cpr")
        if any(record.kind == START for record in records[1:]) or any(record.kind == END for record in records[:-1]):
            raise ImportFailed(str(path), "several_extracts")
        if records[-1].kind != END:
            raise ImportFailed(str(path), "cut", str(records[-1].line))
        self.remarks = [remark for record in records[1:-1] for remark in _remarks(record)]
        self._must_be_whole(path, records)
        self.records = len(records)
        self._given_on = day(records[0]["PRODDTO"])
        self._persons: dict[str, list[CprRecord]] = {}
        for record in records:
            if record.kind in OF_A_PERSON:
                self._persons.setdefault(record.pnr, []).append(record)

    def _must_be_whole(self, path: Path, records: list[CprRecord]) -> None:
        """The end record counts all between the first and itself.

        Whether it counts error records could not be seen in a real file, so both are taken.
        """
        between = len(records) - 2
        errors = sum(record.kind == ERROR for record in records)
        counted = records[-1]["TAELLER"]
        if counted not in {f"{between:08}", f"{between - errors:08}"}:
            raise ImportFailed(str(path), "count", f"{int(counted) if _is_number(counted) else '?'} / {between}")

    def persons(self) -> Iterator[RegisteredPerson | Problem]:
        """Give the persons in the order in which the file first names them."""
        for records in self._persons.values():
            yield registered_person(records, self._today, self._given_on)


def _decoded(raw: bytes, path: Path) -> str:
    """Decode a file. Danish letters of ISO-8859-1 are never UTF-8, so a file that is has been through other hands."""
    raw = raw.rstrip(PADDING)
    is_utf_8 = not raw.isascii()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        is_utf_8 = False
    if is_utf_8 or raw.startswith(MARKS):
        raise ImportFailed(str(path), "not_iso_8859_1")
    return raw.decode("iso-8859-1")


def _records(text: str) -> list[CprRecord]:
    # Not splitlines(): in ISO-8859-1 it would also break lines at bytes that other character sets use for letters.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [CprRecord(number, line[:3], line) for number, line in enumerate(lines, start=1) if line.strip(" ")]


def _remarks(record: CprRecord) -> Iterator[Problem]:
    """Remark on an error record by the number of the error, for its text may repeat what was asked (T3)."""
    if record.kind == ERROR:
        number = record["FEJLNR"]
        yield Problem(record.line, "register_error", number if _is_number(number) else "?")
    elif record.kind not in OF_A_PERSON | NOT_READ:
        yield Problem(record.line, "record_type", record.kind if _is_number(record.kind) else "?")


def _is_number(figures: str) -> bool:
    return figures.isascii() and figures.isdigit()
