"""The access log (G8): append-only, chained over the stored bytes, and still whole when a borrower is erased.

A row's seal is a keyed hash of the seal before it and of what the row holds, so a row that is edited, taken out or put
elsewhere breaks the chain there. What ends the log, and what retention cut off, is sealed in :class:`AccessLogEnds`,
and the newest row is remembered outside the store as well: a log that was shortened does not reach its end any more.

Whose a row is, only the borrower's own ``log_key`` tells.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from db.bulk import insert_many
from db.models import AccessLog, AccessLogEnds, Borrower
from db.statements import Slot, Statement
from desk.command import Who
from desk.errors import NotFound
from desk.privacy.purposes import Action, Purpose

if TYPE_CHECKING:
    from db.store import Transaction

FIRST_SEAL = b""
DONE, NOT_FOUND, REFUSED = "done", "not_found", "refused"
LOG_KEY_BYTES = 32

ENDS_ROW = Statement(AccessLogEnds.select(AccessLogEnds.id).where(AccessLogEnds.id == Slot("id")).for_update())
ENDS = Statement(
    AccessLogEnds.select(
        AccessLogEnds.cut_number,
        AccessLogEnds.cut_seal,
        AccessLogEnds.newest_number,
        AccessLogEnds.newest_seal,
        AccessLogEnds.seal,
    ).where(AccessLogEnds.id == Slot("id"))
)
NEW_END = Statement(
    AccessLogEnds.update(
        newest_number=Slot("number"),
        newest_seal=Slot("newest_seal"),
        seal=Slot("seal"),
    ).where(AccessLogEnds.id == Slot("id"))
)
LOG_KEY = Statement(Borrower.select(Borrower.log_key).where(Borrower.id == Slot("borrower_id")))
NEW_ROW = Statement(
    AccessLog.insert(
        number=Slot("number"),
        at=Slot("at"),
        staff=Slot("staff_id"),
        counter=Slot("counter_id"),
        subject=Slot("subject"),
        action=Slot("action"),
        purpose=Slot("purpose"),
        revealed=Slot("revealed"),
        outcome=Slot("outcome"),
        seal=Slot("seal"),
    )
)
COLUMNS = (
    AccessLog.number,
    AccessLog.at,
    AccessLog.staff,
    AccessLog.counter,
    AccessLog.subject,
    AccessLog.action,
    AccessLog.purpose,
    AccessLog.revealed,
    AccessLog.outcome,
    AccessLog.seal,
)
ROWS = Statement(
    AccessLog.select(*COLUMNS).where(AccessLog.number > Slot("after")).order_by(AccessLog.number).limit(Slot("count"))
)
OLDEST = Statement(
    AccessLog.select(AccessLog.number, AccessLog.at)
    .where(AccessLog.number > Slot("after"))
    .order_by(AccessLog.number)
    .limit(Slot("count"))
)
SEAL_OF = Statement(AccessLog.select(AccessLog.seal).where(AccessLog.number == Slot("number")))
CUT_OFF = Statement(AccessLog.delete().where(AccessLog.number <= Slot("number")))
NEW_BEGINNING = Statement(
    AccessLogEnds.update(cut_number=Slot("number"), cut_seal=Slot("cut_seal"), seal=Slot("seal")).where(
        AccessLogEnds.id == Slot("id")
    )
)
READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the log begins and ends: what retention cut off last, and the newest row."""

    cut_number: int
    cut_seal: bytes
    newest_number: int
    newest_seal: bytes

    @property
    def content(self) -> bytes:
        """What their own seal is made of."""
        return _bytes((self.cut_number, self.cut_seal.hex(), self.newest_number, self.newest_seal.hex()))


def begin_log(transaction: Transaction) -> None:
    """Seal the beginning of a log that has no row yet; one that has begun stays as it is."""
    if transaction.one(ENDS, id=1) is None:
        ends = Ends(0, FIRST_SEAL, 0, FIRST_SEAL)
        transaction.run(
            AccessLogEnds.insert(
                id=1,
                cut_seal=ends.cut_seal,
                newest_seal=ends.newest_seal,
                seal=transaction.vault.chained(FIRST_SEAL, ends.content),
            )
        )


def newest_row(transaction: Transaction) -> tuple[int, bytes]:
    """Give number and seal of the newest row, as a witness remembers them."""
    ends = _ends(transaction)
    return (0, FIRST_SEAL) if ends is None else (ends.newest_number, ends.newest_seal)


