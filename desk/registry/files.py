"""Reading the files that come from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.errors import ImportFailed
from desk.system_words import system_words

CHUNK = 256 * 1024


def content(path: Path, most: int = -1) -> bytes:
    """Read a file, or its first bytes.

    Args:
        path: the file.
        most: bytes at most; negative: all.

    Raises:
        ImportFailed: ``missing``, ``forbidden``, ``folder``, or ``unreadable`` with the system's own words.
    """
    with _told(path), path.open("rb") as file:
        return file.read(most)


def chunks(path: Path) -> Iterator[bytes]:
    """Read a file piece by piece: it may be larger than memory should hold.

    Raises:
        ImportFailed: as :func:`content`.
    """
    with _told(path), path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in our types why a file cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise ImportFailed(str(path), "missing") from None
    except PermissionError:
        raise ImportFailed(str(path), "forbidden") from None
    except IsADirectoryError:
        raise ImportFailed(str(path), "folder") from None
    except (OSError, ValueError) as error:
        # ValueError: a name with a null character in it.
        raise ImportFailed(str(path), "unreadable", system_words(error)) from None
