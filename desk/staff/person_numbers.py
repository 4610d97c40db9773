"""Of whom an account is (G2): the number that the municipality has given its employee, the same on every account.

Two pairs of eyes are two persons', not two accounts'. It is no CPR number, which is never kept unencrypted (P11).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from peewee import Expression

from db.models import SetUpChange, Staff
from desk.borrowers.cpr import is_cpr
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import InvalidInput, NotFound
from desk.staff.records import StaffRecord
from desk.staff.rights import Right

if TYPE_CHECKING:
    from datetime import date

    from db.store import Transaction

LONGEST: Final = 20
CHANGE: Final = "person_number"
"""What a change of one is called among those of F7."""
_SHAPE = re.compile(r"[0-9A-ZÆØÅ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPersonNumber(Command[StaffRecord]):
    """Say of whom an account is. Empty: nobody knows, and it neither approves nor lets others approve."""

    right: ClassVar[Right] = Right.MANAGE_STAFF

    login: str
    person_number: str = field(repr=False)


def cleaned_number(typed: str, today: date) -> str | None:
    """Read a person number: letters and figures, written alike however they were typed; None: there is none.

    Args:
        typed: with or without blanks and hyphens.
        today: local date.

    Raises:
        InvalidInput: ``person_number``: ``invalid``, or ``cpr``: it could be a CPR number.
    """
    number = re.sub(r"[\s-]", "", typed).upper()
    if not number:
        return None
    if is_cpr(number, today):
        raise InvalidInput("person_number", "cpr")
    if len(number) > LONGEST or not _SHAPE.fullmatch(number):
        raise InvalidInput("person_number", "invalid")
    return number


def refuse_taken(transaction: Transaction, number: str | None, *but: Expression) -> None:
    """Refuse the number of somebody who has an open account already: nobody is two persons.

    Args:
        transaction: the command's.
        number: as :func:`cleaned_number` gives it.
        but: conditions on the accounts that are looked at.

    Raises:
        InvalidInput: ``person_number``: ``taken``.
    """
    if number is not None and transaction.value(
        Staff.select(Staff.id).where((Staff.person_number == number) & Staff.active, *but).limit(1)
    ):
        raise InvalidInput("person_number", "taken")


@carries_out(
    SetPersonNumber,
    row_id=lambda record: record.staff_id,
    again=lambda transaction, _command, staff_id: _record(transaction, staff_id),
)
def set_person_number(transaction: Transaction, command: SetPersonNumber) -> StaffRecord:
    """Give an account its number, another one, or none.

    Raises:
        NotFound: no such user name.
        InvalidInput: it is none, or that of another open account.
    """
    number = cleaned_number(command.person_number, local_date(command.at))
    columns = (Staff.id, Staff.login, Staff.active, Staff.person_number)
    row = transaction.one(Staff.select(*columns).where(Staff.login == command.login.strip().lower()))
    if row is None:
        raise NotFound("staff")
    staff_id, login, is_active, before = row
    if is_active:
        refuse_taken(transaction, number, Staff.id != staff_id)
    if number != before:
        transaction.run(Staff.update(person_number=number).where(Staff.id == staff_id))
        _written_down(transaction, command, login, before, number)
    return _record(transaction, staff_id)


def _written_down(
    transaction: Transaction, command: SetPersonNumber, login: str, before: str | None, number: str | None
) -> None:
    """Let supervisors see under F7 that the pairs of eyes have changed (G2); of the number itself nothing is told."""
    after = "none" if number is None else "one" if before is None else "another"
    transaction.run(
        SetUpChange.insert(
            at=command.at,
            staff=command.who.staff_id,
            what=CHANGE,
            about=json.dumps([login]),
            before=json.dumps("none" if before is None else "one"),
            after=json.dumps(after),
        )
    )


def _record(transaction: Transaction, staff_id: int) -> StaffRecord:
    from desk.staff.commands import staff_record  # noqa: PLC0415  (it reads numbers by this module)

    return staff_record(transaction, staff_id)
