"""What is told about the newsletter. No ``repr`` shows a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class SubscriberRecord:
    """Somebody on the list."""

    email: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    consented_on: date


@dataclass(frozen=True, slots=True)
class Subscription:
    """What became of somebody who subscribed.

    Attributes:
        is_new: False: they subscribed already; the names are those given now.
    """

    is_new: bool


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """That somebody is off the list, and nothing of them is kept."""


@dataclass(frozen=True, slots=True)
class MailingRecord:
    """How far a mailing is; figures only.

    Attributes:
        is_done: it has been sent, and who got it is not kept.
        waiting: how many it still goes to.
        uncertain: how many may or may not have got it: a run was killed between a mail's last line and the answer.
    """

    mailing_id: int
    is_done: bool
    due: int
    sent: int
    failed: int
    uncertain: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whose mail is this run's to hand over."""

    row_id: int
    email: str = field(repr=False)
    first_name: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UncertainMail:
    """A mail that may or may not have arrived."""

    row_id: int
    mailing_id: int
    token: str = field(repr=False)
