"""What is asked of erasures: which have no proof, and what a certificate says. Names nobody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.models import DeletionRequest, Library
from db.statements import Statement
from desk.command import query
from desk.errors import NotFound
from desk.privacy.erasure.records import Certificate, WithoutProof
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

UNPROVEN = Statement(
    DeletionRequest.select(DeletionRequest.id, DeletionRequest.state)
    .where(DeletionRequest.state.in_(("erased", "unproven")))
    .order_by(DeletionRequest.id)
)
ERASED = ("erased", "proven", "unproven")


@query(Right.SIGN_IN)
def erasures_without_proof(transaction: Transaction) -> WithoutProof:
    """Tell which erasures have no proof yet, and of which it failed. Anybody may know: the front screen says it."""
    rows = transaction.all(UNPROVEN)
    return WithoutProof(
        missing=tuple(request_id for request_id, state in rows if state == "erased"),
        failed=tuple(request_id for request_id, state in rows if state == "unproven"),
    )


@query(Right.ERASE)
def certificate_of(transaction: Transaction, request_id: int) -> Certificate:
    """Give what is certified of an erasure, as it stands now.

    Raises:
        NotFound: there is no such request, or nobody has been erased for it.
    """
    row = transaction.one(
        DeletionRequest.select(
            DeletionRequest.state,
            DeletionRequest.registered_at,
            DeletionRequest.decided_at,
            DeletionRequest.erased_at,
            DeletionRequest.proven_at,
            DeletionRequest.counts,
            DeletionRequest.files_scanned,
            DeletionRequest.hits,
            DeletionRequest.proof,
            DeletionRequest.tombstone,
            DeletionRequest.last_backup_on,
        ).where((DeletionRequest.id == request_id) & DeletionRequest.state.in_(ERASED))
    )
    if row is None:
        raise NotFound("deletion_request")
    state, registered, decided, erased, proven, counts, files, hits, proof, tombstone, last_backup_on = row
    found: dict[str, Any] = json.loads(proof) if proof else {}
    return Certificate(
        request_id=request_id,
        library=str(transaction.value(Library.select(Library.name)) or ""),
        state=state,
        registered_at=registered,
        decided_at=decided,
        erased_at=erased,
        proven_at=proven,
        counts=json.loads(counts) if counts else {},
        files_scanned=files,
        hits=hits,
        left=tuple(found.get("left", ())),
        explained={table: tuple(rows) for table, rows in found.get("explained", {}).items()},
        shared=found.get("shared", {}),
        closed=found.get("closed", 0),
        noted=len(found.get("noted", ())),
        why=found.get("why", ""),
        tombstone=bytes(tombstone or b"").hex(),
        last_backup_on=last_backup_on,
    )
