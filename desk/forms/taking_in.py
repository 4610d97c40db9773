"""Forms from files, or from standard input, into the inbox. What was taken in is shredded; what was refused stays.

The order is: read, commit, shred. Killed in between, a file is still there: the next run finds its form in the inbox
already, and shreds it. The inbox page takes in the folder before it shows anything, so nobody handles a form whose file
still lies there.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desk.command import Who
from desk.errors import ImportFailed
from desk.forms.commands import ReceiveForm
from desk.forms.reading import LONGEST_FILE, Fault, read_form
from desk.forms.sealing import mark_of
from desk.forms.shredding import can_shred, shred
from desk.settings import weeks_of
from desk.system_words import system_words

if TYPE_CHECKING:
    from desk.installation import Installation

STANDARD_INPUT: Final = "-"
BEING_WRITTEN: Final = (".part", ".tmp")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not taken in, or could not be shredded; ``file`` is its name alone."""

    file: str
    fault: Fault


@dataclass(slots=True)
class FormsReport:
    """What became of some files: names of files and figures (T3)."""

    read: int = 0
    added: int = 0
    known: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Taken in, and not shredded: the next run tries again."""

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not (self.skipped or self.left)


def drop_folder(installation: Installation) -> Path | None:
    """Give the folder that ``desk.toml`` names, or None."""
    named = installation.settings.forms.folder
    return installation.home / named if named else None


def files_in(folder: Path) -> list[Path]:
    """Give the files of a folder in the order of their names, but for hidden ones and those still being written.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    with os.scandir(folder) as entries:
        # No link is followed, not even to see where it leads: one that leads nowhere would keep all the others out.
        found = [Path(entry) for entry in entries if entry.is_symlink() or entry.is_file(follow_symlinks=False)]
    return sorted(path for path in found if not path.name.startswith(".") and path.suffix not in BEING_WRITTEN)


async def take_in_dropped(installation: Installation, who: Who, clock: Callable[[], datetime]) -> FormsReport:
    """Take in what lies in the drop folder; nothing, where none is named.

    Raises:
        ImportFailed: the folder cannot be read.
        DeskError: as :func:`take_in`.
    """
    folder = drop_folder(installation)
    if folder is None:
        return FormsReport()
    try:
        files = await asyncio.to_thread(files_in, folder)
    except OSError as error:
        raise ImportFailed(str(folder), "unreadable", system_words(error)) from None
    return await take_in(installation, files, who, clock)


async def take_in(
    installation: Installation, files: Iterable[Path], who: Who, clock: Callable[[], datetime]
) -> FormsReport:
    """Take in some files, one command each, and shred each once it is in the store.

    Args:
        installation: the opened home.
        files: each with one form.
        who: on whose behalf.
        clock: gives the instant, aware UTC.

    Raises:
        DeskError: the store did not do it; what was taken in before is in, and shredded.
    """
    report = FormsReport()
    for path in files:
        raw = await asyncio.to_thread(_content, path)
        if raw is None:
            # Somebody else took it.
            continue
        report.read += 1
        is_in = isinstance(raw, bytes) and await _receive(installation, raw, path.name, who, clock(), report)
        if isinstance(raw, Fault):
            report.skipped.append(Skipped(path.name, raw))
        if is_in and not await asyncio.to_thread(_shredded, path):
            report.left.append(path.name)
    return report


async def take_in_text(installation: Installation, raw: bytes, who: Who, clock: Callable[[], datetime]) -> FormsReport:
    """Take in one form that came another way than in a file.

    Raises:
        DeskError: the store did not do it.
    """
    report = FormsReport(read=1)
    await _receive(installation, raw, STANDARD_INPUT, who, clock(), report)
    return report


async def _receive(
    installation: Installation, raw: bytes, name: str, who: Who, at: datetime, report: FormsReport
) -> bool:
    content = read_form(raw, at, weeks_of(installation.settings.forms.holiday_bag_weeks))
    if isinstance(content, Fault):
        report.skipped.append(Skipped(name, content))
        return False
    command_id = f"form {mark_of(installation.vault, content).hex()}"
    done = await installation.desk.do(ReceiveForm(command_id=command_id, who=who, at=at, content=content))
    report.added += done.is_new
    report.known += not done.is_new
    return True


def _content(path: Path) -> bytes | Fault | None:
    """Read a file, or say why not; None: it is gone. No link is followed, no pipe waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError:
        return Fault("unreadable")
    with open(descriptor, "rb") as file:
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return Fault("unreadable")
            raw = file.read(LONGEST_FILE + 1)
        except OSError:
            return Fault("unreadable")
    if raw and len(raw) <= LONGEST_FILE and not raw.strip(b"\0"):
        # A shredding that was cut short between the zeros and the name.
        return None if _shredded(path) else Fault("cannot_shred")
    if not can_shred(path):
        return Fault("cannot_shred") if path.exists() else None
    return raw


def _shredded(path: Path) -> bool:
    try:
        shred(path)
    except OSError:
        return False
    return True
