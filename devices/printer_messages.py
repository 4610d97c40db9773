"""What a printer says of its jobs (V3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer has taken a job whole.

    Attributes:
        job_id: as whoever keeps the jobs calls it; it names nobody.
    """

    job_id: str
