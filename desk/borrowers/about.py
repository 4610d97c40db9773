"""What commands about one borrower share: whom, why, and the row in the access log (G8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from db.models import Borrower
from db.statements import Slot, Statement, row_lock
from desk.command import Command
from desk.errors import NotFound
from desk.privacy.access_log import note
from desk.privacy.purposes import Action, Purpose

if TYPE_CHECKING:
    from db.store import Transaction

R = TypeVar("R")

BORROWER_ROW = row_lock(Borrower.select(Borrower.id).where(Borrower.id == Slot("borrower_id")))
BORROWER_THERE = Statement(Borrower.select(Borrower.id).where(Borrower.id == Slot("borrower_id")))


@dataclass(frozen=True, slots=True)
class Changed:
    """That a row was changed."""

    row_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutBorrower(Command[R]):
    """A command about one borrower.

    Attributes:
        purpose: why, as the access log has it: that of the visit or page it is done from.
    """

    borrower_id: int
    purpose: Purpose = field(default=Purpose.BORROWER_ASKS)


def changed_again(_transaction: Transaction, _command: Any, row_id: int) -> Changed:
    """Give the answer of a change again."""
    return Changed(row_id)


def hold_borrower(transaction: Transaction, borrower_id: int) -> None:
    """Lock a borrower's row: what is read of it afterwards stays so until the end.

    Raises:
        NotFound: the borrower is gone.
    """
    transaction.lock(BORROWER_ROW, borrower_id=borrower_id)
    if transaction.value(BORROWER_THERE, borrower_id=borrower_id) is None:
        raise NotFound("borrower")


def note_change(transaction: Transaction, command: AboutBorrower[Any], *keys: str) -> None:
    """Note in the access log what was changed.

    Args:
        transaction: the command's.
        command: whose borrower, who and why.
        keys: of the data map.
    """
    note(transaction, command.who, command.at, Action.CHANGE, command.purpose, command.borrower_id, revealed=keys)
