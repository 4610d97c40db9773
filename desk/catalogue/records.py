"""What a search for titles and an item page answer with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """One title of a search.

    Attributes:
        copies: how many there are.
        available: how many of them are at home.
    """

    title_id: int
    title: str = field(repr=False)
    author: str = field(repr=False)
    year: int | None
    copies: int
    available: int


@dataclass(frozen=True, slots=True)
class FoundTitles:
    """What a search found.

    Attributes:
        has_more: there are, or may be, others that fit.
        item_id: the copy whose barcode was typed; its title is the first. None: it was no barcode.
    """

    titles: tuple[FoundTitle, ...]
    has_more: bool
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class CopyRecord:
    """One copy on its title's page. Says nothing of who has it (C15).

    Attributes:
        since: when the status began (aware UTC); None: not known.
        reason: why staff set the status by hand; empty: it came about over the counter.
        due_on: of its open loan; None: nobody has it.
        pickup_number: its place on a pickup shelf; None: it lies on none.
        shelf_branch: whose pickup shelf it lies on or is on its way to; empty: none.
        is_set_aside: it has been set aside for whoever is first in the queue.
    """

    item_id: int
    barcode: str
    branch: str
    shelf_mark: str
    material_group: str
    status: str
    since: datetime | None
    reason: str = field(repr=False)
    due_on: date | None
    pickup_number: int | None
    shelf_branch: str
    is_set_aside: bool


@dataclass(frozen=True, slots=True)
class TitlePage:
    """A title with its copies. ``waiting`` is how many places its queue has; whose, it does not say."""

    title_id: int
    title: str = field(repr=False)
    author: str = field(repr=False)
    year: int | None
    number: str
    copies: tuple[CopyRecord, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class StatusSet:
    """What setting a status did.

    Attributes:
        was: the status before.
        on_loan: the item is on loan, and stays so.
        back_in_queue: a reservation it was set aside for has its place in the queue again.
        waiting: places in the title's queue.
        copies_left: copies of the title that somebody who waits can get, sooner or later.
    """

    item_id: int
    was: str
    status: str
    on_loan: bool
    back_in_queue: bool
    waiting: int
    copies_left: int


@dataclass(frozen=True, slots=True)
class ItemHolder:
    """Who has an item, or whom it is set aside for.

    Attributes:
        waits: it is set aside for them; else they have it.
        due_on: of the loan; None: it is set aside.
    """

    borrower_id: int
    number: str = field(repr=False)
    name: str = field(repr=False)
    waits: bool
    due_on: date | None
