"""What is known of a member of staff outside the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """Who is signed in or listed.

    Attributes:
        name: as on the status line: «Mette K.».
        has_person_number: it is known whose account it is, which four eyes take (G2).
    """

    staff_id: int
    login: str
    name: str
    role: str
    active: bool = True
    locked: bool = False
    has_person_number: bool = False

    @property
    def is_supervisor(self) -> bool:
        """Tell whether this is a supervisor."""
        return self.role == "supervisor"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against. Never leaves the sign-in service; shows nothing of itself."""

    staff: StaffRecord
    password_hash: str = field(repr=False)
    pin_hash: str | None = field(repr=False)
    try_again_at: datetime | None = field(repr=False)


def indexed_staff_card(code: str) -> str:
    """Give the text whose keyed hash a staff card is found by: the same however the card was read or typed."""
    return f"staff-card:{code.strip().upper()}"
