"""Prints that lie at the counter go again after seven days (G9). Light: every start looks."""

from __future__ import annotations

import contextlib
import logging
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desk.calendar import local_date

log = logging.getLogger(__name__)

FOLDER = "exports"
KEPT_DAYS = 7

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


def delete_old_reports(home: Path, now: datetime) -> int:
    """Delete prints that have lain in a home for seven days, and whatever else has lain among them as long.

    What cannot be deleted is told in the log file and tried again the next time.

    Args:
        home: the installation's folder.
        now: aware UTC.

    Returns:
        How many files went.
    """
    gone = 0
    try:
        for path in old_reports(home, local_date(now)):
            path.unlink(missing_ok=True)
            gone += 1
    except FileNotFoundError:
        # No print was ever made here, or another counter was quicker.
        pass
    except OSError as error:
        log.warning("old right-of-access prints could not be deleted: %s", error.strerror)
    return gone


def old_reports(home: Path, today: date) -> list[Path]:
    """Give what has lain among the prints of a home for seven days.

    Args:
        home: the installation's folder.
        today: local date.

    Raises:
        OSError: the folder cannot be read.
    """
    last = today - timedelta(days=KEPT_DAYS)
    lying = (home / FOLDER).iterdir()
    return [path for path in lying if not (path.is_dir() and not path.is_symlink()) and _day_of(path) <= last]


def _day_of(path: Path) -> date:
    """Give the day in a file's name; that of its last change when there is none in it."""
    found = _DATED.search(path.name)
    with contextlib.suppress(ValueError):
        if found is not None:
            return date.fromisoformat(found[0])
    return local_date(datetime.fromtimestamp(path.lstat().st_mtime, UTC))
