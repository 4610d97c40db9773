"""Who is at work in a home: everybody holds it together, a restore alone. The kernel lets go of what has died."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def hold_home(home: Path, *, alone: bool = False) -> int | None:
    """Hold a home's folder until :func:`let_go`; None: somebody else holds it in a way that does not allow it.

    The folder itself is locked, so that a look at a home leaves no file in it. Where its disk knows no locks (some
    network disks), nobody is kept out.

    Args:
        home: the folder; it is there.
        alone: nobody else may hold it.

    Raises:
        OSError: the folder cannot be opened.
    """
    descriptor = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        return descriptor
    return descriptor


def restoring_folder(store: Path) -> Path:
    """Say in which folder a restore makes a store ready."""
    return store.with_name(f".{store.name}.restoring")


def sweep_restoring(store: Path) -> None:
    """Delete what a broken-off restore has left: whoever is erased may be in it. Only while the home is held.

    Raises:
        OSError: it cannot be deleted.
    """
    folder = restoring_folder(store)
    if folder.is_dir() and not folder.is_symlink():
        from shutil import rmtree  # noqa: PLC0415  (seldom)

        rmtree(folder)


def let_go(hold: int) -> None:
    """Let a home go."""
    os.close(hold)
