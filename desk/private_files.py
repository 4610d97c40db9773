"""Writing the files of an installation that nobody else may read: settings and keys."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Make a folder only its owner may enter; one that is there already keeps its mode.

    Raises:
        NotADirectoryError: if something else has its name.
        OSError: if it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        # Told apart from a *file* that is there already, which is write_private's to tell.
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None


def write_private(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file of mode 0600 whole or not at all, on the disk before this returns.

    Args:
        path: where; its folder exists.
        content: the whole file.
        replace: whether a file that is there may give way.

    Raises:
        FileExistsError: if there is one and it may not; it is unchanged.
        OSError: if it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            # A link, unlike a rename, fails when the name is taken: two programs cannot both have been first.
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
