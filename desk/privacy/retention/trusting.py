"""The way out when a clock had run ahead (G6): a supervisor says that it is right now, and the runs go on.

A run that was done by a clock that stood in another year stops every later one until that day comes, and every restore
of a back-up that has it in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from db.models import RetentionRun
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.privacy.retention.commands import clock_back_from
from desk.privacy.retention.records import TrustedClock
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

CLOCK_AHEAD = "clock_ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustClock(Command[TrustedClock]):
    """Take the clock's word against that of a run that lies ahead of it. A supervisor answers for it, and is named."""

    right: ClassVar[Right] = Right.OVERRIDE


@carries_out(
    TrustClock,
    row_id=lambda _trusted: None,
    again=lambda _transaction, _command, _row: TrustedClock(None),
)
def trust_clock(transaction: Transaction, command: TrustClock) -> TrustedClock:
    """Set the runs that lie ahead back to today, as broken off: today's is taken up again, and deletes what is due.

    A clock that stands before no run is trusted as it is; nothing is written then.
    """
    ahead_from = clock_back_from(transaction, command.at)
    if ahead_from is None:
        return TrustedClock(None)
    today = local_date(command.at)
    ahead = (
        (RetentionRun.day > today)
        | (RetentionRun.started_at > command.at)
        | (RetentionRun.finished_at.is_null(False) & (RetentionRun.finished_at > command.at))
    )
    transaction.run(
        RetentionRun.update(
            day=today, started_at=command.at, finished_at=command.at, state="failed", problem=CLOCK_AHEAD
        ).where(ahead)
    )
    note(transaction, command.who, command.at, Action.TRUST_CLOCK, Purpose.SUPERVISION)
    return TrustedClock(ahead_from)
