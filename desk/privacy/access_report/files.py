"""A record as files: readable by their owner alone, never over one that is there, and at the counter not for long."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desk.calendar import local_date
from desk.errors import FileNotWritten
from desk.privacy.access_report.as_json import report_json
from desk.privacy.access_report.as_pdf import report_pdf
from desk.privacy.access_report.records import AccessReport
from desk.private_files import private_folder, write_private

FOLDER = "exports"
KEPT_DAYS = 7
MOST_A_DAY = 100

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})")


def prepared_folder(folder: Path) -> None:
    """Make the folder, before anything is gathered for it.

    Raises:
        FileNotWritten: it cannot be made, or something else has its name.
    """
    try:
        private_folder(folder)
    except (OSError, ValueError) as error:
        raise _unwritten(folder, error) from None


def write_report(report: AccessReport, folder: Path) -> tuple[Path, Path]:
    """Write a record as PDF and JSON, both or neither, named by lånernummer and date: ``48291173-2026-03-10.pdf``.

    A second one on the same day gets a number of its own: ``48291173-2026-03-10-2.pdf``.

    Args:
        report: the record.
        folder: where; it is there.

    Returns:
        The two files.

    Raises:
        FileNotWritten: ``taken`` after a hundred on one day, or ``unwritable`` with the system's words. The folder is
            named and not the file, whose name holds the lånernummer.
    """
    pdf, data = report_pdf(report), report_json(report)
    day = local_date(report.made_at).isoformat()
    for turn in range(1, MOST_A_DAY + 1):
        stem = f"{report.number}-{day}" + (f"-{turn}" if turn > 1 else "")
        files = (folder / f"{stem}.pdf", folder / f"{stem}.json")
        try:
            if _written(files, (pdf, data)):
                return files
        except OSError as error:
            raise _unwritten(folder, error) from None
    raise FileNotWritten(str(folder), "taken_inside")


def _written(files: tuple[Path, Path], contents: tuple[bytes, bytes]) -> bool:
    """Write both files; False: one of the names is taken, and neither is written."""
    written: list[Path] = []
    try:
        for path, content in zip(files, contents, strict=True):
            write_private(path, content, replace=False)
            written.append(path)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            return False
        raise
    return True


def _unwritten(folder: Path, error: Exception) -> FileNotWritten:
    # ValueError: a name with a null character in it.
    return FileNotWritten(str(folder), "unwritable", getattr(error, "strerror", None) or str(error))


def delete_old_reports(home: Path, now: datetime) -> int:
    """Delete prints that have lain at the counter for seven days, and whatever else has lain among them as long.

    Args:
        home: the installation's folder.
        now: aware UTC.

    Returns:
        How many files went.

    Raises:
        OSError: one could not be deleted.
    """
    today = local_date(now)
    gone = 0
    with contextlib.suppress(FileNotFoundError):
        for path in sorted((home / FOLDER).iterdir()):
            if not (path.is_dir() and not path.is_symlink()) and _day_of(path) + timedelta(days=KEPT_DAYS) <= today:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _day_of(path: Path) -> date:
    """Give the day in a file's name; that of its last change when there is none in it."""
    found = _DATED.search(path.name)
    with contextlib.suppress(ValueError):
        if found is not None:
            return date.fromisoformat(found[1])
    return local_date(datetime.fromtimestamp(path.lstat().st_mtime, UTC))
