"""What a screen may know of a borrower."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from desk.circulation.refusals import Blocked


@dataclass(frozen=True, slots=True)
class CardRecord:
    """One card. Only its last four characters are ever shown.

    Attributes:
        has_pin: whether a PIN has been set; the PIN itself nobody can see (P7).
        stopped_by_pins: too many wrong ones stopped it; a new PIN opens it.
    """

    card_id: int
    number: str = field(repr=False)
    kind: str
    state: str
    state_since: date | None = None
    has_pin: bool = False
    stopped_by_pins: bool = False


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
    card_id: int | None = None


@dataclass(frozen=True, slots=True)
class BorrowerRecord:
    """The default page (C12): name, age group, warnings, loans. No CPR, address, telephone or e-mail.

    Attributes:
        age: whole years today, None when the birth date is unknown.
        open_loans, limit: the borrower group's own count.
        note, note_by, note_at: the internal note, for staff only (P8).
        blocks: in force today, of the person and of the card that was used.
        owed_ore: what is left to pay, in øre; blocks when it has reached ``debt_limit_ore`` (R4).
        digital_services: whether the home municipality gives access to them.
        ready: what lies on a pickup shelf for the borrower: branch and place, in the places' order.
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
    digital_services: bool = False
    owed_ore: int = 0
    debt_limit_ore: int = 0
    ready: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BorrowerPage:
    """All of a borrower's page that is shown without a key (C12). What is masked is only told to be there.

    Attributes:
        borrower: the default page.
        masked_cpr: ``010190-••••``; empty: none is held.
        is_replacement: the number is a replacement number, which the CPR register does not know.
        has_address, telephones, has_email: whether there is something to reveal, and how many.
        protected_until: the last day of the address protection, None: no end, or none.
        absent_from, absent_until: either may be open.
        has_guardian: somebody else is financially responsible; who, on a key.
        responsible_for: how many others this borrower answers for.
        reservations, ready: how many, and how many of them lie on a shelf.
        owed_ore: what is left to pay of unsettled fees, in øre.
        messages: how many are on the overview.
        cards, blocks: all of them.
    """

    borrower: BorrowerRecord
    birth_date: date | None = field(repr=False)
    masked_cpr: str = field(repr=False)
    is_replacement: bool
    has_address: bool
    address_dated: date | None
    telephones: int
    has_email: bool
    protected_until: date | None
    absent_from: date | None
    absent_until: date | None
    group_id: int
    home_branch_id: int
    municipality: str
    has_guardian: bool
    responsible_for: int
    note_to_borrower: str = field(repr=False)
    note_to_borrower_by: str = field(repr=False)
    note_to_borrower_at: datetime | None
    reservations: int
    ready: int
    owed_ore: int
    messages: int
    cards: tuple[CardRecord, ...]
    blocks: tuple[BlockRecord, ...]


@dataclass(frozen=True, slots=True)
class GuardianRecord:
    """Who is financially responsible."""

    borrower_id: int
    number: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a borrower's group and home branch can be: id and name, in order."""

    groups: tuple[tuple[int, str, str], ...]
    branches: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FoundBorrower:
    """One line of a search: enough to tell two of the same name apart, and nothing that is masked (C11, C12).

    Attributes:
        birth_year: None: not known.
        street: empty while the address is protected, or when there is none.
        is_blocked: a block of the person is in force today.
    """

    borrower_id: int
    number: str = field(repr=False)
    name: str = field(repr=False)
    birth_year: int | None = field(repr=False)
    street: str = field(repr=False)
    group: str
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, in order; ``has_more``: there are others beyond these."""

    borrowers: tuple[FoundBorrower, ...]
    has_more: bool
