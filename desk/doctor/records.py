"""What a check of the installation found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """How something is."""

    OK = "ok"
    NOTE = "note"
    """Nothing is wrong, but whoever sets the counter up should know."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. It holds nothing of a person (T3).

    Attributes:
        area: the module that looked: ``readers``.
        what: which finding, as the words know it: ``no_service``.
        values: what the words need: names of readers, settings.
    """

    area: str
    what: str
    verdict: Verdict
    values: Mapping[str, str] = field(default_factory=dict)
