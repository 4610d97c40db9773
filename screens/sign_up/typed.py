"""What was typed on the sign-up page, as values: from text to details, and to the command. No widget in it."""

from __future__ import annotations

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
