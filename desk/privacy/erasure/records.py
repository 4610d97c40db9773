"""What may be known of an erasure. Names nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
            ``full`` (no room on the disk), ``unread`` (a file cannot be read).
    """

    request_id: int
    state: str
    counts: Mapping[str, int] = field(default_factory=dict)
    files_scanned: int | None = None
    hits: int | None = None
    why: str = ""
