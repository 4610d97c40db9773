"""The second pair of eyes (G2): a supervisor other than whoever registered a request approves or rejects it.

Kept here, whatever screen asks, and by the schema, whoever writes (migration 0005).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower, DeletionRequest, Staff
from db.statements import Slot, Statement
from desk.borrowers.about import Changed, changed_again, hold_borrower
from desk.calendar import local_date
from desk.circulation.refusals import Refusal
from desk.command import Command, carries_out
from desk.errors import InvalidInput, NotFound, Refused
from desk.privacy.access_log import note
from desk.privacy.deletion.checking import checklist_of, obstacles
from desk.privacy.deletion.refusals import NoPersonNumber, SamePerson
from desk.privacy.deletion.registering import REASON_LENGTH, REQUEST_ROW
from desk.privacy.deletion.rules import adult_born_by
from desk.privacy.purposes import Action, Purpose
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

OF_REQUEST = Statement(
    DeletionRequest.select(DeletionRequest.borrower, DeletionRequest.state, DeletionRequest.registered_by).where(
        DeletionRequest.id == Slot("request_id")
    )
)
PERSON = Statement(Staff.select(Staff.name, Staff.person_number).where(Staff.id == Slot("staff_id")))
DECIDE = Statement(
    DeletionRequest.update(
        state=Slot("state"), decided_at=Slot("at"), decided_by=Slot("staff_id"), decision_reason=Slot("reason")
    ).where((DeletionRequest.id == Slot("request_id")) & (DeletionRequest.state == "waiting"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDeletion(Command[Changed]):
    """Approve a request whose list is clear. ``who`` is the supervisor who stepped up; nothing is deleted yet."""

    right: ClassVar[Right] = Right.APPROVE_DELETION

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectDeletion(Command[Changed]):
    """Reject a request, with a reason. ``who`` is the supervisor who stepped up."""

    right: ClassVar[Right] = Right.APPROVE_DELETION

    request_id: int
    reason: str = field(repr=False)


@carries_out(ApproveDeletion, row_id=lambda changed: changed.row_id, again=changed_again)
def approve_deletion(transaction: Transaction, command: ApproveDeletion) -> Changed:
    """Approve a request. Whoever has come of age has nobody who answers for them any more.

    Raises:
        NotFound: there is no such request, or it does not wait any more.
        Refused: the eyes are the same, or something stands in the way: every reason at once.
    """
    borrower_id, registrant_id = held_request(transaction, command.request_id)
    today = local_date(command.at)
    reasons = (
        *_same_eyes(transaction, registrant_id, command.who.staff_id),
        *obstacles(checklist_of(transaction, borrower_id, today)),
    )
    if reasons:
        raise Refused(reasons)
    _let_grown_up_wards_go(transaction, command, borrower_id, today)
    _decide(transaction, command, "approved", "")
    _note(transaction, command, borrower_id)
    return Changed(command.request_id)


@carries_out(RejectDeletion, row_id=lambda changed: changed.row_id, again=changed_again)
def reject_deletion(transaction: Transaction, command: RejectDeletion) -> Changed:
    """Reject a request.

    Raises:
        InvalidInput: no reason.
        NotFound: there is no such request, or it does not wait any more.
        Refused: the eyes are the same.
    """
    reason = command.reason.strip()[:REASON_LENGTH]
    if not reason:
        raise InvalidInput("reason", "missing")
    borrower_id, registrant_id = held_request(transaction, command.request_id)
    reasons = _same_eyes(transaction, registrant_id, command.who.staff_id)
    if reasons:
        raise Refused(reasons)
    _decide(transaction, command, "rejected", reason)
    _note(transaction, command, borrower_id)
    return Changed(command.request_id)


def held_request(transaction: Transaction, request_id: int, state: str = "waiting") -> tuple[int, int]:
    """Lock a request and its borrower, and give the borrower and whoever registered it.

    Raises:
        NotFound: there is no such request in that state.
    """
    row = transaction.one(OF_REQUEST, request_id=request_id)
    if row is None or row[0] is None:
        raise NotFound("deletion_request")
    hold_borrower(transaction, row[0])
    transaction.lock(REQUEST_ROW, request_id=request_id)
    row = transaction.one(OF_REQUEST, request_id=request_id)
    if row is None or row[0] is None or row[1] != state:
        raise NotFound("deletion_request")
    return row[0], row[2]


def _same_eyes(transaction: Transaction, registrant_id: int, approver_id: int | None) -> tuple[Refusal, ...]:
    """Give why these two are not two persons, or cannot be told to be (G2)."""
    if registrant_id == approver_id:
        return (SamePerson(),)
    people = {}
    for whose, staff_id in (("approver", approver_id), ("registrant", registrant_id)):
        people[whose] = transaction.one(PERSON, staff_id=staff_id) or ("", None)
    if people["approver"][1] is not None and people["approver"][1] == people["registrant"][1]:
        return (SamePerson(),)
    return tuple(NoPersonNumber(whose, name) for whose, (name, number) in people.items() if number is None)


def _decide(transaction: Transaction, command: ApproveDeletion | RejectDeletion, state: str, reason: str) -> None:
    transaction.run(
        DECIDE,
        request_id=command.request_id,
        state=state,
        at=command.at,
        staff_id=command.who.staff_id,
        reason=reason,
    )


def _note(
    transaction: Transaction, command: Command[Changed], borrower_id: int, key: str = "deletion_requests"
) -> None:
    note(
        transaction,
        command.who,
        command.at,
        Action.CHANGE,
        Purpose.DELETION,
        borrower_id,
        revealed=(key,),
    )


def _let_grown_up_wards_go(transaction: Transaction, command: ApproveDeletion, borrower_id: int, today: date) -> None:
    grown_up = (Borrower.guardian == borrower_id) & (Borrower.birth_date <= adult_born_by(today))
    for (ward_id,) in transaction.all(Borrower.select(Borrower.id).where(grown_up).order_by(Borrower.id)):
        transaction.run(Borrower.update(guardian=None).where(Borrower.id == ward_id))
        _note(transaction, command, ward_id, "guardian")
