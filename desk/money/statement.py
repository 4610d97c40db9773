"""The statement (opgørelse af mellemværende, M3): what is out, what is owed, and the note to the borrower."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, Item, Library, Loan, Title
from desk.borrowers.about import AboutBorrower
from desk.borrowers.rules import is_protected_on
from desk.calendar import local_date
from desk.circulation.rules import days_overdue
from desk.command import carries_out
from desk.errors import NotFound
from desk.money.queries import balance_of
from desk.money.records import FeeRecord
from desk.privacy.access_log import note
from desk.privacy.purposes import Action
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeStatement(AboutBorrower["StatementRecord"]):
    """Gather a borrower's statement. The internal note is not in it (P8), nor a protected address."""

    right: ClassVar[Right] = Right.SEE_BORROWER


@dataclass(frozen=True, slots=True)
class LentRecord:
    """One loan on a statement."""

    title: str = field(repr=False)
    author: str = field(repr=False)
    barcode: str
    due_on: date
    days_overdue: int


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A statement.

    Attributes:
        address: its lines; none while it is protected, or unknown.
        note: to the borrower.
        fees: those that are unsettled, the oldest first.
    """

    library: str
    number: str
    name: str = field(repr=False)
    address: tuple[str, ...] = field(repr=False)
    made_at: datetime
    loans: tuple[LentRecord, ...]
    fees: tuple[FeeRecord, ...]
    owed_ore: int
    credit_ore: int
    note: str = field(repr=False)


@carries_out(
    MakeStatement,
    row_id=lambda _statement: None,
    again=lambda transaction, command, _row: _statement(transaction, command),
)
def make_statement(transaction: Transaction, command: MakeStatement) -> StatementRecord:
    """Gather a statement, and note that it was made.

    Raises:
        NotFound: the borrower is gone.
    """
    statement = _statement(transaction, command)
    keys = ("loans", "balance", "note_to_borrower")
    note(transaction, command.who, command.at, Action.STATEMENT, command.purpose, command.borrower_id, revealed=keys)
    return statement


def _statement(transaction: Transaction, command: MakeStatement) -> StatementRecord:
    today = local_date(command.at)
    row = transaction.one(
        Borrower.select(
            Borrower.number,
            Borrower.name,
            Borrower.address_protected,
            Borrower.protected_until,
            Borrower.note_to_borrower,
            Borrower.care_of,
            Borrower.street,
            Borrower.postcode,
            Borrower.city,
        ).where(Borrower.id == command.borrower_id)
    )
    if row is None:
        raise NotFound("borrower")
    number, name, protected, until, note_to_borrower, care_of, street, postcode, city = row
    address = () if is_protected_on(protected, until, today) else (care_of, street, f"{postcode} {city}".strip())
    balance = balance_of(transaction, command.borrower_id)
    return StatementRecord(
        library=str(transaction.value(Library.select(Library.name)) or ""),
        number=number,
        name=name,
        address=tuple(filter(None, address)),
        made_at=command.at,
        loans=_loans(transaction, command.borrower_id, today),
        fees=tuple(fee for fee in balance.fees if fee.settled_on is None),
        owed_ore=balance.owed_ore,
        credit_ore=balance.credit_ore,
        note=note_to_borrower,
    )


def _loans(transaction: Transaction, borrower_id: int, today: date) -> tuple[LentRecord, ...]:
    rows = transaction.all(
        Loan.select(Title.title, Title.author, Item.barcode, Loan.due_on)
        .join(Item, on=(Loan.item == Item.id))
        .join(Title, on=(Item.title == Title.id))
        .where((Loan.borrower == borrower_id) & Loan.returned_at.is_null())
        .order_by(Loan.due_on, Loan.id)
    )
    return tuple(
        LentRecord(title, author, barcode, due_on, days_overdue(due_on, today))
        for title, author, barcode, due_on in rows
    )
