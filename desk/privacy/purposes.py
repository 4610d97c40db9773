"""Why somebody looks at a borrower, and what was done: the words of the access log (G8)."""

from __future__ import annotations

from enum import Enum


class Purpose(Enum):
    """Why. Implied by what one is doing; asked by one key where it is not."""

    LENDING = "lending"
    BORROWER_ASKS = "borrower_asks"
    FOLLOW_UP = "follow_up"
    CORRECTION = "correction"
    SIGN_UP = "sign_up"
    ACCESS = "access"
    SUPERVISION = "supervision"
    REGISTER = "register"
    IMPORT = "import"
    DELETION = "deletion"


# Those a clerk is asked to choose from when a page is opened without the borrower's card.
ASKED = (Purpose.BORROWER_ASKS, Purpose.FOLLOW_UP, Purpose.CORRECTION)


class Action(Enum):
    """What was done: a look, or a change."""

    VISIT = "visit"
    PAGE = "page"
    SEARCH = "search"
    REVEAL = "reveal"
    LEND = "lend"
    RENEW = "renew"
    UNDO = "undo"
    OVERRIDE = "override"
    CREATE = "create"
    CHANGE = "change"
    LOG = "log"
    EXPORT = "export"
    CHARGE = "charge"
    PAY = "pay"
    STATEMENT = "statement"
    ERASE = "erase"
    TRUST_CLOCK = "trust_clock"
    RESTORE = "restore"
