"""The program's own log: what went wrong and where, never who it went wrong for (T3)."""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

LOG_BYTES = 1_000_000
KEPT_FILES = 5


class NamelessFormatter(logging.Formatter):
    """Writes an exception as its kind and the places it came through: its text may quote a row."""

    def formatException(  # noqa: N802  (logging's own name)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Give the kind and the frames of an exception, without its message and without locals."""
        kind, error, places = ei
        if kind is None or error is None:
            return ""
        cause = error.__cause__
        first = "" if cause is None else f"{type(cause).__name__}\n{''.join(traceback.format_tb(cause.__traceback__))}"
        return f"{first}{kind.__name__}\n{''.join(traceback.format_tb(places))}".rstrip()


def log_to(home: Path) -> None:
    """Send the program's log to ``HOME/log/desk.log``, rotated, readable by its owner alone.

    Libraries are kept to warnings: peewee's debug log prints the parameters of every statement.
    """
    folder = home / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    handler = RotatingFileHandler(folder / "desk.log", maxBytes=LOG_BYTES, backupCount=KEPT_FILES, encoding="utf-8")
    (folder / "desk.log").chmod(0o600)
    handler.setFormatter(NamelessFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("desk", "screens", "devices", "db"):
        logging.getLogger(name).setLevel(logging.INFO)


@contextlib.contextmanager
def logging_to(home: Path) -> Iterator[None]:
    """Send the program's log to ``HOME/log/desk.log`` inside the block only (a command that is one of several)."""
    before = logging.getLogger().handlers[:]
    log_to(home)
    try:
        yield
    finally:
        handlers = logging.getLogger().handlers
        for handler in handlers:
            handler.close()
        handlers[:] = before
