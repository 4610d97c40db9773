"""The list of deletion requests (F6), one of them, and how many wait for a supervisor (C14). All of it names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from peewee import JOIN

from db.models import Borrower, DeletionRequest, Staff
from db.statements import Slot, Statement
from desk.command import query
from desk.forms.matching import counts_of_forms
from desk.privacy.deletion.checking import checklist_columns
from desk.privacy.deletion.records import Checklist, DeletionRecord, Erased, Registered
from desk.privacy.deletion.rules import OPEN_STATES, STAGES, adult_born_by
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

SHOWN: Final = timedelta(days=30)
"""How long what was proven stays on the list."""
FOR_SUPERVISORS: Final = frozenset({"ready", "approved"})
"""Stages in which a supervisor has something to do."""

_REGISTRANT: Any = Staff.alias("registrant")
_DECIDER: Any = Staff.alias("decider")
_COLUMNS = (
    DeletionRequest.id,
    DeletionRequest.borrower,
    Borrower.number,
    DeletionRequest.state,
    DeletionRequest.registered_at,
    _REGISTRANT.id,
    _REGISTRANT.name,
    _REGISTRANT.person_number,
    DeletionRequest.identity_check,
    DeletionRequest.newsletter,
    DeletionRequest.decided_at,
    _DECIDER.name,
    DeletionRequest.notice,
    DeletionRequest.noticed_at,
    DeletionRequest.erased_at,
    DeletionRequest.proven_at,
    DeletionRequest.counts,
    DeletionRequest.files_scanned,
    DeletionRequest.hits,
    DeletionRequest.last_backup_on,
)
_ALL = (
    DeletionRequest.select(*_COLUMNS, *checklist_columns(DeletionRequest.borrower))
    .join(Borrower, JOIN.LEFT_OUTER, on=(DeletionRequest.borrower == Borrower.id))
    .switch(DeletionRequest)
    .join(_REGISTRANT, on=(DeletionRequest.registered_by == _REGISTRANT.id))
    .switch(DeletionRequest)
    .join(_DECIDER, JOIN.LEFT_OUTER, on=(DeletionRequest.decided_by == _DECIDER.id))
    .order_by(DeletionRequest.registered_at, DeletionRequest.id)
)
LIST = Statement(
    _ALL.where(
        (DeletionRequest.state << [*OPEN_STATES, "erased", "unproven"])
        | ((DeletionRequest.state == "proven") & (DeletionRequest.proven_at >= Slot("since")))
    )
)
ONE = Statement(_ALL.where(DeletionRequest.id == Slot("request_id")))
OPEN = Statement(
    DeletionRequest.select(DeletionRequest.state, *checklist_columns(DeletionRequest.borrower)).where(
        DeletionRequest.state << list(OPEN_STATES)
    )
)
OPEN_OF_BORROWER = Statement(
    DeletionRequest.select(DeletionRequest.id)
    .where((DeletionRequest.borrower == Slot("borrower_id")) & (DeletionRequest.state << list(OPEN_STATES)))
    .limit(1)
)


@query(Right.REGISTER_DELETION)
def deletion_requests(transaction: Transaction, now: datetime, today: date) -> tuple[DeletionRecord, ...]:
    """List the requests: what can be decided first, then as in ``STAGES``; within a stage the oldest first.

    Args:
        transaction: a view of the store.
        now: aware UTC; what was proven longer than 30 days ago is not shown.
        today: local date, by which somebody is of age.
    """
    rows = transaction.all(LIST, since=now - SHOWN, adult_born_by=adult_born_by(today))
    forms = counts_of_forms(transaction, [row[1] for row in rows if row[1] is not None])
    return tuple(sorted((_record(row, forms) for row in rows), key=lambda record: STAGES.index(record.stage)))


@query(Right.REGISTER_DELETION)
def deletion_request(transaction: Transaction, request_id: int, today: date) -> DeletionRecord | None:
    """Give one request with its checklist as it is now, or None."""
    row = transaction.one(ONE, request_id=request_id, adult_born_by=adult_born_by(today))
    if row is None:
        return None
    return _record(row, counts_of_forms(transaction, [] if row[1] is None else [row[1]]))


@query(Right.REGISTER_DELETION)
def open_deletion_of(transaction: Transaction, borrower_id: int, today: date) -> DeletionRecord | None:
    """Give the request of a borrower that has not been carried out, or None."""
    request_id = transaction.value(OPEN_OF_BORROWER, borrower_id=borrower_id)
    return None if request_id is None else deletion_request(transaction, request_id, today)


@query(Right.APPROVE_DELETION)
def deletions_to_decide(transaction: Transaction, today: date) -> int:
    """Count what waits for a supervisor: what can be approved, and what was approved and not carried out (C14)."""
    rows = transaction.all(OPEN, adult_born_by=adult_born_by(today))
    return sum(state == "approved" or Checklist(*map(int, figures)).is_clear for state, *figures in rows)


def _record(row: tuple[Any, ...], forms: Mapping[int, int]) -> DeletionRecord:
    request_id, borrower_id, number, state, registered_at, *registrant = row[:8]
    identity_check, newsletter, decided_at, decided_by, notice, noticed_at = row[8:14]
    erased_at, proven_at, counts, files_scanned, hits, last_backup_on = row[14:20]
    staff_id, name, person_number = registrant
    return DeletionRecord(
        request_id=request_id,
        borrower_id=borrower_id,
        number=number or "",
        state=state,
        registered_at=registered_at,
        registered=Registered(staff_id, name, person_number is not None),
        identity_check=identity_check,
        newsletter=newsletter,
        decided_at=decided_at,
        decided_by=decided_by or "",
        notice=notice,
        noticed_at=noticed_at,
        checklist=None
        if borrower_id is None
        else replace(Checklist(*map(int, row[20:])), forms=forms.get(borrower_id, 0)),
        erased=None if erased_at is None else Erased(erased_at, proven_at, counts, files_scanned, hits, last_backup_on),
    )
