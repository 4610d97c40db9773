"""What is held about a borrower, as it was gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

Value: TypeAlias = str | int | bool | date | datetime | tuple[str, ...] | None
Row: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class AccessReport:
    """A borrower's whole record (G9). Of other people it holds a name at most, and of staff nothing (G8).

    Attributes:
        number: lånernummer.
        library: whose borrower it is.
        made_at: aware UTC.
        reason: why it is handed out, in the supervisor's words; empty: nobody was asked.
        held: the rows of every item of the data map, by its key and in its order; none: nothing is held, or nothing
            that can be told apart by person.
    """

    borrower_id: int
    number: str
    library: str
    made_at: datetime
    reason: str = field(repr=False)
    held: Mapping[str, tuple[Row, ...]] = field(repr=False)
