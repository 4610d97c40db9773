"""Takes a person's jobs out of the spool, and tells whether any are left (G3, G4)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from desk.spool.sealed import Print, Unreadable, spool_key, unseal
from desk.spool.spool import FOLDER, files_in

if TYPE_CHECKING:
    from desk.privacy.erasure.identity import Identity

log = logging.getLogger(__name__)


def take_out_of_spool(home: Path, queue_key: bytes, identity: Identity) -> int:
    """Delete what was or is to be printed for a person, or names one; gives how many.

    What cannot be opened goes too: nobody can tell that it is not theirs, and it can never be printed.

    Raises:
        OSError: a file cannot be deleted.
    """
    theirs = jobs_of(home, queue_key, identity)
    for path in theirs:
        path.unlink(missing_ok=True)
    return len(theirs)


def jobs_of(home: Path, queue_key: bytes, identity: Identity) -> list[Path]:
    """Give the files of the spool that are a person's, name one, or cannot be opened."""
    key = spool_key(queue_key)
    theirs = []
    for path in files_in(home / FOLDER):
        try:
            job = unseal(key, path.stem, path.read_bytes())
        except FileNotFoundError:
            continue
        except (Unreadable, UnicodeEncodeError):
            theirs.append(path)
            continue
        if _concerns(job, identity):
            theirs.append(path)
    return theirs


def _concerns(job: Print, identity: Identity) -> bool:
    if job.borrower_id == identity.borrower_id:
        return True
    said = "\n".join([job.about, *(getattr(part, "text", getattr(part, "code", "")) for part in job.document)])
    return any(one in said.encode() for one in identity.everywhere)
