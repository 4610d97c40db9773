"""What a list of F5 is: a label, columns, and how its rows are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from desk.privacy.purposes import Purpose

if TYPE_CHECKING:
    from screens.app import DeskApp

Rows: TypeAlias = Mapping[int, tuple[str, ...]]


class Counted(dict[int, tuple[str, ...]]):
    """Rows of which some stand for several: its tab says how many there are in all."""

    def __init__(self, rows: Iterable[tuple[int, tuple[str, ...]]], in_all: int) -> None:
        super().__init__(rows)
        self.in_all = in_all


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. Its rows name no borrower.

    Attributes:
        label: of its tab, marked for the catalogues (``N_``).
        headings: of its columns, marked.
        gives_way: the columns that are cut when a row would be too long.
        empty: what is said when there is nothing on it, marked.
        read: asks the desk for the rows of this branch, by the id of what each is about.
        again: tries what is marked again, and says what came of it; it may ask first; None: there is nothing to try.
        reveal: tells whom a row is about: a look, which is noted with the purpose that was asked for; None: nobody.
    """

    label: str
    headings: tuple[str, ...]
    gives_way: tuple[int, ...]
    empty: str
    read: Callable[[DeskApp], Awaitable[Rows]]
    reveal: Callable[[DeskApp, int, Purpose], Awaitable[str]] | None = None
    again: Callable[[DeskApp, Sequence[int]], Awaitable[str]] | None = None
