"""A bug, shown and logged without a person in it: where it happened, never the values it happened on."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

from textual.worker import WorkerFailed

from desk.texts import _

log = logging.getLogger(__name__)


def crash_report(error: BaseException | None, home: Path) -> str:
    """Log where a bug happened, and word it for whoever stands at the counter.

    Args:
        error: what nobody expected; a worker's is taken out of its wrapping.
        home: the installation's folder, in which the log lies.
    """
    if isinstance(error, WorkerFailed):
        error = error.error
    where = "" if error is None else "".join(traceback.format_tb(error.__traceback__))
    kind = type(error).__name__ if error is not None else "?"
    log.critical("%s\n%s", kind, where)
    return _("The program stopped on a bug ({kind}). Nothing is lost. See {folder}.").format(
        kind=kind, folder=home / "log"
    )
