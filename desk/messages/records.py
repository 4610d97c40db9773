"""What is told about messages. Neither where they go nor what they say is in a ``repr``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that may be handed over now.

    Attributes:
        facts: as queued; None: they are gone, or were never what they should be.
    """

    row_id: int
    kind: str
    language: str
    channel: str
    facts: Mapping[str, Any] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Worded:
    """A message in words, about to be handed over; ``problem``: it could not be put into words."""

    row_id: int
    subject: str = field(default="", repr=False)
    body: str = field(default="", repr=False)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is this run's to hand over.

    Attributes:
        to: an e-mail address or a telephone number, as it stands on the borrower now.
        message_id: drawn when it was queued: the same however often it is tried.
        tries: this one included.
    """

    row_id: int
    channel: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    message_id: str
    tries: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of messages that were to be handed over.

    Attributes:
        taken: this run's to hand over.
        lapsed: how many had lost their cause, and go nowhere.
        left: how many have changed; they still wait, and are put into words anew.
    """

    taken: tuple[Outgoing, ...]
    lapsed: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message that was handed over, or not.

    Attributes:
        problem: a code; empty: it was taken.
        is_passing: it may be tried again by itself.
        is_kept: it is the channel that is in trouble, not the message: it waits however often.
    """

    row_id: int
    problem: str = ""
    is_passing: bool = False
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of a kind, language and channel are due."""

    kind: str
    language: str
    channel: str
    count: int


@dataclass(frozen=True, slots=True)
class Queued:
    """What one batch of a nightly queueing did.

    Attributes:
        count: borrowers told something (over one channel or several).
        next: where the next batch begins; None: there is none.
    """

    count: int
    next: tuple[int, date] | None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A line of the list (M2): when, what, over which channel, what became of it. Not what it says.

    Attributes:
        state: one of ``MESSAGE_STATES``.
        problem: why it failed, or why it waits to be tried again.
        try_at: when a waiting one is due.
        has_content: False after 30 days (P6).
    """

    row_id: int
    kind: str
    channel: str
    state: str
    problem: str
    created_at: datetime
    try_at: datetime | None
    sent_at: datetime | None
    tries: int
    has_content: bool

    @property
    def at(self) -> datetime:
        """When it was sent, else when it was queued."""
        return self.sent_at or self.created_at


@dataclass(frozen=True, slots=True)
class MessageText:
    """What a message said.

    Attributes:
        body: empty: it has not been put into words yet.
    """

    record: MessageRecord
    subject: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnsentMessage:
    """A message that somebody should look at; whose it is only a number tells."""

    record: MessageRecord
    borrower_id: int
