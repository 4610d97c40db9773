"""A file with a form in it goes: written over, flushed, and its name taken away.

On a medium that writes elsewhere what is written over (a flash disk, a copy-on-write file system) only an encrypted
volume keeps what was there from whoever takes the disk out; the README says so.
"""

from __future__ import annotations

import os
from pathlib import Path


def shred(path: Path) -> None:
    """Write zeros over a file and delete it; one that is gone already is nobody's any more.

    Raises:
        OSError: it cannot be written over or deleted; it is called again then.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        left = os.fstat(descriptor).st_size
        while left > 0:
            left -= os.write(descriptor, bytes(left))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def can_shred(path: Path) -> bool:
    """Tell whether :func:`shred` will be let: asked before a form is taken in, so that none comes again for ever."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
