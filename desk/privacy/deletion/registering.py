"""A borrower asks to be deleted, at the counter (G1), or thinks better of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from db.models import DeletionRequest
from db.models.deletion import IDENTITY_CHECKS, NEWSLETTER_ANSWERS
from db.statements import Slot, Statement, row_lock
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower, note_change
from desk.calendar import local_date
from desk.command import carries_out
from desk.errors import InvalidInput, NotFound, Refused
from desk.privacy.deletion.refusals import AlreadyRequested
from desk.privacy.deletion.rules import OPEN_STATES
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

REASON_LENGTH = 200

OPEN_REQUEST = Statement(
    DeletionRequest.select(DeletionRequest.registered_at)
    .where((DeletionRequest.borrower == Slot("borrower_id")) & (DeletionRequest.state << list(OPEN_STATES)))
    .limit(1)
)
REQUEST_ROW = row_lock(DeletionRequest.select(DeletionRequest.id).where(DeletionRequest.id == Slot("request_id")))
WITHDRAW = Statement(
    DeletionRequest.update(
        state="withdrawn", decided_at=Slot("at"), decided_by=Slot("staff_id"), decision_reason=Slot("reason")
    ).where(
        (DeletionRequest.id == Slot("request_id"))
        & (DeletionRequest.borrower == Slot("borrower_id"))
        & (DeletionRequest.state << list(OPEN_STATES))
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDeletion(AboutBorrower[Changed]):
    """Register that a borrower wants to be deleted (P3): always possible, carried out when the list is clear.

    Attributes:
        identity_check: how it was seen who asks: one of ``IDENTITY_CHECKS``.
        newsletter: what is to become of the newsletter: one of ``NEWSLETTER_ANSWERS``.
    """

    right: ClassVar[Right] = Right.REGISTER_DELETION

    identity_check: str
    newsletter: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDeletion(AboutBorrower[Changed]):
    """Take a request back, as long as nothing has been deleted; the borrower stays."""

    right: ClassVar[Right] = Right.REGISTER_DELETION

    request_id: int
    reason: str = field(repr=False)


@carries_out(RegisterDeletion, row_id=lambda changed: changed.row_id, again=changed_again)
def register_deletion(transaction: Transaction, command: RegisterDeletion) -> Changed:
    """Register a request.

    Raises:
        InvalidInput: ``identity_check`` or ``newsletter`` is none of the answers there are.
        NotFound: the borrower is gone.
        Refused: there is a request already.
    """
    if command.identity_check not in IDENTITY_CHECKS:
        raise InvalidInput("identity_check", "unknown")
    if command.newsletter not in NEWSLETTER_ANSWERS:
        raise InvalidInput("newsletter", "unknown")
    hold_borrower(transaction, command.borrower_id)
    since = transaction.value(OPEN_REQUEST, borrower_id=command.borrower_id)
    if since is not None:
        raise Refused((AlreadyRequested(local_date(since)),))
    request_id = transaction.run(
        DeletionRequest.insert(
            borrower=command.borrower_id,
            registered_at=command.at,
            registered_by=command.who.staff_id,
            counter=command.who.counter_id,
            identity_check=command.identity_check,
            newsletter=command.newsletter,
        )
    )
    note_change(transaction, command, "deletion_requests")
    return Changed(request_id)


@carries_out(WithdrawDeletion, row_id=lambda changed: changed.row_id, again=changed_again)
def withdraw_deletion(transaction: Transaction, command: WithdrawDeletion) -> Changed:
    """Withdraw a request: also one that is approved, for it has not been carried out.

    Raises:
        InvalidInput: no reason.
        NotFound: the borrower is gone, or the request is not open any more.
    """
    reason = command.reason.strip()[:REASON_LENGTH]
    if not reason:
        raise InvalidInput("reason", "missing")
    hold_borrower(transaction, command.borrower_id)
    transaction.lock(REQUEST_ROW, request_id=command.request_id)
    withdrawn = transaction.run(
        WITHDRAW,
        request_id=command.request_id,
        borrower_id=command.borrower_id,
        at=command.at,
        staff_id=command.who.staff_id,
        reason=reason,
    )
    if not withdrawn:
        raise NotFound("deletion_request")
    note_change(transaction, command, "deletion_requests")
    return Changed(command.request_id)
