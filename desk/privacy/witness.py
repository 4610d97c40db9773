"""The newest row of the access log, remembered outside the store (G8)."""

from __future__ import annotations

import logging
import os
import struct
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "access-log.newest"
_SHAPE = struct.Struct(">Q32s")


class LogWitness:
    """A file of one line: number and seal. Written after each commit, never ahead of the store."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._descriptor: int | None = None

    def remember(self, number: int, seal: bytes) -> None:
        """Write down the newest row. The loan stands even if this cannot be written: it is told in the log file."""
        try:
            if self._descriptor is None:
                self._descriptor = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            os.pwrite(self._descriptor, _SHAPE.pack(number, seal), 0)
        except OSError as error:
            log.warning("the newest row of the access log is not remembered: %s", error.strerror)

    def remembered(self) -> tuple[int, bytes] | None:
        """Give number and seal of the newest row as remembered here; None when nothing was."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        if len(content) != _SHAPE.size:
            return None
        number, seal = _SHAPE.unpack(content)
        return number, seal

    def close(self) -> None:
        """Let the file go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
