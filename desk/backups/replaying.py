"""What happened after a back-up and must not be undone by it: erasures and retention, again (G5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from db.models import Message
from desk.backups.checking import erased_in
from desk.command import INSTALLATION
from desk.messages.handing_over import UNCERTAIN
from desk.newsletter.leaving import take_off_left
from desk.newsletter.mailing import doubt_all
from desk.privacy.access_log import note
from desk.privacy.erasure.eraser import erase_borrower
from desk.privacy.purposes import Action, Purpose
from desk.privacy.retention.run import clockwork_of, run_retention

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.backups.lists import Lists
    from desk.installation import Installation


@dataclass(frozen=True, slots=True)
class Replayed:
    """What went again.

    Attributes:
        erased: how many persons.
        rows: rows of them, a table each.
        retention: rows that retention took, a kind each.
        unsubscribed: how many had left the newsletter since.
    """

    erased: int
    rows: Mapping[str, int] = field(default_factory=dict)
    retention: Mapping[str, int] = field(default_factory=dict)
    unsubscribed: int = 0


def replay(installation: Installation, lists: Lists, at: datetime, new_id: Callable[[], str]) -> Replayed:
    """Erase everybody in a store who has a tombstone, unsubscribe who has left the newsletter, and run retention.

    Args:
        installation: over the store; nobody else has it open.
        lists: who was erased, and who has left the newsletter.
        at: the instant, aware UTC.
        new_id: draws command ids.

    Raises:
        DeskError: it cannot be done; the clock stands before the store's last retention run.
        StorageError: the store cannot be read or written.
    """
    erased, rows = 0, dict[str, int]()
    for borrower_id in installation.store.read_here(lambda transaction: erased_in(transaction, lists.tombstones)):
        counts = installation.store.write_here(lambda transaction, one=borrower_id: _erased(transaction, one, at))  # type: ignore[misc]
        erased += 1
        rows = {table: rows.get(table, 0) + count for table, count in counts.items()}
    unsubscribed = installation.store.write_here(lambda transaction: take_off_left(transaction, lists.left))
    report = asyncio.run(run_retention(clockwork_of(installation, lambda: at, new_id)))
    return Replayed(erased, rows, dict(report.counts), unsubscribed)


def doubt_messages(installation: Installation) -> int:
    """Tell of what waited to be sent as uncertain; gives how many messages.

    Most of it was sent between the back-up and now. Sent again by itself it would reach people twice, or about what is
    long over: it is sent when somebody at the counter says so (M1).

    Raises:
        StorageError: the store cannot be written.
    """
    doubted = Message.update(state="failed", try_at=None, problem=UNCERTAIN).where(
        Message.state.in_(("waiting", "sending"))
    )
    return installation.store.write_here(lambda transaction: transaction.run(doubted))


def doubt_mailings(installation: Installation) -> None:
    """Tell of what a newsletter under way had still to reach as uncertain: most of it was sent since.

    The mail server's log knows by Message-ID (``desk newsletter uncertain``).

    Raises:
        StorageError: the store cannot be written.
    """
    installation.store.write_here(doubt_all)


def _erased(transaction: Transaction, borrower_id: int, at: datetime) -> dict[str, int]:
    counts = erase_borrower(transaction, borrower_id, at)
    # Whose it was is nobody's any more; that it was done again is seen.
    note(transaction, INSTALLATION, at, Action.ERASE, Purpose.DELETION)
    return counts
