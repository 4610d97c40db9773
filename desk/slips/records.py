"""What a slip and a receipt say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SlipRecord:
    """What a slip says beside the item: where it lies, or where it goes. Nobody's name, number or address (R6).

    Attributes:
        here: the branch the slip is printed in.
        shelf: the place on the pickup shelf; None: it goes elsewhere.
        deadline: the last day on which it may be fetched; None with ``shelf``.
        borrower_id: for whom it is set aside; not printed, but told to the spool, so that it goes when they do.
    """

    library: str
    here: str
    shelf: int | None = None
    deadline: date | None = None
    borrower_id: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LentLine:
    """One loan on a receipt."""

    title: str = field(repr=False)
    due_on: date


@dataclass(frozen=True, slots=True)
class VisitReceipt:
    """What a visit's borrower takes home, and what was renewed. No name: whoever finds it learns nobody's reading."""

    library: str
    branch: str
    at: datetime
    lent: tuple[LentLine, ...]
    renewed: tuple[LentLine, ...]


@dataclass(frozen=True, slots=True)
class ReturnReceipt:
    """What was handed in, as far as it lies in the pile: titles, and when."""

    library: str
    branch: str
    at: datetime
    titles: tuple[str, ...] = field(repr=False)
