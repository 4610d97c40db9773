"""The list out of a file and into one (M4): CSV as it comes from elsewhere (*Semantics*)."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.errors import FileNotWritten, InvalidInput
from desk.newsletter.commands import ImportSubscribers, SubscriberRow
from desk.newsletter.leaving import has_left
from desk.newsletter.rules import checked_email, checked_name
from desk.privacy.tombstones import own_list
from desk.private_files import private_folder, write_private
from desk.registry.cells import BadCell, day
from desk.registry.csv_file import CsvFile, CsvRow
from desk.registry.report import ImportReport, Problem, Progress
from desk.system_words import system_words

if TYPE_CHECKING:
    from desk.installation import Installation
    from desk.newsletter.records import SubscriberRecord

COLUMNS: Final = ("email", "first_name", "last_name", "consented_on")
REQUIRED: Final = ("email", "consented_on")
BATCH: Final = 200
PAUSE_SECONDS: Final = 0.005
FIRST_NEWSLETTERS: Final = date(1990, 1, 1)
"""Nobody consented to mail before that."""
FORMULA: Final = ("=", "+", "-", "@")
"""What a spreadsheet would take for a formula."""


async def import_file(
    installation: Installation, path: Path, at: datetime, new_id: Callable[[], str], progress: Progress
) -> ImportReport:
    """Put a file's subscribers on the list; whoever is on it already is not put there twice.

    Whoever has left since they consented stays off (P12), as far as the list of tombstones knows.

    Args:
        installation: the opened home.
        path: CSV with ``email``, ``consented_on`` and, as far as they are known, ``first_name`` and ``last_name``.
        at: the instant, aware UTC.
        new_id: draws command ids.
        progress: told how many rows are dealt with.

    Raises:
        ImportFailed: the file as a whole cannot be read.
        TombstonesError: nobody can know who has left.
        StoreError: the store did not take a batch; those before it are in, and a second run does the rest.
    """
    source = CsvFile(path, required=REQUIRED, known=COLUMNS)
    report = ImportReport()
    for remark in source.remarks:
        report.remark(remark)
    rows = _without_left(installation, _rows(source, report, local_date(at)), report, local_date(at))
    for some in (rows[start : start + BATCH] for start in range(0, len(rows), BATCH)):
        command = ImportSubscribers(command_id=new_id(), who=INSTALLATION, at=at, rows=tuple(some))
        report.count(await installation.desk.do(command))
        progress(report.read, report.records)
        await asyncio.sleep(PAUSE_SECONDS)
    return report


def _without_left(
    installation: Installation, rows: list[SubscriberRow], report: ImportReport, today: date
) -> list[SubscriberRow]:
    left = own_list(installation.home, installation.vault, today).left
    stay = []
    for row in rows:
        if has_left(left, installation.vault, row.email, row.consented_on):
            report.skip(Problem(row.record, "left_newsletter"))
        else:
            stay.append(row)
    return stay


def _rows(source: CsvFile, report: ImportReport, today: date) -> list[SubscriberRow]:
    """Read the rows; what cannot go in is told by its line, with nothing of what stood in it."""
    seen: set[str] = set()
    rows = []
    for row in source.rows():
        report.records += 1
        read = _read(row, today) if isinstance(row, CsvRow) else row
        if isinstance(read, Problem):
            report.skip(read)
        elif read.email in seen:
            report.skip(Problem(read.record, "email_twice"))
        else:
            seen.add(read.email)
            rows.append(read)
    return rows


def _read(row: CsvRow, today: date) -> SubscriberRow | Problem:
    try:
        email = checked_email(row.cells["email"])
        names = [checked_name(row.cells.get(name, "")) for name in ("first_name", "last_name")]
        consented_on = day(row.cells["consented_on"], "consent")
    except InvalidInput as error:
        why = {"number": "number_in_name", "too_long": "too_long"}.get(error.why, "email")
        return Problem(row.line, why)
    except BadCell as error:
        return Problem(row.line, error.why)
    if consented_on is None or not FIRST_NEWSLETTERS <= consented_on <= today:
        return Problem(row.line, "consent")
    return SubscriberRow(row.line, email, names[0], names[1], consented_on)


def write_list(path: Path, subscribers: Iterable[SubscriberRecord]) -> int:
    """Write the list as a file that only its owner can read, and that an import takes; gives how many are in it.

    Raises:
        FileNotWritten: it cannot be, or there is one already.
    """
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    count = 0
    for one in subscribers:
        cells = (one.email, one.first_name, one.last_name, one.consented_on.isoformat())
        rows.writerow([f" {cell}" if cell.startswith(FORMULA) else cell for cell in cells])
        count += 1
    try:
        private_folder(path.parent)
        write_private(path, written.getvalue().encode("utf-8-sig"), replace=False)
    except FileExistsError:
        raise FileNotWritten(str(path), "keys_taken") from None
    except OSError as error:
        raise FileNotWritten(str(path), "unwritable", system_words(error)) from None
    return count
