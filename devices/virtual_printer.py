"""A receipt printer without hardware (V2): paper can be taken out, the plug pulled; it holds what it has printed."""

from __future__ import annotations

from threading import Lock

from devices.printer_lines import PrinterAway


class VirtualPrinter:
    """The twin of a printer: a way to one that is not there. May be told from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._printed: list[bytes] = []
        self._has_paper = True
        self._is_plugged = True

    @property
    def printed(self) -> tuple[bytes, ...]:
        """What has been printed, a job each, the oldest first."""
        with self._lock:
            return tuple(self._printed)

    def take_paper_out(self) -> None:
        """Let the paper be out."""
        with self._lock:
            self._has_paper = False

    def put_paper_in(self) -> None:
        """Put a new roll in."""
        with self._lock:
            self._has_paper = True

    def unplug(self) -> None:
        """Pull the plug."""
        with self._lock:
            self._is_plugged = False

    def plug(self) -> None:
        """Put the plug back."""
        with self._lock:
            self._is_plugged = True

    # What a line to a printer does.

    def has_paper(self) -> bool:
        """Tell whether there is paper."""
        with self._lock:
            self._refuse_unplugged()
            return self._has_paper

    def send(self, data: bytes) -> None:
        """Print a job."""
        with self._lock:
            self._refuse_unplugged()
            self._printed.append(data)

    def close(self) -> None:
        """It stays as it is: another thread may print on it."""

    def _refuse_unplugged(self) -> None:
        if not self._is_plugged:
            raise PrinterAway
