"""On which local date a row goes, and what it waits for (P1, P2, P5, P6, G6): functions of values, no database.

The queries in :mod:`desk.privacy.retention.kinds` say the same to the store; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

from desk.calendar import local_date, start_of_local_day

KEPT_DAYS: Final = 30
"""Loans after their return or the last fee's settlement (P1, P2), fees after settlement (P5), content (P6)."""

COMMANDS_KEPT: Final = timedelta(hours=24)
"""How long it is known that a command has been carried out (C2)."""


class Waits(Enum):
    """What keeps a row's clock from running."""

    FEE = "fee"
    """A fee on it is not settled (P2)."""
    CREDIT = "credit"
    """Money is owed to the borrower."""
    RETURN = "return"
    """It has not come back."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a run goes by.

    Attributes:
        day: the run's local date: what goes on it or went before it is deleted.
        at: the instant (aware UTC) the run began; only command ids are told apart by the hour.
        log_days: days for which the access log, and a request that came to nothing, is kept.
    """

    day: date
    at: datetime
    log_days: int

    @property
    def settled_until(self) -> date:
        """The last local date on which a loan was closed or a fee settled that goes now."""
        return self.day - timedelta(days=KEPT_DAYS)

    @property
    def kept_from(self) -> datetime:
        """The first instant of which something is kept that goes after 30 days."""
        return start_of_local_day(self.settled_until + timedelta(days=1))

    @property
    def logged_from(self) -> datetime:
        """The first instant of which a row of the access log is kept."""
        return start_of_local_day(self.day - timedelta(days=self.log_days) + timedelta(days=1))

    @property
    def commands_from(self) -> datetime:
        """What was done after this instant is still known by its command id."""
        return self.at - COMMANDS_KEPT


def loan_goes(closed_on: date | None, settled: Iterable[date | None]) -> date | Waits:
    """Say when a loan goes (P1, P2).

    Args:
        closed_on: local date it counts as returned on; None: it is open.
        settled: of each fee on it, the local date it was settled on; None: it is not.
    """
    if closed_on is None:
        return Waits.RETURN
    last = closed_on
    for day in settled:
        if day is None:
            return Waits.FEE
        last = max(last, day)
    return last + timedelta(days=KEPT_DAYS)


def fee_goes(settled_on: date | None, credit_ore: int, paid_back_on: date | None = None) -> date | Waits:
    """Say when a fee goes (P5). What is owed to the borrower is a balance too: it is settled when it has gone out.

    Args:
        settled_on: local date it was paid, waived or cancelled; None: it is not.
        credit_ore: what has been paid of a cancelled claim and not gone back.
        paid_back_on: local date on which money of it went back last; None: none did.
    """
    if settled_on is None:
        return Waits.FEE
    if credit_ore > 0:
        return Waits.CREDIT
    return max(settled_on, paid_back_on or settled_on) + timedelta(days=KEPT_DAYS)


def payment_goes(fees: Iterable[date | Waits]) -> date | Waits:
    """Say when a payment goes: with the last of the fees it was for (P5). One whose fees have gone, goes today.

    Args:
        fees: when each of its fees goes.
    """
    last = date.min
    for goes in fees:
        if isinstance(goes, Waits):
            return goes
        last = max(last, goes)
    return last


def log_row_goes(at: datetime, log_days: int) -> date:
    """Say when a row of the access log goes, or a deletion request that was rejected or withdrawn (G6).

    Args:
        at: when it was written or decided, aware UTC.
        log_days: how long it is kept.
    """
    return local_date(at) + timedelta(days=log_days)
