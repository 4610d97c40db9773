"""A record as files: readable by their owner alone, and never over one that is there."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.errors import FileNotWritten
from desk.privacy.access_report.as_json import report_json
from desk.privacy.access_report.as_pdf import report_pdf
from desk.private_files import private_folder, write_private
from desk.system_words import system_words

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.privacy.access_report.commands import MakeAccessReport
    from desk.privacy.access_report.records import AccessReport

MOST_A_DAY = 100


async def hand_out(desk: Desk, command: MakeAccessReport, folder: Path) -> tuple[Path, Path]:
    """Gather a record and write it as files, away from the event loop.

    Args:
        desk: the desk.
        command: whose, and which supervisor releases it.
        folder: where; made if need be, before anything is gathered for it.

    Returns:
        The PDF and the JSON file.

    Raises:
        NotAllowed, NotFound, StoreError: as the command says.
        FileNotWritten: as :func:`write_report` says.
    """
    await asyncio.to_thread(_prepare, folder)
    report = await desk.do(command)
    return await asyncio.to_thread(write_report, report, folder)


def _prepare(folder: Path) -> None:
    try:
        private_folder(folder)
    except (OSError, ValueError) as error:
        raise _unwritten(folder, error) from None


def write_report(report: AccessReport, folder: Path) -> tuple[Path, Path]:
    """Write a record as PDF and JSON, both or neither, named by lånernummer and date: ``48291173-2026-03-10.pdf``.

    A second one on the same day gets a number of its own: ``48291173-2026-03-10-2.pdf``.

    Raises:
        FileNotWritten: with the system's words. The folder is named and not the file, whose name holds the lånernummer.
    """
    contents = (report_pdf(report), report_json(report))
    stem = f"{report.number}-{local_date(report.made_at).isoformat()}"
    for turn in range(1, MOST_A_DAY + 1):
        name = stem if turn == 1 else f"{stem}-{turn}"
        files = (folder / f"{name}.pdf", folder / f"{name}.json")
        try:
            _write_both(files, contents)
        except FileExistsError:
            continue
        except OSError as error:
            raise _unwritten(folder, error) from None
        return files
    raise FileNotWritten(str(folder), "unwritable", system_words(os.strerror(errno.EEXIST)))


def _write_both(files: tuple[Path, Path], contents: tuple[bytes, bytes]) -> None:
    """Write both files; when one cannot be, the other goes again."""
    written: list[Path] = []
    try:
        for path, content in zip(files, contents, strict=True):
            write_private(path, content, replace=False)
            written.append(path)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _unwritten(folder: Path, error: OSError | ValueError) -> FileNotWritten:
    # ValueError: a name with a null character in it.
    return FileNotWritten(str(folder), "unwritable", system_words(error))
