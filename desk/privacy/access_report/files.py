"""A record as files: readable by their owner alone, and never over one that is there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.prints.files import make_folder, write_prints
from desk.privacy.access_report.as_json import report_json
from desk.privacy.access_report.as_pdf import report_pdf

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.privacy.access_report.commands import MakeAccessReport
    from desk.privacy.access_report.records import AccessReport


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
    await asyncio.to_thread(make_folder, folder)
    report = await desk.do(command)
    return await asyncio.to_thread(write_report, report, folder)


def write_report(report: AccessReport, folder: Path) -> tuple[Path, Path]:
    """Write a record as PDF and JSON, both or neither, named by lånernummer and date: ``48291173-2026-03-10.pdf``.

    A second one on the same day gets a number of its own: ``48291173-2026-03-10-2.pdf``.

    Raises:
        FileNotWritten: with the system's words. The folder is named and not the file, whose name holds the lånernummer.
    """
    stem = f"{report.number}-{local_date(report.made_at).isoformat()}"
    pdf, data = write_prints(folder, stem, {".pdf": report_pdf(report), ".json": report_json(report)})
    return pdf, data
