"""What a list of F5 is: a label, columns, and how its rows are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from desk.privacy.purposes import Purpose
from desk.texts import N_, NP_

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
        again_key: the key for that, which is S or U; its words are marked with the context ``footer``.
        again_words: what that key does.
        again_about: the same, for the palette.
        cancel: takes the row one is on out, and says what came of it; None: nothing here can be taken out.
        reveal: tells whom a row is about: a look, which is noted with the purpose that was asked for; None: nobody.
    """

    label: str
    headings: tuple[str, ...]
    gives_way: tuple[int, ...]
    empty: str
    read: Callable[[DeskApp], Awaitable[Rows]]
    reveal: Callable[[DeskApp, int, Purpose], Awaitable[str]] | None = None
    again: Callable[[DeskApp, Sequence[int]], Awaitable[str]] | None = None
    again_key: str = "S"
    again_words: str = NP_("footer", "send again")
    again_about: str = N_("The marked ones, or the one you are on (S)")
    cancel: Callable[[DeskApp, int], Awaitable[str]] | None = None
