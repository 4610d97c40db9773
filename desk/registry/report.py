"""What an import did: how many rows went in, and which did not and why. Holds no person (T3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

# Called with what is done and what there is to do, in the same unit (lines, records).
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a line or a record of a file, worded at the edge.

    Attributes:
        record: the line (CSV, the header is line 1; extracts) or the record (MARC, from 1).
        why: a short code.
        detail: a column, a material type, a barcode or a type of record; never anything of a person.
    """

    record: int
    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """The same remark about several lines or records; ``record`` is the first of them."""

    record: int
    why: str
    detail: str
    count: int


@dataclass(slots=True)
class ImportReport:
    """The sum of an import.

    Attributes:
        records: lines of a CSV file, or records of a MARC file or an extract, that were met.
        read: items or persons that were met; ``added + updated + skipped``.
        skipped: those that did not go in, one problem each.
        remarks: what went in and deserves a look (an unknown material type), and records without any item.
        statuses: of an import from a register: how many persons have each status; None: it was none.
    """

    records: int = 0
    read: int = 0
    added: int = 0
    updated: int = 0
    skipped: list[Problem] = field(default_factory=list)
    remarks: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    statuses: dict[str, int] | None = None

    def count(self, done: BatchResult) -> None:
        """Add what a batch did."""
        self.read += done.added + done.updated
        self.added += done.added
        self.updated += done.updated
        for problem in done.skipped:
            self.skip(problem)
        for problem in done.remarks:
            self.remark(problem)

    def skip(self, problem: Problem) -> None:
        """Count an item or person that was met and does not go in."""
        self.read += 1
        self.skipped.append(problem)

    def remark(self, problem: Problem) -> None:
        """Remark on something; the same remark again only counts."""
        first, count = self.remarks.get((problem.why, problem.detail), (problem.record, 0))
        self.remarks[problem.why, problem.detail] = (min(first, problem.record), count + 1)

    @property
    def notes(self) -> list[Note]:
        """The remarks, in the order of where each was first made."""
        return sorted(
            (Note(first, why, detail, count) for (why, detail), (first, count) in self.remarks.items()),
            key=lambda note: (note.record, note.why, note.detail),
        )


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What one batch of an import did.

    Attributes:
        skipped: rows the store did not take.
        remarks: about rows it did take.
    """

    added: int
    updated: int
    skipped: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
