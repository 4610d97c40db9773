"""Prints as files: readable by their owner alone, all that belong together, and never over one that is there."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from desk.errors import FileNotWritten
from desk.private_files import private_folder, write_private
from desk.system_words import system_words

MOST_A_DAY = 100


def make_folder(folder: Path) -> None:
    """Make the folder prints lie in, if need be.

    Raises:
        FileNotWritten: with the system's words.
    """
    try:
        private_folder(folder)
    except (OSError, ValueError) as error:
        raise _unwritten(folder, error) from None


def write_prints(folder: Path, stem: str, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write what belongs together under one name; a second time on the same day it gets a number: ``…-2.pdf``.

    Args:
        folder: where; made if need be.
        stem: the name without its ending.
        contents: by their endings: ``.pdf``.

    Returns:
        The files, in the order of the contents.

    Raises:
        FileNotWritten: with the system's words. The folder is named and not the file, whose name may hold a number.
    """
    make_folder(folder)
    for turn in range(1, MOST_A_DAY + 1):
        name = stem if turn == 1 else f"{stem}-{turn}"
        try:
            return _write_all({folder / f"{name}{ending}": content for ending, content in contents.items()})
        except FileExistsError:
            continue
        except (OSError, ValueError) as error:
            raise _unwritten(folder, error) from None
    raise FileNotWritten(str(folder), "unwritable", system_words(os.strerror(errno.EEXIST)))


def _write_all(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write each file; when one cannot be, the others go again."""
    written: list[Path] = []
    try:
        for path, content in contents.items():
            write_private(path, content, replace=False)
            written.append(path)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return tuple(written)


def _unwritten(folder: Path, error: OSError | ValueError) -> FileNotWritten:
    # ValueError: a name with a null character in it.
    return FileNotWritten(str(folder), "unwritable", system_words(error))
