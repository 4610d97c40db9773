"""What is told about the retention clock: figures and dates; whose a row is, nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class After:
    """How far a look through a kind has come: the row last looked at, in the kind's order."""

    row_id: int
    dated: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Some rows of a kind, looked at.

    Attributes:
        ids: those among them that go.
        after: where the next step begins; None: there is none.
    """

    ids: tuple[int, ...]
    after: After | None


@dataclass(frozen=True, slots=True)
class BegunRun:
    """The run of a local date.

    Attributes:
        is_done: it has been done already: nothing is left to do.
    """

    run_id: int
    day: date
    is_done: bool


@dataclass(frozen=True, slots=True)
class TrustedClock:
    """What a supervisor's word for the clock was given against.

    Attributes:
        ahead_from: the last instant of the run that lay ahead, aware UTC; None: none did, and nothing was written.
    """

    ahead_from: datetime | None


@dataclass(frozen=True, slots=True)
class Gone:
    """How many rows went, a table each."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did or would do; figures only (T3).

    Attributes:
        day: the local date it was for.
        counts: rows that went, by table; ``exports`` are files.
        is_busy: another program is at it; nothing was done.
        was_done: it had been done before; nothing was left to do.
    """

    day: date
    counts: Mapping[str, int] = field(default_factory=dict)
    is_busy: bool = False
    was_done: bool = False


@dataclass(frozen=True, slots=True)
class RetentionStatus:
    """How the clock stands, for the front screen.

    Attributes:
        done_on: the local date of the last run that was done; None: there was none.
        done_at: when it was done.
        next_on: the local date of the next run.
        is_late: the run of yesterday, or an earlier one, is missing.
        has_failed: the last run was broken off or failed.
        clock_back_from: the clock stands before the last run, which was at this instant; None: it does not.
        backlog: rows that wait for the next run, when it is late or has failed: what F5 lists (G7).
        is_more: there are more of them than were counted.
    """

    done_on: date | None
    done_at: datetime | None
    next_on: date
    is_late: bool = False
    has_failed: bool = False
    clock_back_from: datetime | None = None
    backlog: int = 0
    is_more: bool = False

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not (self.is_late or self.has_failed or self.clock_back_from)


@dataclass(frozen=True, slots=True)
class GoingRow:
    """A row of «slettes i nat». Names nobody.

    Attributes:
        table: of which.
        what: a title, or code words of what it is, by ``table``.
        since: the local date the 30 days (or whatever it is) are counted from.
        amount_ore: of a fee or a payment.
    """

    table: str
    row_id: int
    what: str = field(repr=False)
    since: date
    amount_ore: int = 0


@dataclass(frozen=True, slots=True)
class GoingTonight:
    """What the next run deletes.

    Attributes:
        day: its local date.
        counts: all of it, by table.
        rows: those that are told one by one.
    """

    day: date
    counts: Mapping[str, int]
    rows: tuple[GoingRow, ...]
