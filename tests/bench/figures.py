"""What is measured, against which limit; and on which machine."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        about: the rule's number, Q1 to Q7 or G3.
        what: what was measured.
        measured: in ``unit``.
        unit: ``ms``, ``s``, ``bytes``, ``MB``, ``statements``, or ``x`` for a ratio within this run.
        limit: the most it may be; None: told, not judged.
    """

    about: str
    what: str
    measured: float
    unit: str
    limit: float | None = None

    @property
    def missed(self) -> bool:
        """Tell whether it is over its limit."""
        return self.limit is not None and self.measured > self.limit

    def as_json(self) -> dict[str, Any]:
        """Give it as it is printed."""
        told: dict[str, Any] = {"what": self.what, "measured": round(self.measured, 3), "unit": self.unit}
        if self.limit is not None:
            told |= {"limit": self.limit, "passed": not self.missed}
        return told


def p50(values: Sequence[float]) -> float:
    """Give the median."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """Give the value that 95 of 100 do not pass."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def milliseconds(seconds: float) -> float:
    """Give seconds as milliseconds."""
    return seconds * 1000


def machine() -> dict[str, Any]:
    """Say what it was measured on."""
    model = platform.processor()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }
