"""Commands on staff accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from db.models import Card, Item, Staff
from db.models.staff import ROLES
from db.statements import Slot, Statement
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.counter.codes import clean_code
from desk.errors import InvalidInput, NotFound
from desk.staff.person_numbers import cleaned_number, refuse_taken
from desk.staff.queries import STAFF_COLUMNS, staff_of
from desk.staff.records import StaffRecord, indexed_staff_card
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStaff(Command[StaffRecord]):
    """Open an account. Hashes come ready made: they take 100 ms, and no transaction waits for that."""

    right: ClassVar[Right] = Right.MANAGE_STAFF

    login: str
    name: str
    role: str
    password_hash: str = field(repr=False)
    card: str | None = field(default=None, repr=False)
    pin_hash: str | None = field(default=None, repr=False)
    person_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableStaff(Command[StaffRecord]):
    """Close an account: it can no longer do anything, and what it did stays."""

    right: ClassVar[Right] = Right.MANAGE_STAFF

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockStaff(Command[StaffRecord]):
    """Unlock an account after too many wrong tries (T6)."""

    right: ClassVar[Right] = Right.MANAGE_STAFF

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignIn(Command[StaffRecord]):
    """Write down how a try went: a right one clears the count, a wrong one delays the next and in the end locks.

    Attributes:
        tries_allowed: wrong tries before the account locks.
        delay: the wait after the first wrong try; doubled by each further one.
    """

    right: ClassVar[Right] = Right.SIGN_IN

    staff_id: int
    was_right: bool
    tries_allowed: int
    delay: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword(Command[StaffRecord]):
    """Change one's own password (T6), or anybody's from a shell on the machine."""

    right: ClassVar[Right] = Right.OWN_ACCOUNT

    staff_id: int
    password_hash: str = field(repr=False)


def staff_record(transaction: Transaction, staff_id: int) -> StaffRecord:
    """Give an account.

    Raises:
        NotFound: there is none.
    """
    row = transaction.one(Staff.select(*STAFF_COLUMNS).where(Staff.id == staff_id))
    if row is None:
        raise NotFound("staff")
    return staff_of(row)


# Two wrong tries at two counters are two: the second waits for the count of the first.
STAFF_ROW = Statement(Staff.select(Staff.id).where(Staff.id == Slot("staff_id")).for_update())


def _id_of(transaction: Transaction, login: str) -> int:
    staff_id: int | None = transaction.value(Staff.select(Staff.id).where(Staff.login == login.strip().lower()))
    if staff_id is None:
        raise NotFound("staff")
    return staff_id


@carries_out(
    AddStaff,
    row_id=lambda record: record.staff_id,
    again=lambda transaction, _command, staff_id: staff_record(transaction, staff_id),
)
def add_staff(transaction: Transaction, command: AddStaff) -> StaffRecord:
    """Open an account.

    Raises:
        InvalidInput: no user name or name, a taken user name, card or person number, or an unknown role.
    """
    login = command.login.strip().lower()
    if not login or any(character.isspace() for character in login) or len(login) > 40:
        raise InvalidInput("login", "invalid")
    if not command.name.strip():
        raise InvalidInput("name", "missing")
    if command.role not in ROLES:
        raise InvalidInput("role", "unknown")
    if transaction.value(Staff.select(Staff.id).where(Staff.login == login)) is not None:
        raise InvalidInput("login", "taken")
    card_index = None
    if command.card:
        card_index = transaction.vault.index(indexed_staff_card(command.card))
        if transaction.value(Staff.select(Staff.id).where(Staff.card_index == card_index)) is not None:
            raise InvalidInput("card", "taken")
        code = clean_code(command.card)
        scanned = Card.select(Card.id).where(Card.number == code)
        if transaction.value(scanned) or transaction.value(Item.select(Item.id).where(Item.barcode == code)):
            # What is scanned is told by look-up (C1).
            raise InvalidInput("card", "taken")
    person_number = cleaned_number(command.person_number or "", local_date(command.at))
    refuse_taken(transaction, person_number)
    staff_id = transaction.run(
        Staff.insert(
            login=login,
            name=command.name.strip(),
            role=command.role,
            password_hash=command.password_hash,
            card_index=card_index,
            pin_hash=command.pin_hash,
            person_number=person_number,
        )
    )
    return staff_record(transaction, staff_id)


@carries_out(
    DisableStaff,
    row_id=lambda record: record.staff_id,
    again=lambda transaction, _command, staff_id: staff_record(transaction, staff_id),
)
def disable_staff(transaction: Transaction, command: DisableStaff) -> StaffRecord:
    """Close an account.

    Raises:
        NotFound: no such user name.
        InvalidInput: it is the last active supervisor, without whom nothing could be approved.
    """
    staff_id = _id_of(transaction, command.login)
    others = transaction.value(
        Staff.select(Staff.id).where((Staff.role == "supervisor") & Staff.active & (Staff.id != staff_id)).limit(1)
    )
    if others is None and staff_record(transaction, staff_id).is_supervisor:
        raise InvalidInput("login", "last_supervisor")
    transaction.run(Staff.update(active=False).where(Staff.id == staff_id))
    return staff_record(transaction, staff_id)


@carries_out(
    UnlockStaff,
    row_id=lambda record: record.staff_id,
    again=lambda transaction, _command, staff_id: staff_record(transaction, staff_id),
)
def unlock_staff(transaction: Transaction, command: UnlockStaff) -> StaffRecord:
    """Unlock an account.

    Raises:
        NotFound: no such user name.
        InvalidInput: the account is closed, which is not undone by this.
    """
    staff_id = _id_of(transaction, command.login)
    if not staff_record(transaction, staff_id).active:
        raise InvalidInput("login", "closed")
    transaction.run(Staff.update(wrong_tries=0, try_again_at=None, locked_at=None).where(Staff.id == staff_id))
    return staff_record(transaction, staff_id)


@carries_out(
    NoteSignIn,
    row_id=lambda record: record.staff_id,
    again=lambda transaction, _command, staff_id: staff_record(transaction, staff_id),
)
def note_sign_in(transaction: Transaction, command: NoteSignIn) -> StaffRecord:
    """Count a try.

    Raises:
        NotFound: the account is gone.
    """
    if command.was_right:
        transaction.run(
            Staff.update(wrong_tries=0, try_again_at=None).where(
                (Staff.id == command.staff_id) & ((Staff.wrong_tries > 0) | Staff.try_again_at.is_null(False))
            )
        )
        return staff_record(transaction, command.staff_id)
    transaction.lock(STAFF_ROW, staff_id=command.staff_id)
    wrong = int(transaction.value(Staff.select(Staff.wrong_tries).where(Staff.id == command.staff_id)) or 0) + 1
    locked_at: datetime | None = command.at if wrong >= command.tries_allowed else None
    transaction.run(
        Staff.update(
            wrong_tries=wrong, try_again_at=command.at + command.delay * 2 ** (wrong - 1), locked_at=locked_at
        ).where(Staff.id == command.staff_id)
    )
    return staff_record(transaction, command.staff_id)


@carries_out(
    ChangePassword,
    row_id=lambda record: record.staff_id,
    again=lambda transaction, _command, staff_id: staff_record(transaction, staff_id),
)
def change_password(transaction: Transaction, command: ChangePassword) -> StaffRecord:
    """Change a password: one's own, or anybody's from a shell on the machine.

    Raises:
        InvalidInput: it is somebody else's account.
    """
    if command.who.staff_id != command.staff_id and not command.who.installation:
        raise InvalidInput("login", "not_own")
    transaction.run(Staff.update(password_hash=command.password_hash).where(Staff.id == command.staff_id))
    return staff_record(transaction, command.staff_id)
