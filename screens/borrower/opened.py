"""Whose page is open, and why."""

from __future__ import annotations

from dataclasses import dataclass

from desk.privacy.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Opened:
    """A borrower whose page is opened.

    Attributes:
        card_id: the card that was used, None when the borrower was found another way.
        visit: the visit that is open at the counter; None: the page was opened from a search, and nobody borrows.
        purpose: why, as the access log has it.
    """

    borrower_id: int
    card_id: int | None = None
    visit: str | None = None
    purpose: Purpose = Purpose.BORROWER_ASKS
