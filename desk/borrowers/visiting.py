"""The look with which a visit at the counter begins (G8): a command, so that there is none without its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from desk.borrowers.about import AboutBorrower
from desk.borrowers.queries import borrower_at_counter
from desk.borrowers.records import BorrowerRecord
from desk.calendar import local_date
from desk.command import carries_out
from desk.errors import NotFound
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVisit(AboutBorrower[BorrowerRecord]):
    """Open a borrower's visit at the counter: a card or health card was scanned."""

    right: ClassVar[Right] = Right.LEND

    card_id: int | None
    purpose: Purpose = Purpose.LENDING


@carries_out(
    OpenVisit,
    row_id=lambda borrower: borrower.borrower_id,
    again=lambda transaction, command, _row: _at_counter(transaction, command),
)
def open_visit(transaction: Transaction, command: OpenVisit) -> BorrowerRecord:
    """Give what the counter shows, and note it.

    Raises:
        NotFound: the borrower is gone.
    """
    borrower = _at_counter(transaction, command)
    note(transaction, command.who, command.at, Action.VISIT, command.purpose, command.borrower_id)
    return borrower


def _at_counter(transaction: Transaction, command: OpenVisit) -> BorrowerRecord:
    borrower = borrower_at_counter(transaction, command.borrower_id, command.card_id, local_date(command.at))
    if borrower is None:
        raise NotFound("borrower")
    return borrower
