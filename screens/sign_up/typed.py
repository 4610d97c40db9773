"""What was typed on the sign-up page, as values: from text to details, and to the command. No widget in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from desk.borrowers.details import (
    Address,
    BirthDate,
    Detail,
    Email,
    Group,
    Guardian,
    HomeBranch,
    Language,
    Municipality,
    Name,
    Protection,
    Telephones,
)
from desk.borrowers.signing_up import NewCard

_TYPED = re.compile(r"\s*(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4}|\d{2})\s*|\s*(\d{2})(\d{2})(\d{4}|\d{2})\s*")


def typed_birth_date(text: str, today: date) -> date | None:
    """Read a birth date, the day first; a year of two figures is the latest that has been.

    Args:
        text: as typed: 17.5.1980, 17-05-80, 170580.
        today: local date.

    Returns:
        The date, or None when it is none.
    """
    match = _TYPED.fullmatch(text)
    if match is None:
        return None
    day, month, written = (part for part in match.groups() if part is not None)
    year = int(written)
    if len(written) == 2:
        year += 2000 if (year, int(month), int(day)) <= (today.year % 100, today.month, today.day) else 1900
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Typed:
    """One sign-up, as it stands on the page.

    Attributes:
        cpr: ten digits, None: without one.
        protected_until: None: until it is taken away.
        pin_hash: of the card's PIN; None: none was chosen.
    """

    cpr: str | None = field(repr=False)
    birth_date: date | None = field(repr=False)
    name: str = field(repr=False)
    care_of: str = field(repr=False)
    street: str = field(repr=False)
    postcode: str = field(repr=False)
    city: str = field(repr=False)
    mobile: str = field(repr=False)
    email: str = field(repr=False)
    group_id: int
    branch_id: int
    municipality: str
    language: str
    is_protected: bool
    protected_until: date | None
    guardian_id: int | None
    card: str = field(repr=False)
    card_kind: str = "library"
    pin_hash: str | None = field(default=None, repr=False)

    @property
    def address(self) -> Address:
        """All of the address."""
        return Address(self.care_of, self.street, self.postcode, self.city)

    @property
    def telephones(self) -> Telephones:
        """The mobile gets text messages."""
        return Telephones((self.mobile,), 0) if self.mobile else Telephones(())

    @property
    def protection(self) -> Protection:
        """Name and address protection."""
        return Protection(self.is_protected, self.protected_until if self.is_protected else None)

    @property
    def new_card(self) -> NewCard | None:
        """The library card; None: the health card is the card."""
        return NewCard(self.card, self.card_kind, self.pin_hash) if self.card else None

    @property
    def details(self) -> tuple[Detail, ...]:
        """Everything the desk may refuse by itself, each by itself, so that every fault is found at once."""
        return (
            Name(self.name),
            BirthDate(self.birth_date),
            Address(care_of=self.care_of),
            Address(street=self.street),
            Address(postcode=self.postcode),
            Address(city=self.city),
            self.telephones,
            Email(self.email),
            Group(self.group_id),
            HomeBranch(self.branch_id),
            Municipality(self.municipality),
            Language(self.language),
            self.protection,
            Guardian(self.guardian_id),
        )
