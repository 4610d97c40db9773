"""What a counter tells its screen."""

from __future__ import annotations

from dataclasses import dataclass

from desk.counter.records import Outcome, Place


@dataclass(frozen=True, slots=True)
class Happening:
    """The base of what a counter tells its screen."""


@dataclass(frozen=True, slots=True)
class Heard(Happening):
    """A code is in the queue, durably."""

    entry_id: int


@dataclass(frozen=True, slots=True)
class HeardAgain(Happening):
    """The same code within 1.5 s: one scan, counted once (C9)."""

    entry_id: int
    times: int


@dataclass(frozen=True, slots=True)
class NotReceived(Happening):
    """The queue could not be written: nothing was kept of this scan, and nothing is acknowledged."""


@dataclass(frozen=True, slots=True)
class Settled(Happening):
    """An entry has its outcome; ``counts``: it is a scan and not an order."""

    entry_id: int
    outcome: Outcome
    place: Place
    counts: bool
    by_answer: bool = False


@dataclass(frozen=True, slots=True)
class Spooled(Happening):
    """What an entry is to have on paper waits for the printer.

    Attributes:
        entry_id: of which entry.
        job_id: of the spool; empty: it could not be kept, and nothing will be printed.
        kind: ``pickup``, ``transit`` or ``receipt``; empty with ``job_id``.
    """

    entry_id: int
    job_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class StoreState(Happening):
    """The store answers («ok»), is «busy» or «full», or is «down»."""

    state: str


@dataclass(frozen=True, slots=True)
class QueueState(Happening):
    """The queue can be written, or not."""

    ok: bool
