"""An erasure from the approved request to its proof (G3, G4)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db import errors as below
from db.models import Borrower, DeletionRequest
from db.store import claim_file
from desk.calendar import local_date
from desk.command import Who
from desk.desk import store_error
from desk.errors import ChangedMeanwhile, DeskError, ImportFailed, NotFound, StoreIsBusy
from desk.forms.taking_in import take_in_dropped
from desk.privacy.erasure.commands import EraseBorrower
from desk.privacy.erasure.identity import Identity, identity_of
from desk.privacy.erasure.pending import Pending, put_away, write_down
from desk.privacy.erasure.proving import WAIT_SECONDS, Proving, prove
from desk.privacy.erasure.records import ErasureOutcome, Progress, Stage
from desk.privacy.tombstones import lay_down, take_up, tombstone_of

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.installation import Installation

log = logging.getLogger(__name__)

TRIES = 3
"""How often what is known of a person is written down anew because somebody changed it meanwhile."""
LOCK_FILE = "erasure.lock"
LOCK_SECONDS = 60.0
PAUSE_SECONDS = 0.1


async def carry_out(
    installation: Installation,
    request_id: int,
    *,
    who: Who,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    progress: Progress,
    wait_seconds: float = WAIT_SECONDS,
) -> ErasureOutcome:
    """Erase whoever an approved request is about, rewrite the files, and prove that nothing is left.

    Args:
        installation: the opened home.
        request_id: an approved request.
        who: the supervisor, or the installation.
        clock: gives the instant, aware UTC.
        new_id: draws command ids.
        progress: told how far it is.
        wait_seconds: how long another program that is in the way of the rewriting is waited for.

    Returns:
        Where it ended; the request is ``erased``, ``proven`` or ``unproven`` then, and never ``approved``.

    Raises:
        NotErasable: a loan, a fee, a credit or a child has come in between; the request is still approved.
        NotFound: there is no such request, or it is not approved.
        TombstonesError: the list of tombstones cannot be written; nobody has been erased.
        FileNotWritten, SecretsError: what is to be proven cannot be written down; nobody has been erased.
        StoreError: the store did not do it; nobody has been erased. What fails after that is no error: the outcome says
            why the proof is missing.
    """
    proving = Proving(installation, who, clock, new_id, progress, wait_seconds)
    async with only_one(installation.home, LOCK_SECONDS):
        progress(Stage.PREPARING, 0, 1)
        await _take_in_forms(installation, who, clock)
        for turn in range(TRIES):
            pending = Pending(request_id, await _identity(installation, request_id))
            try:
                await _erase(proving, pending)
            except ChangedMeanwhile:
                if turn + 1 == TRIES:
                    raise
            else:
                break
        return await prove(proving, pending)


async def _take_in_forms(installation: Installation, who: Who, clock: Callable[[], datetime]) -> None:
    """Take in the forms that still lie in a folder, so that the person's own go with the rest."""
    try:
        await take_in_dropped(installation, who, clock)
    except ImportFailed as error:
        # Nobody is kept waiting for a folder that is away; what lies in the home is looked through by the proof.
        log.warning("the folder of the forms cannot be read before an erasure: %s", error.detail)


@contextlib.asynccontextmanager
async def only_one(home: Path, seconds: float) -> AsyncIterator[None]:
    """Let one program of a home at a time erase or prove; the kernel frees the place of one that is killed.

    Raises:
        StoreIsBusy: another one has not ended in time.
        StoreError: the home cannot be written.
    """
    waited = 0.0
    while True:
        try:
            descriptor = claim_file(home / LOCK_FILE)
        except below.StorageError as error:
            raise store_error(error) from None
        if descriptor is not None:
            break
        if waited >= seconds:
            raise StoreIsBusy(str(home))
        await asyncio.sleep(PAUSE_SECONDS)
        waited += PAUSE_SECONDS
    try:
        yield
    finally:
        os.close(descriptor)


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


async def _erase(proving: Proving, pending: Pending) -> None:
    """Write down what is to be proven, lay the tombstone, then erase.

    A tombstone too many is taken up again, one too few cannot be; so with what is written down.
    """
    installation, identity = proving.installation, pending.identity
    at = proving.clock()
    tombstone, today = tombstone_of(installation.vault, identity.number), local_date(at)
    write_down(installation.home, installation.secrets, pending)
    try:
        lay_down(installation.home, installation.vault, tombstone, today)
    except DeskError:
        put_away(installation.home, installation.secrets, pending.request_id)
        raise
    try:
        proving.progress(Stage.ERASING, 0, 1)
        await installation.desk.do(
            EraseBorrower(
                command_id=proving.new_id(),
                who=proving.who,
                at=at,
                request_id=pending.request_id,
                known=identity.fingerprint,
                kept_days=installation.settings.backup.keep_days,
            )
        )
    except Exception:
        # Whatever it was, a bug too: what was laid before the commit is taken up, and the failure goes on its way.
        if await _is_still_there(installation, identity):
            take_up(installation.home, installation.vault, tombstone, today)
            put_away(installation.home, installation.secrets, pending.request_id)
        raise


async def _is_still_there(installation: Installation, identity: Identity) -> bool:
    there = Borrower.select(Borrower.id).where(Borrower.number == identity.number)
    try:
        return await installation.store.read(lambda transaction: transaction.value(there)) is not None
    except below.StorageError:
        # Nobody knows; the next start does.
        return False
