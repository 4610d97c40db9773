"""What is handed out about forms. No ``repr`` shows who sent one, or what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.reservations.records import Placed


@dataclass(frozen=True, slots=True)
class FormContent:
    """A form as it came in, every value checked.

    Attributes:
        kind: one of the four.
        sent_at: when it was sent, aware UTC.
        own_id: the website's own id; empty: it gave none.
        values: by the fields' names; a date is an ISO text.
    """

    kind: str
    sent_at: datetime
    own_id: str = field(repr=False)
    values: Mapping[str, str | int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form in the inbox: nothing of what it says.

    Attributes:
        is_late: it has lain for too long, and is red (P13).
        late_on: the local date from which on it is.
    """

    form_id: int
    kind: str
    sent_at: datetime
    late_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form that somebody opened to handle it."""

    form_id: int
    content: FormContent


@dataclass(frozen=True, slots=True)
class Received:
    """That a form came in.

    Attributes:
        is_new: False: it had come in before.
    """

    is_new: bool


@dataclass(frozen=True, slots=True)
class Handled:
    """That a form was handled, and is gone."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """That a reading group's title was reserved: a place in the queue for each who fetches."""

    count: int
    first: Placed


@dataclass(frozen=True, slots=True)
class Wish:
    """A line of the purchase list."""

    wish_id: int
    title: str
    author: str
    year: int | None
    listed_on: date


@dataclass(frozen=True, slots=True)
class Removed:
    """How many lines of the purchase list went."""

    count: int
