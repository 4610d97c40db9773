"""An erasure that was cut short: not done, or carried to its proof, before any screen opens (G4).

One whose proof failed is tried again when somebody says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from db import errors as below
from db.models import Borrower, DeletionRequest
from desk.calendar import local_date
from desk.command import INSTALLATION, Who
from desk.desk import store_error
from desk.errors import NotFound, StoreIsBusy, TombstonesError
from desk.privacy.erasure.begun import requests_failed, requests_pending
from desk.privacy.erasure.carrying_out import LOCK_SECONDS, only_one
from desk.privacy.erasure.pending import PendingUnreadable, put_away, read_back, set_aside, take_out_again
from desk.privacy.erasure.proving import WAIT_SECONDS, Proving, prove
from desk.privacy.erasure.records import ErasureOutcome, Progress
from desk.privacy.tombstones import take_up, tombstone_of

if TYPE_CHECKING:
    from desk.installation import Installation

log = logging.getLogger(__name__)


async def resume(
    installation: Installation,
    *,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    progress: Progress,
    wait_seconds: float = WAIT_SECONDS,
    failed_too: bool = False,
) -> list[ErasureOutcome]:
    """End every erasure that was begun in a home and not ended.

    One whose transaction did not take place leaves nothing: its tombstone is taken up, what was written down goes. Of
    one that took place the proof is made. Where another program is at it, it is left to that one.

    Args:
        installation: the opened home.
        clock: gives the instant, aware UTC.
        new_id: draws command ids.
        progress: told how far it is.
        wait_seconds: how long another program that is in the way of the rewriting is waited for.
        failed_too: those as well whose proof failed.

    Returns:
        What became of each that had taken place.

    Raises:
        DeskError: the store or the home did not do it; what was begun is still written down.
    """
    outcomes: list[ErasureOutcome] = []
    if not requests_pending(installation.home) and not (failed_too and requests_failed(installation.home)):
        return outcomes
    proving = Proving(installation, INSTALLATION, clock, new_id, progress, wait_seconds)
    try:
        async with only_one(installation.home, 0):
            failed = set(requests_failed(installation.home)) if failed_too else set()
            for request_id in sorted({*requests_pending(installation.home), *failed}):
                outcome = await _resumed(proving, request_id, failed_too=failed_too)
                if outcome is not None:
                    outcomes.append(outcome)
    except StoreIsBusy:
        # Another program erases or proves at this moment.
        return outcomes
    return outcomes


async def prove_again(
    installation: Installation,
    request_id: int,
    *,
    who: Who,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    progress: Progress,
    wait_seconds: float = WAIT_SECONDS,
) -> ErasureOutcome:
    """Try the proof of one erasure again: the cause may be gone by now.

    Args:
        installation: the opened home.
        request_id: of an erasure without a proof.
        who: the supervisor.
        clock: gives the instant, aware UTC.
        new_id: draws command ids.
        progress: told how far it is.
        wait_seconds: how long another program that is in the way of the rewriting is waited for.

    Raises:
        NotFound: ``proof``: what was looked for is not kept in this home, or not any more.
        DeskError: the store or the home did not do it; what is to be proven is still written down.
    """
    async with only_one(installation.home, LOCK_SECONDS):
        proving = Proving(installation, who, clock, new_id, progress, wait_seconds)
        outcome = await _resumed(proving, request_id, failed_too=True)
    if outcome is None:
        raise NotFound("proof")
    return outcome


async def _resumed(proving: Proving, request_id: int, *, failed_too: bool) -> ErasureOutcome | None:
    installation = proving.installation
    home = installation.home
    state = await _state(installation, request_id)
    if failed_too:
        take_out_again(home, request_id)
    try:
        pending = read_back(home, installation.secrets, request_id)
    except PendingUnreadable as error:
        log.warning("what was written down for erasure %s cannot be read: %s", request_id, error)
        if state != "erased":
            put_away(home, installation.secrets, request_id)
        return None
    if state == "erased" or (state == "unproven" and failed_too):
        return await prove(replace(proving, state=state), pending)
    if state == "unproven":
        # Killed when it had just been written down that the proof failed, or when it was tried again.
        set_aside(home, request_id)
        return None
    if state != "proven" and await _is_there(installation, pending.identity.number):
        tombstone = tombstone_of(installation.vault, pending.identity.number)
        try:
            take_up(home, installation.vault, tombstone, local_date(proving.clock()))
        except TombstonesError as error:
            # It stands in nobody's way but that borrower's; ``desk check`` says what is wrong with the list.
            log.warning("the tombstone of request %s is not taken up: %s", request_id, error.why)
            return None
    put_away(home, installation.secrets, request_id)
    return None


async def _state(installation: Installation, request_id: int) -> str:
    query = DeletionRequest.select(DeletionRequest.state).where(DeletionRequest.id == request_id)
    return str(await _value(installation, query) or "")


async def _is_there(installation: Installation, number: str) -> bool:
    """Tell whether the borrower is in the store: a back-up put in its place may know nothing of the request."""
    return await _value(installation, Borrower.select(Borrower.id).where(Borrower.number == number)) is not None


async def _value(installation: Installation, query: Any) -> Any:
    try:
        return await installation.store.read(lambda transaction: transaction.value(query))
    except below.StorageError as error:
        raise store_error(error) from None
