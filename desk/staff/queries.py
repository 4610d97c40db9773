"""Queries about staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.models import Branch, Counter, Library, Staff
from desk.command import query
from desk.staff.records import Credentials, StaffRecord, indexed_staff_card
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


STAFF_COLUMNS = (
    Staff.id,
    Staff.login,
    Staff.name,
    Staff.role,
    Staff.active,
    Staff.locked_at,
    Staff.person_number.is_null(False),
)


def staff_of(row: tuple[Any, ...]) -> StaffRecord:
    """Make a record of the columns above; the person number itself leaves the store nowhere."""
    staff_id, login, name, role, active, locked_at, has_person_number = row
    return StaffRecord(staff_id, login, name, role, bool(active), locked_at is not None, bool(has_person_number))


def _credentials(transaction: Transaction, *where: Any) -> Credentials | None:
    row = transaction.one(
        Staff.select(
            *STAFF_COLUMNS,
            Staff.password_hash,
            Staff.pin_hash,
            Staff.try_again_at,
        ).where(*where)
    )
    if row is None:
        return None
    return Credentials(staff_of(row[:7]), row[7], row[8], row[9])


@query(Right.SIGN_IN)
def credentials_of_login(transaction: Transaction, login: str) -> Credentials | None:
    """Give what a password is checked against, or None for an unknown user name."""
    return _credentials(transaction, Staff.login == login.strip().lower())


@query(Right.SIGN_IN)
def credentials_of_card(transaction: Transaction, code: str) -> Credentials | None:
    """Give what a staff card's PIN is checked against, or None when it is no staff card."""
    return _credentials(transaction, Staff.card_index == transaction.vault.index(indexed_staff_card(code)))


@query(Right.MANAGE_STAFF)
def all_staff(transaction: Transaction) -> tuple[StaffRecord, ...]:
    """List every account, by user name."""
    return tuple(map(staff_of, transaction.all(Staff.select(*STAFF_COLUMNS).order_by(Staff.login))))


@query(Right.SIGN_IN)
def staff_card_indexes(transaction: Transaction) -> frozenset[bytes]:
    """Give the keyed hashes of all staff cards, so that one is never written to the scan queue (C3)."""
    rows = transaction.all(Staff.select(Staff.card_index).where(Staff.card_index.is_null(False)))
    return frozenset(row[0] for row in rows)


@query(Right.SIGN_IN)
def library_name(transaction: Transaction) -> str:
    """Give the library's name for the sign-in screen."""
    return str(transaction.value(Library.select(Library.name)) or "")


@query(Right.SIGN_IN)
def library_isils(transaction: Transaction) -> tuple[str, ...]:
    """Give the library's own ISIL and its branches': what stands on its items' tags."""
    rows = (*transaction.all(Library.select(Library.isil)), *transaction.all(Branch.select(Branch.isil)))
    return tuple(sorted({row[0] for row in rows if row[0]}))


@query(Right.SIGN_IN)
def counter_places(transaction: Transaction) -> tuple[tuple[int, str, int, str], ...]:
    """List counters: id, name, branch id, branch name."""
    rows = transaction.all(
        Counter.select(Counter.id, Counter.name, Branch.id, Branch.name)
        .join(Branch, on=(Counter.branch == Branch.id))
        .order_by(Counter.id)
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)
