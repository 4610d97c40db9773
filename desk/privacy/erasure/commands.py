"""The command that erases, and the one that writes down what the proof came to (G3, G4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from db.models import Borrower, DeletionRequest
from desk.borrowers.about import Changed, changed_again
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import ChangedMeanwhile, InvalidInput, NotFound
from desk.privacy.access_log import note
from desk.privacy.erasure.clear import refuse_unless_clear
from desk.privacy.erasure.eraser import erase_borrower, hold_whole_borrower
from desk.privacy.erasure.identity import identity_of
from desk.privacy.erasure.records import Erased
from desk.privacy.erasure.wishes import leaves_newsletter
from desk.privacy.purposes import Action, Purpose
from desk.privacy.tombstones import tombstone_of
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

BACKUPS_KEPT_DAYS = 30
"""How long a back-up is kept (G5), so how long one may still hold whoever has been erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseBorrower(Command[Erased]):
    """Erase whoever an approved request is about.

    Attributes:
        known: the fingerprint of the strings that have been written down for the proof. The person is erased only if
            those are still all of them.
        kept_days: how long back-ups are kept.
    """

    right: ClassVar[Right] = Right.ERASE

    request_id: int
    known: str
    kept_days: int = BACKUPS_KEPT_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleProof(Command[Changed]):
    """Write down what the proof of an erasure came to: nothing was found, or something was and stays."""

    right: ClassVar[Right] = Right.ERASE

    request_id: int
    files_scanned: int
    hits: int
    proof: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMissingProof(Command[Changed]):
    """Write down why an erasure has no proof yet: ``held``, ``full``, ``unread`` or ``store``."""

    right: ClassVar[Right] = Right.ERASE

    request_id: int
    why: str


def _again(transaction: Transaction, command: EraseBorrower, _row_id: int) -> Erased:
    counts = transaction.value(DeletionRequest.select(DeletionRequest.counts).where(_is(command.request_id)))
    if not counts:
        raise NotFound("deletion_request")
    return Erased(command.request_id, json.loads(counts))


def _is(request_id: int) -> Any:
    return DeletionRequest.id == request_id


@carries_out(EraseBorrower, row_id=lambda erased: erased.request_id, again=_again)
def erase(transaction: Transaction, command: EraseBorrower) -> Erased:
    """Erase a borrower.

    Raises:
        NotFound: there is no such request, or it is not approved (any more).
        NotErasable: a loan, a fee, a credit or a child has come in between.
        ChangedMeanwhile: something about the borrower is not as it was written down for the proof.
    """
    approved = DeletionRequest.select(DeletionRequest.borrower).where(
        _is(command.request_id) & (DeletionRequest.state == "approved")
    )
    borrower_id = transaction.value(approved)
    if borrower_id is None:
        raise NotFound("deletion_request")
    hold_whole_borrower(transaction, borrower_id)
    if transaction.value(approved) != borrower_id:
        raise NotFound("deletion_request")
    today = local_date(command.at)
    refuse_unless_clear(transaction, borrower_id, today)
    if identity_of(transaction, borrower_id).fingerprint != command.known:
        raise ChangedMeanwhile("number")
    newsletter_too = leaves_newsletter(transaction, borrower_id)
    number = transaction.value(Borrower.select(Borrower.number).where(Borrower.id == borrower_id))
    transaction.run(
        DeletionRequest.update(
            state="erased",
            borrower=None,
            erased_at=command.at,
            tombstone=tombstone_of(transaction.vault, number),
            last_backup_on=today + timedelta(days=command.kept_days),
        ).where(_is(command.request_id))
    )
    counts = erase_borrower(transaction, borrower_id, command.at, newsletter_too=newsletter_too)
    transaction.run(DeletionRequest.update(counts=json.dumps(counts)).where(_is(command.request_id)))
    # Whose it was is nobody's any more, so the row names nobody from the beginning.
    note(transaction, command.who, command.at, Action.ERASE, Purpose.DELETION)
    return Erased(command.request_id, counts)


@carries_out(SettleProof, row_id=lambda done: done.row_id, again=changed_again)
def settle_proof(transaction: Transaction, command: SettleProof) -> Changed:
    """Write down how a proof ended.

    Raises:
        InvalidInput: fewer files or hits than none, or no file at all.
        NotFound: there is no such erasure that waits for its proof.
    """
    if command.files_scanned < 1 or command.hits < 0:
        raise InvalidInput("proof", "impossible")
    is_proven = command.hits == 0
    changed = transaction.run(
        DeletionRequest.update(
            state="proven" if is_proven else "unproven",
            proven_at=command.at if is_proven else None,
            files_scanned=command.files_scanned,
            hits=command.hits,
            proof=command.proof,
        ).where(_is(command.request_id) & DeletionRequest.state.in_(("erased", "unproven")))
    )
    if changed != 1:
        raise NotFound("deletion_request")
    return Changed(command.request_id)


@carries_out(NoteMissingProof, row_id=lambda done: done.row_id, again=changed_again)
def note_missing_proof(transaction: Transaction, command: NoteMissingProof) -> Changed:
    """Write down why a proof is missing.

    Raises:
        NotFound: there is no such erasure that waits for its proof.
    """
    which = _is(command.request_id) & DeletionRequest.state.in_(("erased", "unproven"))
    row = transaction.one(DeletionRequest.select(DeletionRequest.proof).where(which))
    if row is None:
        raise NotFound("deletion_request")
    # Of one that was tried again, what was found before stays found.
    found = json.loads(row[0]) if row[0] else {}
    transaction.run(DeletionRequest.update(proof=json.dumps({**found, "why": command.why})).where(which))
    return Changed(command.request_id)