def subject_of(log_key: bytes) -> bytes:
    """Give a borrower's mark in the log (32 bytes).

    Raises:
        ValueError: the key is none: everybody without one would have the same mark.
    """
    if len(log_key) != LOG_KEY_BYTES:
        raise ValueError("a borrower has no log key")
    return hmac.digest(log_key, b"subject", "sha256")


def subject_of_borrower(transaction: Transaction, borrower_id: int) -> bytes:
    """Read a borrower's mark.

    Raises:
        NotFound: the borrower is gone.
    """
    key = transaction.value(LOG_KEY, borrower_id=borrower_id)
    if key is None:
        raise NotFound("borrower")
    return subject_of(key)


def note(
    transaction: Transaction,
    who: Who,
    at: datetime,
    action: Action,
    purpose: Purpose,
    borrower_id: int | None = None,
    *,
    revealed: Iterable[str] = (),
    outcome: str = DONE,
    subject: bytes | None = None,
) -> int:
    """Add a row, as the last thing a command does: on PostgreSQL everybody who writes one waits for it.

    Args:
        transaction: the command's own, so that there is no look without its row and no row without its look.
        who: on whose behalf.
        at: the instant, aware UTC.
        action: what was done.
        purpose: why.
        borrower_id: whose; None when nobody was found.
        revealed: keys of the data map that were shown or changed.
        outcome: ``done``, ``not_found`` or ``refused``.
        subject: the borrower's mark, where the command has read it with the borrower; None: it is read here.

    Returns:
        The row's number.

    Raises:
        NotFound: the borrower is gone.
    """
    if subject is None and borrower_id is not None:
        subject = subject_of_borrower(transaction, borrower_id)
    transaction.lock(ENDS_ROW, id=1)
    ends = _ends(transaction)
    if ends is None:
        raise NotFound("access_log")
    number = ends.newest_number + 1
    row = (number, at, who.staff_id, who.counter_id, subject, action.value, purpose.value, " ".join(revealed), outcome)
    seal = transaction.vault.chained(ends.newest_seal, row_content(row))
    transaction.run(
        NEW_ROW,
        number=number,
        at=at,
        staff_id=who.staff_id,
        counter_id=who.counter_id,
        subject=subject,
        action=row[5],
        purpose=row[6],
        revealed=row[7],
        outcome=outcome,
        seal=seal,
    )
    _end_with(transaction, ends, number, seal)
    return number


@dataclass(frozen=True, slots=True)
class NewRow:
    """One of many rows that a command adds at once: whose, what was done, and keys of the data map."""

    borrower_id: int
    action: Action
    revealed: tuple[str, ...] = ()


def note_many(transaction: Transaction, who: Who, at: datetime, purpose: Purpose, rows: Sequence[NewRow]) -> None:
    """Add rows as :func:`note` does, the chain worked out for all of them at once (imports).

    Args:
        transaction: the command's own.
        who: on whose behalf.
        at: the instant, aware UTC.
        purpose: why.
        rows: in the order in which they are to stand.

    Raises:
        NotFound: a borrower is gone.
    """
    if not rows:
        return
    wanted = [row.borrower_id for row in rows]
    keys = dict(transaction.all(Borrower.select(Borrower.id, Borrower.log_key).where(Borrower.id.in_(wanted))))
    if not keys.keys() >= set(wanted):
        raise NotFound("borrower")
    transaction.lock(ENDS_ROW, id=1)
    ends = _ends(transaction)
    if ends is None:
        raise NotFound("access_log")
    number, seal, vault = ends.newest_number, ends.newest_seal, transaction.vault
    sealed: list[tuple[Any, ...]] = []
    for new in rows:
        number += 1
        subject, revealed = subject_of(keys[new.borrower_id]), " ".join(new.revealed)
        row = (number, at, who.staff_id, who.counter_id, subject, new.action.value, purpose.value, revealed, DONE)
        seal = vault.chained(seal, row_content(row))
        sealed.append((*row, seal))
    insert_many(transaction, COLUMNS, sealed)
    _end_with(transaction, ends, number, seal)


def _end_with(transaction: Transaction, ends: Ends, number: int, seal: bytes) -> None:
    """Say which row is the newest now, in the store and, once it is committed, outside it."""
    newest = Ends(ends.cut_number, ends.cut_seal, number, seal)
    own = transaction.vault.chained(FIRST_SEAL, newest.content)
    transaction.run(NEW_END, id=1, number=number, newest_seal=seal, seal=own)
    witness = transaction.witness
    if witness is not None:
        transaction.after_commit.append(lambda: witness.remember(number, seal))


