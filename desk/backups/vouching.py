"""What nobody can know about a back-up, and a supervisor takes upon themselves (G5): in their own name, in its log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from desk.command import Who
from desk.errors import SignInFailed
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.privacy.retention.commands import clock_back_from
from desk.privacy.retention.trusting import TrustClock

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.backups.lists import Lists
    from desk.installation import Installation

NO_LIST: Final = "no_tombstones"
CLOCK: Final = "run_ahead"


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who takes it upon themselves that nobody knows whom the back-up brings back."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that only a supervisor's word goes over.

    Attributes:
        what: ``no_tombstones``: no list of tombstones can be trusted; ``run_ahead``: the store's last retention run
            lies ahead of the clock.
        ahead_from: that run's last instant, aware UTC.
    """

    what: str
    ahead_from: datetime | None = None


Vouches: TypeAlias = Callable[[tuple[Doubt, ...]], Supervisor]
"""Asked for a supervisor, who is told what is in doubt."""


def doubts_of(store: Installation, lists: Lists, at: datetime) -> tuple[Doubt, ...]:
    """Give what stands in the way of erasing and deleting again in a store.

    Args:
        store: over the store; nobody else has it open.
        lists: of tombstones, as they were found.
        at: the instant, aware UTC.

    Raises:
        StorageError: the store cannot be read.
    """
    ahead_from = store.store.read_here(lambda transaction: clock_back_from(transaction, at))
    return (
        *(() if lists.is_enough else (Doubt(NO_LIST),)),
        *(() if ahead_from is None else (Doubt(CLOCK, ahead_from),)),
    )


def take_word(
    store: Installation, doubts: tuple[Doubt, ...], supervisor: Supervisor, at: datetime, new_id: Callable[[], str]
) -> None:
    """Let a supervisor answer for what is in doubt, and write down in the store's access log that they did.

    Args:
        store: whose supervisor it must be.
        doubts: what they were told.
        supervisor: with their password.
        at: the instant, aware UTC.
        new_id: draws command ids.

    Raises:
        SignInFailed: they are no supervisor of the store's.
        DeskError, StorageError: it cannot be written down.
    """
    staff = asyncio.run(store.sign_in.with_password(supervisor.login, supervisor.password))
    if not staff.is_supervisor:
        raise SignInFailed("not_supervisor")
    who, kinds = Who(staff.staff_id), {doubt.what for doubt in doubts}
    if NO_LIST in kinds:
        store.store.write_here(lambda transaction: _noted(transaction, who, at))
    if CLOCK in kinds:
        asyncio.run(store.desk.do(TrustClock(command_id=new_id(), who=who, at=at)))


def _noted(transaction: Transaction, who: Who, at: datetime) -> int:
    return note(transaction, who, at, Action.RESTORE, Purpose.DELETION)
