"""A receipt printer without hardware (V2): paper can be taken out, the plug pulled; it holds what it has printed.

The virtual devices' socket hands on every line that begins with «printer» (:mod:`devices.virtual`)::

    paper out, paper in   the roll is taken out, and a new one put in
    unplug, plug          the printer goes away and comes back
    printed               answers how many jobs have been printed
"""

from __future__ import annotations

from threading import Lock

from devices.printer_lines import PrinterAway
from devices.virtual_lines import LineRefused

# What a line turns, and which way.
_TURNS = {
    "paper out": ("_has_paper", False),
    "paper in": ("_has_paper", True),
    "unplug": ("_is_plugged", False),
    "plug": ("_is_plugged", True),
}


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

    def told(self, line: str) -> str:
        """Do what a line says.

        Args:
            line: as in this module's description.

        Returns:
            How many jobs were printed, if that was asked; else nothing.

        Raises:
            LineRefused: nothing was done.
        """
        if line == "printed":
            return str(len(self.printed))
        if line not in _TURNS:
            raise LineRefused("say printer paper out, paper in, unplug, plug or printed")
        name, wanted = _TURNS[line]
        with self._lock:
            if getattr(self, name) == wanted:
                raise LineRefused(f"it is so already: {line}")
            setattr(self, name, wanted)
        return ""

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
