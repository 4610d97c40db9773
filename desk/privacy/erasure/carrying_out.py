"""An erasure from the approved request to its proof (G3, G4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from db import errors as below
from db.models import Borrower, DeletionRequest
from desk.calendar import local_date
from desk.command import Who
from desk.desk import store_error
from desk.errors import ChangedMeanwhile, NotFound
from desk.privacy.erasure.commands import EraseBorrower
from desk.privacy.erasure.identity import Identity, identity_of
from desk.privacy.erasure.records import Erased, ErasureOutcome, Progress, Stage
from desk.privacy.tombstones import lay_down, take_up, tombstone_of

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.installation import Installation

TRIES = 3
"""How often what is known of a person is written down anew because somebody changed it meanwhile."""


async def carry_out(
    installation: Installation,
    request_id: int,
    *,
    who: Who,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    progress: Progress,
) -> ErasureOutcome:
    """Erase whoever an approved request is about, rewrite the files, and prove that nothing is left.

    Args:
        installation: the opened home.
        request_id: an approved request.
        who: the supervisor, or the installation.
        clock: gives the instant, aware UTC.
        new_id: draws command ids.
        progress: told how far it is.

    Returns:
        Where it ended; the request is ``erased``, ``proven`` or ``unproven`` then, and never ``approved``.

    Raises:
        NotErasable: a loan, a fee, a credit or a child has come in between; the request is still approved.
        NotFound: there is no such request, or it is not approved.
        TombstonesError: the list of tombstones cannot be written; nobody has been erased.
        DeskError: the store did not do it; nobody has been erased.
    """
    progress(Stage.PREPARING, 0, 1)
    for turn in range(TRIES):
        identity = await _identity(installation, request_id)
        try:
            erased = await _erase(installation, request_id, identity, who, clock(), new_id())
        except ChangedMeanwhile:
            if turn + 1 == TRIES:
                raise
        else:
            break
    return ErasureOutcome(request_id, "erased", erased.counts)


async def _identity(installation: Installation, request_id: int) -> Identity:
    def read(transaction: Transaction) -> Identity:
        borrower_id = transaction.value(
            DeletionRequest.select(DeletionRequest.borrower).where(
                (DeletionRequest.id == request_id) & (DeletionRequest.state == "approved")
            )
        )
        if borrower_id is None:
            raise NotFound("deletion_request")
        return identity_of(transaction, borrower_id)

    try:
        return await installation.store.read(read)
    except below.StorageError as error:
        raise store_error(error) from None


async def _erase(
    installation: Installation, request_id: int, identity: Identity, who: Who, at: datetime, command_id: str
) -> Erased:
    """Lay the tombstone, then erase; a tombstone too many is taken up again, one too few cannot be."""
    tombstone = tombstone_of(installation.vault, identity.number)
    today = local_date(at)
    lay_down(installation.home, installation.vault, tombstone, today)
    try:
        return await installation.desk.do(
            EraseBorrower(command_id=command_id, who=who, at=at, request_id=request_id, known=identity.fingerprint)
        )
    except BaseException:
        if await _is_still_there(installation, identity):
            take_up(installation.home, installation.vault, tombstone, today)
        raise


async def _is_still_there(installation: Installation, identity: Identity) -> bool:
    there = Borrower.select(Borrower.id).where(Borrower.number == identity.number)
    try:
        return await installation.store.read(lambda transaction: transaction.value(there)) is not None
    except below.StorageError:
        # Nobody knows; the next start does, and takes it up then.
        return False
