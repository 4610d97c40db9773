"""What may be known of an erasure. Names nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias


class Stage(Enum):
    """How far an erasure is, in the order in which it goes."""

    PREPARING = "preparing"
    ERASING = "erasing"
    REWRITING = "rewriting"
    SCANNING = "scanning"


Progress: TypeAlias = Callable[[Stage, int, int], None]
"""Called with the stage, what is done of it and what there is to do of it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """That the transaction took place.

    Attributes:
        counts: rows that went, a table each, in the order of the steps.
    """

    request_id: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ErasureOutcome:
    """Where an erasure ended.

    Attributes:
        state: ``proven``; ``unproven``: something was found, and found again; ``erased``: the rows are gone and the
            proof is missing, because the files could not be rewritten or read.
        counts: rows that went, a table each.
        files_scanned: how many files were looked through; None: none yet.
        hits: how many places of the person's strings were found; None: nobody has looked yet.
        why: with ``erased``, why the proof is missing: ``held`` (another program's reader keeps the write-ahead log),
            ``full`` (no room on the disk), ``unread`` (a file cannot be read), ``store`` (the store does not answer).
        left: where something was found: a file, a file's page, or a table and row; never a text.
    """

    request_id: int
    state: str
    counts: Mapping[str, int] = field(default_factory=dict)
    files_scanned: int | None = None
    hits: int | None = None
    why: str = ""
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WithoutProof:
    """The requests whose rows are gone and of which nobody can say yet, or at all, that nothing is left."""

    missing: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is certified of an erasure (G4).

    Attributes:
        left: where something was found: a file, a file's page, or a table and row; never a text.
        explained: rows of other people that hold one of the same strings, a table each: the first of their numbers;
            of tables whose rows are little more than the string, no numbers.
        shared: how many such rows there are, a table each.
        closed: of how many files nobody can say what is packed in them; they were looked through as they lie.
        noted: in how many notes about others one of the person's own numbers stands.
        why: why a proof is missing.
        tombstone: 64 hexadecimal figures.
        last_backup_on: the last local date on which a back-up may still hold the person.
    """

    request_id: int
    library: str
    state: str
    registered_at: datetime
    decided_at: datetime
    erased_at: datetime
    proven_at: datetime | None
    counts: Mapping[str, int]
    files_scanned: int | None
    hits: int | None
    left: tuple[str, ...]
    explained: Mapping[str, tuple[int, ...]]
    shared: Mapping[str, int]
    closed: int
    noted: int
    why: str
    tombstone: str
    last_backup_on: date
