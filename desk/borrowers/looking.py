"""Looks at a borrower (G8): a page, a masked field. Each is a command: there is no look without its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from db.models import Borrower, Telephone
from desk.borrowers.about import AboutBorrower
from desk.borrowers.details import Address, Cpr, Email, Telephones
from desk.borrowers.queries import borrower_page
from desk.borrowers.records import BorrowerPage, GuardianRecord
from desk.calendar import local_date
from desk.command import carries_out
from desk.errors import InvalidInput, NotFound
from desk.privacy.access_log import note
from desk.privacy.purposes import Action
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


Revealed: TypeAlias = Cpr | Address | Telephones | Email | GuardianRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage(AboutBorrower[BorrowerPage]):
    """Open a borrower's page."""

    right: ClassVar[Right] = Right.SEE_BORROWER

    card_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal(AboutBorrower[Revealed]):
    """Show one masked field (C12). ``key`` is its word in the data map, or ``guardian``."""

    right: ClassVar[Right] = Right.SEE_BORROWER

    key: str


@carries_out(
    OpenPage,
    row_id=lambda page: page.borrower.borrower_id,
    again=lambda transaction, command, _row: _page(transaction, command),
)
def open_page(transaction: Transaction, command: OpenPage) -> BorrowerPage:
    """Give a borrower's page, and note it.

    Raises:
        NotFound: the borrower is gone.
    """
    page = _page(transaction, command)
    note(transaction, command.who, command.at, Action.PAGE, command.purpose, command.borrower_id)
    return page


def _page(transaction: Transaction, command: OpenPage) -> BorrowerPage:
    page = borrower_page(transaction, command.borrower_id, command.card_id, local_date(command.at))
    if page is None:
        raise NotFound("borrower")
    return page


@carries_out(
    Reveal,
    row_id=lambda _revealed: None,
    again=lambda transaction, command, _row: _revealed(transaction, command),
)
def reveal(transaction: Transaction, command: Reveal) -> Revealed:
    """Give one masked field, and note which.

    Raises:
        InvalidInput: there is no such masked field.
        NotFound: the borrower is gone, or there is nothing in the field.
    """
    revealed = _revealed(transaction, command)
    note(
        transaction,
        command.who,
        command.at,
        Action.REVEAL,
        command.purpose,
        command.borrower_id,
        revealed=(command.key,),
    )
    return revealed


def _revealed(transaction: Transaction, command: Reveal) -> Revealed:
    if command.key not in _FIELDS:
        raise InvalidInput("key", "unknown")
    return _FIELDS[command.key](transaction, command.borrower_id)


def _cpr(transaction: Transaction, borrower_id: int) -> Cpr:
    sealed = transaction.value(Borrower.select(Borrower.cpr_sealed).where(Borrower.id == borrower_id))
    if sealed is None:
        raise NotFound("cpr")
    return Cpr(transaction.vault.open(sealed))


def _address(transaction: Transaction, borrower_id: int) -> Address:
    row = transaction.one(
        Borrower.select(Borrower.care_of, Borrower.street, Borrower.postcode, Borrower.city).where(
            Borrower.id == borrower_id
        )
    )
    if row is None:
        raise NotFound("borrower")
    return Address(*row)


def _telephones(transaction: Transaction, borrower_id: int) -> Telephones:
    rows = transaction.all(
        Telephone.select(Telephone.number, Telephone.takes_sms)
        .where(Telephone.borrower == borrower_id)
        .order_by(Telephone.id)
    )
    sms = next((place for place, row in enumerate(rows) if row[1]), None)
    return Telephones(tuple(row[0] for row in rows), sms)


def _email(transaction: Transaction, borrower_id: int) -> Email:
    email = transaction.value(Borrower.select(Borrower.email).where(Borrower.id == borrower_id))
    if email is None:
        raise NotFound("borrower")
    return Email(email)


def _guardian(transaction: Transaction, borrower_id: int) -> GuardianRecord:
    responsible: Any = Borrower.alias()
    row = transaction.one(
        Borrower.select(responsible.id, responsible.number, responsible.name)
        .join(responsible, on=(Borrower.guardian == responsible.id))
        .where(Borrower.id == borrower_id)
    )
    if row is None:
        raise NotFound("guardian")
    return GuardianRecord(*row)


_FIELDS: dict[str, Callable[[Transaction, int], Revealed]] = {
    "cpr": _cpr,
    "address": _address,
    "telephone": _telephones,
    "email": _email,
    "guardian": _guardian,
}
