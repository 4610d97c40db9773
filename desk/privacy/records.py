"""What may be known of the access log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LogLine:
    """One row of the access log as a supervisor reads it.

    Attributes:
        at: aware UTC.
        staff: the name of who looked; empty: nobody signed in, or the installation.
        counter: where; empty: outside a counter.
        borrower: lånernummer, in the log of a staff member; empty when the borrower is gone or nobody was found.
        revealed: keys of the data map.
        outcome: ``done``, ``not_found`` or ``refused``.
    """

    number: int
    at: datetime
    staff: str
    counter: str
    borrower: str
    action: str
    purpose: str
    revealed: tuple[str, ...]
    outcome: str
