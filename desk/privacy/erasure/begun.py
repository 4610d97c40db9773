"""Which erasures have been begun and not ended, told by the names of files. Light: every start looks.

One whose proof failed has another ending: it stays until it is tried again and succeeds, and no start waits for it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FOLDER: Final = "erasures"
ENDING: Final = ".pending"
FAILED_ENDING: Final = ".failed"


def file_of(home: Path, request_id: int, ending: str = ENDING) -> Path:
    """Say where what is to be proven of an erasure lies."""
    return home / FOLDER / f"{request_id}{ending}"


def requests_pending(home: Path) -> list[int]:
    """List the requests that were cut short, the oldest first."""
    return _with_ending(home, ENDING)


def requests_failed(home: Path) -> list[int]:
    """List the requests whose proof failed and can be tried again, the oldest first."""
    return _with_ending(home, FAILED_ENDING)


def _with_ending(home: Path, ending: str) -> list[int]:
    try:
        names = os.listdir(home / FOLDER)
    except FileNotFoundError:
        return []
    numbers = [name.removesuffix(ending) for name in names if name.endswith(ending)]
    return sorted(int(number) for number in numbers if number.isdecimal())
