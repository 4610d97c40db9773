"""What a screen may know of a borrower."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from desk.circulation.refusals import Blocked


@dataclass(frozen=True, slots=True)
class CardRecord:
    """One card. Only its last four characters are ever shown."""

    card_id: int
    number: str = field(repr=False)
    kind: str
    state: str
    state_since: date | None = None


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """One block as the borrower's page lists it; ``lifted_at`` None: in force until ``ends_on`` (inclusive)."""

    block_id: int
    kind: str
    set_on: date
    reason: str = field(repr=False)
    ends_on: date | None
    set_by: str
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BorrowerRecord:
    """The default page (C12): name, age group, warnings, loans. No CPR, address, telephone or e-mail.

    Attributes:
        age: whole years today, None when the birth date is unknown.
        open_loans, limit: the borrower group's own count.
        note, note_by, note_at: the internal note, for staff only (P8).
        blocks: in force today, of the person and of the card that was used.
    """

    borrower_id: int
    number: str
    name: str = field(repr=False)
    age: int | None = field(repr=False)
    group: str
    home_branch: str
    language: str
    address_protected: bool
    open_loans: int
    limit: int
    card: CardRecord | None
    blocks: tuple[Blocked, ...]
    note: str = field(repr=False)
    note_by: str = field(repr=False)
    note_at: datetime | None
