"""A receipt printer in a thread of its own (V3): prints what waits, and says how it is. It never stops anything.

What waits is asked of whoever keeps it: nothing is held here that a crash could lose. A job counts as printed when the
printer has taken all of it; where a program is killed between that and the note of it, it is printed a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from threading import Event, Thread
from typing import Final, Protocol, TypeAlias

from devices.messages import DeviceChanged, DeviceState
from devices.printer_lines import PrinterAway, PrinterLine
from devices.printer_messages import Printed

LOOK_SECONDS: Final = 3.0
"""How often a printer is asked how it is: a new roll or a plug is seen within this."""

PrinterMessage: TypeAlias = DeviceChanged | Printed


class Job(Protocol):
    """One job, held while it is printed: nobody else prints it or takes it away."""

    @property
    def data(self) -> bytes:
        """The bytes for the printer."""

    def printed(self) -> None:
        """Note that the printer has taken all of it."""


class Jobs(Protocol):
    """Whoever keeps the jobs. Called on the printer's thread."""

    def waiting(self) -> Sequence[str]:
        """Give the jobs that wait, the oldest first."""

    def held(self, job_id: str) -> AbstractContextManager[Job | None]:
        """Hold a job; None: it is gone, or another program prints it."""


class Printer:
    """One printer and its thread.

    Args:
        line: the way to it.
        jobs: what waits for it.
        look_seconds: how often it is asked how it is.
    """

    def __init__(self, line: PrinterLine, jobs: Jobs, look_seconds: float = LOOK_SECONDS) -> None:
        self._line = line
        self._jobs = jobs
        self._look_seconds = look_seconds
        self._state: DeviceState | None = None
        self._wake = Event()
        self._closing = Event()
        self._thread: Thread | None = None
        self._callback: Callable[[PrinterMessage], object] = lambda _message: None

    def start(self, callback: Callable[[PrinterMessage], object]) -> None:
        """Print what waits, until closed.

        Args:
            callback: called in the printer's thread: how the printer is, once at first and whenever it changes, and
                each job that was printed.
        """
        self._callback = callback
        self._thread = Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs at once. Waits for nothing; may be called from any thread."""
        self._wake.set()

    def close(self) -> None:
        """Stop. A job that is being printed is printed to its end; afterwards the callback is not called again."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                self._wake.clear()
                self._tell(self._printed())
                self._wake.wait(self._look_seconds)
        finally:
            with suppress(PrinterAway):
                self._line.close()
            # Not closed but ended: a bug. What waits is not printed, and the counter has to be able to say so.
            self._tell("missing")

    def _printed(self) -> DeviceState:
        """Print what waits, as far as it goes; gives how the printer is."""
        try:
            for job_id in (None, *self._jobs.waiting()):
                if self._closing.is_set():
                    break
                if not self._line.has_paper():
                    return "no_paper"
                self._tell("ok")
                if job_id is not None:
                    self._print(job_id)
        except PrinterAway:
            return "missing"
        return "ok"

    def _print(self, job_id: str) -> None:
        with self._jobs.held(job_id) as job:
            if job is None:
                return
            self._line.send(job.data)
            job.printed()
        self._callback(Printed(job_id))

    def _tell(self, state: DeviceState) -> None:
        if state != self._state and not self._closing.is_set():
            self._state = state
            self._callback(DeviceChanged("printer", state))
