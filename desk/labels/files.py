"""Labels as files: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from desk.errors import FileNotWritten
from desk.private_files import private_folder, write_private
from desk.system_words import system_words


def label_name(code: str, ending: str) -> str:
    """Name a label's file for its code; what no file name can hold is written as in an address (``A%2FB.svg``)."""
    return quote(code, safe="") + ending


def write_labels(files: Sequence[tuple[Path, bytes]], out: Path, *, replace: bool) -> None:
    """Write labels, readable by their owner alone. When one cannot be, new ones are taken away again.

    Args:
        files: where, and what.
        out: what was asked for: the one file, or the folder they are all in, which is made if need be. Only this
            is named in an error: a file in the folder is named for a card's number.
        replace: whether files that are there may give way.

    Raises:
        FileNotWritten: ``taken`` or ``taken_inside`` (nothing was written), or ``unwritable`` with the system's words.
    """
    written: list[Path] = []
    try:
        if any(path != out for path, _content in files):
            private_folder(out)
        for path, content in files:
            write_private(path, content, replace=replace)
            written.append(path)
    except (OSError, ValueError) as error:
        if not replace:
            for path in written:
                path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise FileNotWritten(str(out), "taken" if files[0][0] == out else "taken_inside") from None
        # ValueError: a name with a null character in it.
        raise FileNotWritten(str(out), "unwritable", system_words(error)) from None
