"""Marks of what was read, so that two counters do not overwrite each other without a word.

Whoever changes an item says, by its mark, what stood there when it was read. A mark is a keyed hash: it says nothing of
what it was made of, and can lie in a command or on a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import JOIN

from db.models import AccessLog, Borrower, Staff, Telephone
from desk.errors import ChangedMeanwhile
from desk.privacy.access_log import subject_of_borrower
from desk.privacy.purposes import Action

if TYPE_CHECKING:
    from db.store import Transaction

# By their keys in the data map; the telephones have rows of their own.
COLUMNS: dict[str, tuple[Any, ...]] = {
    "name": (Borrower.name,),
    "birth_date": (Borrower.birth_date,),
    "cpr": (Borrower.cpr_index,),
    "address": (Borrower.care_of, Borrower.street, Borrower.postcode, Borrower.city),
    "email": (Borrower.email,),
    "absence": (Borrower.absent_from, Borrower.absent_until),
    "group": (Borrower.borrower_group,),
    "home_branch": (Borrower.home_branch,),
    "municipality": (Borrower.municipality,),
    "language": (Borrower.language,),
    "protection": (Borrower.address_protected, Borrower.protected_until),
    "guardian": (Borrower.guardian,),
    "internal_note": (Borrower.internal_note,),
    "note_to_borrower": (Borrower.note_to_borrower,),
}
LATEST = 200


def marks_of(transaction: Transaction, borrower_id: int) -> dict[str, str]:
    """Give the mark of every item that can be changed, by its key in the data map; none of a borrower who is gone."""
    columns = [(key, column) for key, those in COLUMNS.items() for column in those]
    row = transaction.one(Borrower.select(*(column for _key, column in columns)).where(Borrower.id == borrower_id))
    if row is None:
        return {}
    held: dict[str, list[Any]] = {key: [] for key in COLUMNS}
    for (key, _column), value in zip(columns, row, strict=True):
        held[key].append(value)
    held["telephone"] = transaction.all(
        Telephone.select(Telephone.number, Telephone.takes_sms)
        .where(Telephone.borrower == borrower_id)
        .order_by(Telephone.id)
    )
    return {key: transaction.vault.index(f"mark:{key}:{values!r}").hex() for key, values in held.items()}


def refuse_if_changed(transaction: Transaction, borrower_id: int, key: str, seen: str) -> None:
    """Make sure that an item is as it was read. The borrower's row is held already.

    Args:
        transaction: the command's.
        borrower_id: whose.
        key: of the data map.
        seen: the mark of what was read; empty: nothing was, and whatever stands there may be replaced.

    Raises:
        ChangedMeanwhile: it is not, with who changed it and when, as the access log has it.
    """
    if not seen or marks_of(transaction, borrower_id).get(key) == seen:
        return
    latest = transaction.all(
        AccessLog.select(AccessLog.revealed, AccessLog.at, Staff.name)
        .join(Staff, JOIN.LEFT_OUTER, on=(AccessLog.staff == Staff.id))
        .where(
            (AccessLog.subject == subject_of_borrower(transaction, borrower_id))
            & (AccessLog.action == Action.CHANGE.value)
        )
        .order_by(AccessLog.number.desc())
        .limit(LATEST)
    )
    for changed, at, name in latest:
        if key in changed.split():
            raise ChangedMeanwhile(key, name or "", at)
    raise ChangedMeanwhile(key)
