"""The spool: a sealed file for each job, in a folder of the home that only its owner may enter.

A file is named for the instant and the command it comes of (``1790240520000-….waiting``), so that an entry that is
handled again after a crash makes no second slip. What has been printed is kept as ``….printed`` until it expires, and
can be printed again. Files are locked while they are printed: several counters may share one home.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, TypeAlias

from desk.private_files import private_folder, write_private
from desk.spool.sealed import Print, Unreadable, seal, unseal

log = logging.getLogger(__name__)

FOLDER: Final = "spool"
MOST_LISTED: Final = 200
ONCE: Final = frozenset({"statement"})
"""What names somebody is not kept: it is made again on the borrower's page, where that is logged."""
JobState: TypeAlias = Literal["waiting", "printed"]
STATES: Final[tuple[JobState, ...]] = ("waiting", "printed")
_JOB: Final = re.compile(r"([0-9]{13})-[0-9a-zA-Z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Paper:
    """What the printer's paper is like.

    Attributes:
        width: characters to a line.
        code_page: what bytes its letters have.
    """

    width: int = 42
    code_page: str = "cp858"


@dataclass(frozen=True, slots=True)
class SpooledJob:
    """A job as a list shows it. Names nobody."""

    job_id: str
    made_at: datetime
    state: JobState
    kind: str
    about: str


class HeldJob:
    """A job that is held to be printed.

    Args:
        path: its file.
        data: what the printer takes.
        stays: whether it can be printed again; else its file goes with the printing.
    """

    def __init__(self, path: Path, data: bytes, *, stays: bool) -> None:
        self._path = path
        self._stays = stays
        self.data = data

    def printed(self) -> None:
        """Note that it has been printed. If that fails it is printed again: twice is better than not at all."""
        try:
            if self._stays:
                self._path.rename(self._path.with_suffix(".printed"))
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("that a slip was printed could not be noted: %s", error.strerror)


class Spool:
    """The jobs of a home. May be called from any thread.

    Args:
        home: the installation's folder.
        key: as :func:`desk.spool.sealed.spool_key` derives it.
        paper: what is printed on.
    """

    def __init__(self, home: Path, key: bytes, paper: Paper) -> None:
        self._folder = home / FOLDER
        self._key = key
        self._paper = paper

    def add(self, at: datetime, command_id: str, job: Print) -> str:
        """Keep a job, on the disk before this returns. One of the same command is kept once, also when it was printed.

        Args:
            at: the instant it comes of, aware UTC.
            command_id: the command it comes of.
            job: what is printed.

        Returns:
            Its id.

        Raises:
            OSError: it cannot be written.
        """
        job_id = f"{int(at.timestamp() * 1000):013d}-{command_id}"
        if self.state_of(job_id) is None:
            private_folder(self._folder)
            write_private(self._path(job_id, "waiting"), seal(self._key, job_id, job), replace=True)
        return job_id

    def state_of(self, job_id: str) -> JobState | None:
        """Tell how a job is; None: it is gone."""
        return next((state for state in STATES if self._path(job_id, state).exists()), None)

    def jobs(self) -> tuple[SpooledJob, ...]:
        """Give what waits, and then what was printed, each the newest first; one that cannot be read is left out."""
        found = []
        newest = sorted(self._found(), reverse=True)
        for job_id, state in sorted(newest, key=lambda one: one[1] != "waiting")[:MOST_LISTED]:
            job = self._read(job_id, state)
            if job is not None:
                found.append(SpooledJob(job_id, made_at(job_id), state, job.kind, job.about))
        return tuple(found)

    def shown(self, job_id: str) -> str:
        """Give a job as text, exactly as it prints; empty: it is gone."""
        job = next((job for state in STATES if (job := self._read(job_id, state)) is not None), None)
        if job is None:
            return ""
        from devices.paper import laid_out, preview  # noqa: PLC0415  (no start waits for it)

        return preview(laid_out(job.document, self._paper.width, self._paper.code_page), self._paper.width)

    def again(self, job_id: str) -> bool:
        """Let a job that was printed wait again; tells whether it waits."""
        try:
            self._path(job_id, "printed").rename(self._path(job_id, "waiting"))
        except FileNotFoundError:
            return self._path(job_id, "waiting").exists()
        return True

    def take_out(self, job_id: str) -> JobState | None:
        """Take a job out, whatever it is: it cannot be printed any more.

        Returns:
            How it was: ``printed`` also for one that is being printed right now; None: it was gone.

        Raises:
            OSError: it cannot be deleted.
        """
        with self._locked(self._path(job_id, "waiting")) as path:
            if path is not None:
                path.unlink(missing_ok=True)
                return "waiting"
        # Printed, or being printed: then it is at the printer, and its file goes by its new name or with the spool.
        was = self.state_of(job_id)
        self._path(job_id, "printed").unlink(missing_ok=True)
        return "printed" if was is not None else None

    # For the printer.

    def waiting(self) -> tuple[str, ...]:
        """Give the jobs that wait, the oldest first."""
        return tuple(sorted(job_id for job_id, state in self._found() if state == "waiting"))

    @contextmanager
    def held(self, job_id: str) -> Iterator[HeldJob | None]:
        """Hold a job to print it; None: it is gone, cannot be read, or another program prints it."""
        with self._locked(self._path(job_id, "waiting")) as path:
            job = None if path is None else self._read(job_id, "waiting")
            if path is None or job is None:
                yield None
                return
            from devices.escpos import escpos_bytes  # noqa: PLC0415  (a quarter of a second, for whoever prints)
            from devices.paper import laid_out  # noqa: PLC0415

            rows = laid_out(job.document, self._paper.width, self._paper.code_page)
            yield HeldJob(path, escpos_bytes(rows, self._paper.code_page), stays=job.kind not in ONCE)

    @contextmanager
    def _locked(self, path: Path) -> Iterator[Path | None]:
        """Lock a job's file; None: it is not there under this name any more, or somebody else has it."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            yield None
            return
        try:
            yield path if _lock(descriptor) and _is(descriptor, path) else None
        finally:
            os.close(descriptor)

    def _path(self, job_id: str, state: JobState) -> Path:
        return self._folder / f"{job_id}.{state}"

    def _found(self) -> Iterator[tuple[str, JobState]]:
        for path in files_in(self._folder):
            for state in STATES:
                if path.suffix == f".{state}" and _JOB.fullmatch(path.stem):
                    yield path.stem, state

    def _read(self, job_id: str, state: JobState) -> Print | None:
        try:
            return unseal(self._key, job_id, self._path(job_id, state).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, Unreadable) as error:
            log.warning("a job of the spool cannot be read: %s", type(error).__name__)
            return None


def made_at(job_id: str) -> datetime:
    """Give the instant in a job's id."""
    return datetime.fromtimestamp(int(job_id[:13]) / 1000, UTC)


def files_in(folder: Path) -> list[Path]:
    """Give what lies in a spool's folder; nothing when there is none."""
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        log.warning("the spool cannot be read: %s", error.strerror)
        return []


def delete_old_jobs(home: Path, now: datetime, keep_days: int) -> int:
    """Empty the spool of what has lain in it for some days, printed or not, and of what else lies there as long.

    Args:
        home: the installation's folder.
        now: aware UTC.
        keep_days: how long.

    Returns:
        How many files went. What cannot be deleted is told in the log file and tried again the next time.
    """
    gone = 0
    for path in old_jobs(home, now, keep_days):
        try:
            path.unlink(missing_ok=True)
            gone += 1
        except OSError as error:
            log.warning("an old job of the spool could not be deleted: %s", error.strerror)
    return gone


def old_jobs(home: Path, now: datetime, keep_days: int) -> list[Path]:
    """Give the files that :func:`delete_old_jobs` would delete."""
    return [path for path in files_in(home / FOLDER) if now - _lies_since(path, now) >= timedelta(days=keep_days)]


def _lies_since(path: Path, now: datetime) -> datetime:
    if _JOB.fullmatch(path.stem):
        return made_at(path.stem)
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except FileNotFoundError:
        return now


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A disk that knows no locks: then nobody else is kept out, and a job may be printed twice.
        return True
    return True


def _is(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
