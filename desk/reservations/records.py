"""What reservations answer with. The lists of the branch (F5) hold no borrower."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """A place in a queue; ``place`` counts from 1."""

    reservation_id: int
    place: int
    pickup_branch: str


@dataclass(frozen=True, slots=True)
class ReservationRecord:
    """One reservation on a borrower's list.

    Attributes:
        barcode: of the copy it is for alone; empty: any copy of the title.
        place: in the queue, from 1; None: a copy is set aside for it already.
        waiting: how many wait in that queue.
        shelf: the place on the pickup shelf, when it is ready there.
        deadline: the last day to fetch it, when it is ready.
        estimate: days until it comes, 0: a copy stands ready; None: nothing can be said, or it is there already.
    """

    reservation_id: int
    title_id: int
    title: str = field(repr=False)
    author: str = field(repr=False)
    barcode: str = field(repr=False)
    state: str
    place: int | None
    waiting: int
    pickup_branch_id: int
    pickup_branch: str
    reserved_at: datetime
    expires_on: date
    shelf: int | None
    deadline: date | None
    estimate: int | None


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A title that a reservation may be made for.

    Attributes:
        item_id: the copy whose barcode was given; None: it was found another way.
        copies: all that the library has.
        waiting: how many wait for it.
    """

    title_id: int
    title: str
    author: str
    year: int | None
    copies: int
    waiting: int
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class ToFetch:
    """An item on its shelf here for which somebody waits (the pull list)."""

    item_id: int
    barcode: str
    title: str
    author: str
    shelf_mark: str
    reserved_at: datetime
    pickup_branch: str


@dataclass(frozen=True, slots=True)
class OnShelf:
    """An item on the pickup shelf; for whom, on a logged key."""

    reservation_id: int
    number: int
    barcode: str
    title: str
    ready_at: datetime
    deadline: date


@dataclass(frozen=True, slots=True)
class ToPutBack:
    """An item that lies on the pickup shelf for nobody any more."""

    item_id: int
    number: int
    barcode: str
    title: str
    since: datetime


@dataclass(frozen=True, slots=True)
class InTransit:
    """An item on its way: to the branch where somebody waits for it, or home."""

    item_id: int
    barcode: str
    title: str
    to: str
    is_coming_here: bool
    is_reserved: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class WithoutCopy:
    """A reservation that nothing can serve any more.

    Attributes:
        barcode: of the copy it is for; None: any copy would do, and none is left.
        status: of that copy.
    """

    reservation_id: int
    barcode: str | None
    title: str
    status: str | None
    reserved_at: datetime


@dataclass(frozen=True, slots=True)
class WhoWaits:
    """For whom an item lies on the shelf."""

    borrower_id: int
    number: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Expired:
    """How many reservations a batch ended, and whether there are more."""

    count: int
    has_more: bool
