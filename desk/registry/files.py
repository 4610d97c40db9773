"""Reading the files that come from elsewhere."""

from __future__ import annotations

from pathlib import Path

from desk.errors import ImportFailed
from desk.system_words import system_words


def content(path: Path, most: int = -1) -> bytes:
    """Read a file, or its first bytes.

    Args:
        path: the file.
        most: bytes at most; negative: all.

    Raises:
        ImportFailed: ``missing``, ``forbidden``, ``folder``, or ``unreadable`` with the system's own words.
    """
    try:
        with path.open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise ImportFailed(str(path), "missing") from None
    except PermissionError:
        raise ImportFailed(str(path), "forbidden") from None
    except IsADirectoryError:
        raise ImportFailed(str(path), "folder") from None
    except (OSError, ValueError) as error:
        # ValueError: a name with a null character in it.
        raise ImportFailed(str(path), "unreadable", system_words(error)) from None