def log_begins_after(transaction: Transaction) -> int:
    """Give the number of the last row that retention has cut off; held until the end by whoever will cut."""
    transaction.lock(ENDS_ROW, id=1)
    ends = _ends(transaction)
    return 0 if ends is None else ends.cut_number


def oldest_rows(transaction: Transaction, after: int, count: int) -> list[tuple[int, datetime]]:
    """Give number and instant of rows from the oldest end.

    Args:
        transaction: a consistent view of the store.
        after: the number before the first of them.
        count: so many at most.
    """
    return [(number, at) for number, at in transaction.all(OLDEST, after=after, count=count)]


def cut_log(transaction: Transaction, number: int) -> int:
    """Cut the log off at its oldest end, and seal where it begins now: what is left is still one chain (G8).

    The newest row is not touched, so what is remembered of it outside the store stays true.

    Args:
        transaction: the command's.
        number: the last row that goes.

    Returns:
        How many rows went.

    Raises:
        NotFound: there is no such row, or no log.
    """
    transaction.lock(ENDS_ROW, id=1)
    ends, seal = _ends(transaction), transaction.value(SEAL_OF, number=number)
    if ends is None or seal is None:
        raise NotFound("access_log")
    cut = Ends(number, seal, ends.newest_number, ends.newest_seal)
    gone = transaction.run(CUT_OFF, number=number)
    own = transaction.vault.chained(FIRST_SEAL, cut.content)
    transaction.run(NEW_BEGINNING, id=1, number=number, cut_seal=seal, seal=own)
    return gone


def row_content(row: tuple[Any, ...]) -> bytes:
    """Give what a row's seal is made of: its stored values, in the order of the columns."""
    number, at, staff_id, counter_id, subject, action, purpose, revealed, outcome = row
    mark = None if subject is None else subject.hex()
    return _bytes((number, at.isoformat(), staff_id, counter_id, mark, action, purpose, revealed, outcome))


# Made once: json.dumps makes one for every row.
_as_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def _bytes(values: tuple[object, ...]) -> bytes:
    return _as_json(values).encode("ascii")


def _ends(transaction: Transaction) -> Ends | None:
    row = transaction.one(ENDS, id=1)
    return None if row is None else Ends(*row[:4])


@dataclass(frozen=True, slots=True)
class BrokenLog:
    """Where a log is not what was written.

    Attributes:
        what: ``changed`` (the row, or its place), ``missing`` (rows before it are gone), ``shortened`` (the newest rows
            are gone), ``ends`` (what seals its ends was changed, or is gone).
        number: the first row that does not fit.
    """

    what: str
    number: int


def first_break(transaction: Transaction, remembered: tuple[int, bytes] | None = None) -> BrokenLog | None:
    """Read the whole log and give the first place where it is broken, or None.

    Args:
        transaction: a consistent view of the store.
        remembered: number and seal of the newest row as it was remembered outside the store.
    """
    row = transaction.one(ENDS, id=1)
    if row is None or row[4] != transaction.vault.chained(FIRST_SEAL, Ends(*row[:4]).content):
        return BrokenLog("ends", 0 if row is None else row[2])
    ends = Ends(*row[:4])
    number, seal = ends.cut_number, ends.cut_seal
    outside = remembered if remembered is not None and remembered[0] > ends.cut_number else None
    for *stored, its_seal in _rows(transaction, ends.cut_number):
        if stored[0] != number + 1:
            return BrokenLog("missing", stored[0])
        if its_seal != transaction.vault.chained(seal, row_content(tuple(stored))):
            return BrokenLog("changed", stored[0])
        number, seal = stored[0], its_seal
        if outside is not None and number == outside[0] and seal != outside[1]:
            return BrokenLog("changed", number)
    if number != ends.newest_number or seal != ends.newest_seal:
        return BrokenLog("shortened", number + 1)
    if outside is not None and outside[0] > number:
        return BrokenLog("shortened", number + 1)
    return None


def _rows(transaction: Transaction, after: int) -> Iterator[tuple[Any, ...]]:
    """Read the rows in order, some at a time: half a year of them is more than should lie in memory."""
    while rows := transaction.all(ROWS, after=after, count=READ_AT_ONCE):
        yield from rows
        after = rows[-1][0]
