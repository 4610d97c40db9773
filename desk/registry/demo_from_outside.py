"""What reaches the demo's library from outside: forms from its website, and who gets its newsletter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from db.models import Borrower, Form, Subscriber
from desk.calendar import local_date
from desk.forms.kinds import APPOINTMENT, HOLIDAY_BAG, READING_GROUP, SUGGESTION
from desk.forms.records import FormContent
from desk.forms.sealing import mark_of, sealed
from desk.newsletter.rules import folded_email

if TYPE_CHECKING:
    from db.store import Transaction

HOLIDAY_WEEKS: Final = range(26, 34)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form somebody has sent.

    Attributes:
        days_ago: when it was sent, counted from the day the demo is made.
        in_days: dates it asks for, so many days from then.
    """

    kind: str
    days_ago: int
    values: Mapping[str, str | int]
    in_days: Mapping[str, int] = field(default_factory=dict)


FORMS: Final = (
    Sent(
        SUGGESTION,
        94,
        {"title": "Havørnens år", "author": "Signe Ravn", "year": 2025, "name": "Poul Erik Vad", "phone": "20991122"},
    ),
    Sent(
        READING_GROUP,
        6,
        {
            "title": "Hærværk",
            "author": "Tom Kristensen",
            "copies": 4,
            "name": "Læsekredsen i Hvidbjerg",
            "email": "laesekreds@example.dk",
        },
        {"needed_on": 24},
    ),
    Sent(
        APPOINTMENT,
        2,
        {"about": "Hjælp til MitID", "wanted_at": "10:30", "name": "Kaj Brogaard", "email": "kaj.brogaard@example.dk"},
        {"wanted_on": 5},
    ),
    Sent(
        HOLIDAY_BAG,
        3,
        {"ages": "4-6 år", "wishes": "Gerne noget om dinosaurer", "name": "Mette Laugesen", "phone": "20993344"},
        {"pickup_on": 9},
    ),
)
# Borrowers who get the newsletter too, and others who do.
SUBSCRIBING: Final = ("Anna Kirstine Møller", "Grete Søndergaard")
OTHERS: Final = (
    ("laesekreds@example.dk", "", "", 410),
    ("kaj.brogaard@example.dk", "Kaj", "Brogaard", 33),
    ("nyt-fra-hvidbjerg@example.dk", "Redaktionen", "", 800),
)


def write_what_came_in(transaction: Transaction, at: datetime) -> None:
    """Write the inbox and the newsletter's list.

    Args:
        transaction: of a store with the demo's borrowers.
        at: the instant the demo is made, aware UTC.
    """
    today = local_date(at)
    for sent in FORMS:
        if sent.kind != HOLIDAY_BAG or _in_season(today - timedelta(days=sent.days_ago)):
            _write_form(transaction, sent, at)
    emails = Borrower.select(Borrower.email, Borrower.name).where(Borrower.name.in_(SUBSCRIBING))
    for email, name in transaction.all(emails.order_by(Borrower.id)):
        first, _space, last = name.rpartition(" ")
        _subscribe(transaction, folded_email(email), first, last, today - timedelta(days=120))
    for email, first, last, days_ago in OTHERS:
        _subscribe(transaction, email, first, last, today - timedelta(days=days_ago))


def _write_form(transaction: Transaction, sent: Sent, at: datetime) -> None:
    sent_at = at - timedelta(days=sent.days_ago)
    dates = {name: (local_date(at) + timedelta(days=days)).isoformat() for name, days in sent.in_days.items()}
    content = FormContent(sent.kind, sent_at, "", {**sent.values, **dates})
    mark = mark_of(transaction.vault, content)
    transaction.run(
        Form.insert(
            mark=mark,
            kind=sent.kind,
            sent_at=sent_at,
            received_at=sent_at,
            sealed=sealed(transaction.vault, content, mark),
        )
    )


def _subscribe(transaction: Transaction, email: str, first: str, last: str, since: date) -> None:
    transaction.run(Subscriber.insert(email=email, first_name=first, last_name=last, consented_on=since))


def _in_season(day: date) -> bool:
    return day.isocalendar().week in HOLIDAY_WEEKS
