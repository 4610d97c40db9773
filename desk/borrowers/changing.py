"""Changing a borrower's details (D): one detail a command, checked, noted in the access log, and found by its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from peewee import Field

from db.models import Borrower, Telephone
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower, note_change
from desk.borrowers.cpr import born_with, checked_cpr
from desk.borrowers.details import (
    KEYS,
    Address,
    BirthDate,
    Columns,
    Cpr,
    Detail,
    Guardian,
    Telephones,
    checked_telephones,
    columns_of,
)
from desk.borrowers.marks import refuse_if_changed
from desk.borrowers.searching import SEARCHED, write_search_words
from desk.calendar import local_date
from desk.command import carries_out
from desk.errors import InvalidInput
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDetail(AboutBorrower[Changed]):
    """Change one detail of a borrower.

    Attributes:
        seen: the mark of what it replaces, as the page gave it; empty: whatever there is.
    """

    right: ClassVar[Right] = Right.EDIT_BORROWER

    detail: Detail
    seen: str = field(default="", repr=False)


@carries_out(ChangeDetail, row_id=lambda done: done.row_id, again=changed_again)
def change_detail(transaction: Transaction, command: ChangeDetail) -> Changed:
    """Change one detail.

    Raises:
        InvalidInput: it cannot be meant; the CPR number is another borrower's (``taken``); or birth date and CPR number
            would contradict each other (``birth_date``: ``not_of_cpr``, ``cpr``: ``not_of_birth_date``).
        ChangedMeanwhile: it is not as it was read.
        NotFound: the borrower is gone.
    """
    detail, borrower_id = command.detail, command.borrower_id
    hold_borrower(transaction, borrower_id)
    refuse_if_changed(transaction, borrower_id, KEYS[type(detail)], command.seen)
    columns = columns_of(transaction, detail, local_date(command.at))
    if isinstance(detail, Cpr):
        refuse_taken_cpr(transaction, columns[Borrower.cpr_index], borrower_id)
        columns |= _birth_date_with(transaction, detail, local_date(command.at), borrower_id)
    if isinstance(detail, BirthDate):
        _refuse_date_of_another_cpr(transaction, detail.born, borrower_id)
    if isinstance(detail, Guardian):
        refuse_circle(transaction, detail.guardian_id, borrower_id)
    if isinstance(detail, Address):
        _keep_date_of_same_address(transaction, columns, borrower_id)
    if columns:
        transaction.run(Borrower.update(columns).where(Borrower.id == borrower_id))
    if isinstance(detail, Telephones):
        write_telephones(transaction, borrower_id, detail)
    keys = [KEYS[type(detail)]]
    if isinstance(detail, Cpr) and Borrower.birth_date in columns:
        keys.append("birth_date")
    if not SEARCHED.isdisjoint(keys):
        write_search_words(transaction, [borrower_id])
    note_change(transaction, command, *keys)
    return Changed(borrower_id)


def _birth_date_with(transaction: Transaction, detail: Cpr, today: date, borrower_id: int) -> Columns:
    """Give the birth date a CPR number brings with it, where none is known. A number saved as it was brings nothing.

    Raises:
        InvalidInput: another one is known.
    """
    if detail.cpr is None:
        return {}
    cpr = checked_cpr(detail.cpr, today)
    row = transaction.one(Borrower.select(Borrower.birth_date, Borrower.cpr_index).where(Borrower.id == borrower_id))
    known, cpr_index = row or (None, None)
    if known is None:
        return {Borrower.birth_date: born_with(cpr)}
    if known != born_with(cpr) and cpr_index != transaction.vault.index(cpr):
        raise InvalidInput("cpr", "not_of_birth_date")
    return {}


def _refuse_date_of_another_cpr(transaction: Transaction, born: date | None, borrower_id: int) -> None:
    """Make sure that a birth date is that of the CPR number. One that the register gave stays as it is.

    Raises:
        InvalidInput: the CPR number begins with another date.
    """
    row = transaction.one(Borrower.select(Borrower.birth_date, Borrower.cpr_sealed).where(Borrower.id == borrower_id))
    if born is None or row is None or row[1] is None or row[0] == born:
        return
    if born_with(transaction.vault.open(row[1])) != born:
        raise InvalidInput("birth_date", "not_of_cpr")


def _keep_date_of_same_address(transaction: Transaction, columns: Columns, borrower_id: int) -> None:
    """An address saved as it was is as old as it was: the register's date stays (D)."""
    parts = (Borrower.care_of, Borrower.street, Borrower.postcode, Borrower.city)
    if transaction.one(Borrower.select(*parts).where(Borrower.id == borrower_id)) == tuple(map(columns.get, parts)):
        del columns[Borrower.address_dated]


def refuse_taken_cpr(transaction: Transaction, cpr_index: bytes | None, borrower_id: int | None) -> None:
    """Make sure that nobody else has a CPR number.

    Raises:
        InvalidInput: ``cpr``: ``taken``.
    """
    if cpr_index is None:
        return
    holder = transaction.value(Borrower.select(Borrower.id).where(Borrower.cpr_index == cpr_index))
    if holder is not None and holder != borrower_id:
        raise InvalidInput("cpr", "taken")


def write_telephones(transaction: Transaction, borrower_id: int, telephones: Telephones) -> None:
    """Write a borrower's telephones anew, in order.

    Raises:
        InvalidInput: one of them cannot be meant.
    """
    checked = checked_telephones(telephones)
    transaction.run(Telephone.delete().where(Telephone.borrower == borrower_id))
    for number, takes_sms in checked:
        transaction.run(Telephone.insert(borrower=borrower_id, number=number, takes_sms=takes_sms))


def refuse_circle(transaction: Transaction, guardian_id: int | None, borrower_id: int | None) -> None:
    """Make sure that whoever is responsible for somebody is responsible for themselves too: one step up, and no circle.

    Args:
        transaction: the command's.
        guardian_id: who is to be responsible.
        borrower_id: for whom; None: for somebody who is only being created.

    Raises:
        InvalidInput: ``guardian``: ``self``, ``has_guardian`` or ``is_guardian``.
    """
    if guardian_id is None:
        return
    if guardian_id == borrower_id:
        raise InvalidInput("guardian", "self")
    above: Field = Borrower.guardian
    if transaction.value(Borrower.select(above).where(Borrower.id == guardian_id)) is not None:
        raise InvalidInput("guardian", "has_guardian")
    if borrower_id is None:
        # Nobody can be answered for yet by somebody who is only being created.
        return
    if transaction.value(Borrower.select(Borrower.id).where(above == borrower_id).limit(1)) is not None:
        raise InvalidInput("guardian", "is_guardian")
