"""Which erasures have been begun and not ended, told by the names of files. Light: every start looks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FOLDER: Final = "erasures"
ENDING: Final = ".pending"


def file_of(home: Path, request_id: int) -> Path:
    """Say where what is to be proven of an erasure lies."""
    return home / FOLDER / f"{request_id}{ENDING}"


def requests_pending(home: Path) -> list[int]:
    """List the requests for which something is written down, the oldest first."""
    try:
        names = os.listdir(home / FOLDER)
    except FileNotFoundError:
        return []
    numbers = [name.removesuffix(ENDING) for name in names if name.endswith(ENDING)]
    return sorted(int(number) for number in numbers if number.isdecimal())
