"""Everything that is expected to go wrong, as types with data; the sentence is made at the edge.

::

    DeskError
    ├── SettingsError          desk.toml says something we do not know
    ├── SecretsError           a key is missing, or lies open
    ├── StoreError             the store did not do what was asked
    │   ├── StoreIsBusy        another program holds it: try again
    │   ├── StoreIsUnreachable it does not answer
    │   ├── StoreIsUnreadable  wrong key or damaged file
    │   ├── StoreIsFull        no room, or read-only
    │   └── StoreIsOutdated    made by another version of the program
    ├── HomeError              the home is not what the command needs (no store, not a demo …)
    ├── NotAllowed             the command's right is not among the role's
    │   └── AccountClosed      whoever asks has no account any more
    ├── SignInFailed           wrong, too early, or locked
    ├── NotFound               a row that was named does not exist (any more)
    ├── InvalidInput           a value that cannot be meant
    │   └── TillIsClosed       the till has been counted and signed for that day
    ├── ChangedMeanwhile       somebody else changed what was read
    ├── AlreadyDone            the command id is taken by a command of another kind
    ├── ImportFailed           the file as a whole cannot be read
    ├── FileNotWritten         a file that was asked for is not made
    ├── BackupError            a back-up cannot be made, or is not one that can be restored
    ├── NotErasable            a borrower who is to be erased has something out, owed or to answer for
    ├── TombstonesError        the list of the erased cannot be trusted, or not be written
    ├── ClockSetBack           the clock stands before the last retention run
    └── Refused                rules say no; carries every reason
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.circulation.refusals import Refusal


class DeskError(Exception):
    """An expected failure. Anything else is a bug."""


class SettingsError(DeskError):
    """``desk.toml`` cannot be used as it is."""


class SecretsError(DeskError):
    """A key is missing or is not safe where it lies."""


@dataclass(eq=False)
class StoreError(DeskError):
    """The store did not do what was asked; nothing half-written remains.

    Attributes:
        where: the file or server, never with a password.
        detail: the engine's own words.
    """

    where: str
    detail: str = ""


class StoreIsBusy(StoreError):
    """Another program holds the store."""


class StoreIsUnreachable(StoreError):
    """The store does not answer."""


class StoreIsUnreadable(StoreError):
    """The key does not open the file, or the file is damaged."""


class StoreIsFull(StoreError):
    """The disk is full, or the file is read-only."""


class StoreIsOutdated(StoreError):
    """The tables are another version's."""


@dataclass(eq=False)
class HomeError(DeskError):
    """The home folder is not what the command needs. ``why`` is one of the words in ``desk.installation``."""

    home: str
    why: str


@dataclass(eq=False)
class NotAllowed(DeskError):
    """The operator's role does not have the right the command names."""

    right: str


class AccountClosed(NotAllowed):
    """The operator's account has been closed while they were signed in."""


@dataclass(eq=False)
class SignInFailed(DeskError):
    """Sign-in or step-up failed.

    Attributes:
        why: ``wrong``, ``wait`` (too soon after a wrong try), ``locked``, ``not_supervisor`` or ``pin_needed``.
        try_again_at: aware UTC, with ``wait``.
    """

    why: str
    try_again_at: datetime | None = None


@dataclass(eq=False)
class NotFound(DeskError):
    """Something named by a command is not there (any more): ``what`` is a word of *Names*."""

    what: str


@dataclass(eq=False)
class InvalidInput(DeskError):
    """A value that cannot be meant: ``field`` names it, ``why`` is a short code worded at the edge."""

    field: str
    why: str


@dataclass(eq=False)
class ChangedMeanwhile(DeskError):
    """What was read and is to be replaced is not so any more; nothing was written.

    Attributes:
        what: its key in the data map.
        by: who changed it; empty: an import, or nobody knows.
        at: when (aware UTC), as far as it is known.
    """

    what: str
    by: str = ""
    at: datetime | None = None


@dataclass(eq=False)
class TillIsClosed(InvalidInput):
    """No money moves at a counter on a day for which its till has been counted: ``closed_by`` signed it."""

    closed_by: str
    closed_at: datetime


@dataclass(eq=False)
class AlreadyDone(DeskError):
    """The command id belongs to a command of another kind: a bug in the caller, told rather than guessed."""

    command_id: str


@dataclass(eq=False)
class ImportFailed(DeskError):
    """The file as a whole cannot be read: ``why`` is a short code worded at the edge."""

    file: str
    why: str
    detail: str = ""


@dataclass(eq=False)
class FileNotWritten(DeskError):
    """A file that was asked for is not made: ``why`` is a short code worded at the edge."""

    file: str
    why: str
    detail: str = ""


@dataclass(eq=False)
class BackupError(DeskError):
    """A back-up cannot be made, or what is to be restored cannot be: ``why`` is a short code worded at the edge."""

    file: str
    why: str
    detail: str = ""


@dataclass(eq=False)
class NotErasable(DeskError):
    """A borrower cannot be erased as it is (P3, G1); nothing was done. Says everything at once.

    Attributes:
        open_loans: what is out.
        unsettled_fees: what has not been settled.
        credit_ore: what is owed to the borrower, in øre.
        wards: children for whom the borrower answers.
    """

    open_loans: int
    unsettled_fees: int
    credit_ore: int
    wards: int


@dataclass(eq=False)
class TombstonesError(DeskError):
    """The list of tombstones is not as it was left, or cannot be written: nobody can be erased until it is.

    Attributes:
        file: the list.
        why: ``damaged``, ``newer`` (another version's), ``unreadable`` or ``unwritable``; of one beside a back-up also
            ``away`` (its medium is) or ``other`` (it knows more than the home's own).
        detail: the system's own words.
    """

    file: str
    why: str
    detail: str = ""


@dataclass(eq=False)
class ClockSetBack(DeskError):
    """The clock stands before the last retention run, so nothing says what is due; nothing was deleted.

    Attributes:
        last_at: the last instant of that run, aware UTC.
        now: what the clock says.
    """

    last_at: datetime
    now: datetime


@dataclass(eq=False)
class Refused(DeskError):
    """The rules say no. Carries every reason at once, worst first (C5)."""

    reasons: tuple[Refusal, ...]
    item_id: int | None = field(default=None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons' codes, as they are kept in the command record."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(eq=False)
class OneOfThemRefused(Refused):
    """The rules say no to one of several borrowers, and so to all.

    Attributes:
        number: which of them, counted from 1 in the order in which they were given.
    """

    number: int = 1
