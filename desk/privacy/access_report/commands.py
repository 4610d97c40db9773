"""The command that gathers a borrower's record, and notes that it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, Library
from desk.borrowers.about import AboutBorrower
from desk.command import carries_out, query
from desk.errors import NotFound
from desk.privacy.access_log import note
from desk.privacy.access_report.gathering import gathered
from desk.privacy.access_report.records import AccessReport
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeAccessReport(AboutBorrower[AccessReport]):
    """Gather everything that is held about a borrower (G9). ``who`` is the supervisor who releases it.

    Attributes:
        reason: in the supervisor's words; it is kept nowhere but in the print.
    """

    right: ClassVar[Right] = Right.EXPORT

    purpose: Purpose = Purpose.ACCESS
    reason: str = field(default="", repr=False)


@carries_out(
    MakeAccessReport,
    row_id=lambda _report: None,
    again=lambda transaction, command, _row: _report(transaction, command),
)
def make_access_report(transaction: Transaction, command: MakeAccessReport) -> AccessReport:
    """Note the export, then gather: the row about it is in the log that is handed out.

    Raises:
        NotFound: the borrower is gone.
    """
    note(transaction, command.who, command.at, Action.EXPORT, command.purpose, command.borrower_id)
    return _report(transaction, command)


def _report(transaction: Transaction, command: MakeAccessReport) -> AccessReport:
    held = gathered(transaction, command.borrower_id, command.at)
    return AccessReport(
        borrower_id=command.borrower_id,
        number=str(held["number"][0]["number"]),
        library=str(transaction.value(Library.select(Library.name)) or ""),
        made_at=command.at,
        reason=command.reason,
        held=held,
    )


@query(Right.EXPORT)
def borrower_with_number(transaction: Transaction, number: str) -> int:
    """Give the borrower with a lånernummer; it may be written in groups, ``4829 1173``.

    Raises:
        NotFound: there is none.
    """
    borrower_id: int | None = transaction.value(
        Borrower.select(Borrower.id).where(Borrower.number == "".join(number.split()))
    )
    if borrower_id is None:
        raise NotFound("borrower")
    return borrower_id
