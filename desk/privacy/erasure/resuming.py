"""An erasure that was cut short: not done, or carried to its proof, before any screen opens (G4)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from db import errors as below
from db.models import DeletionRequest
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.desk import store_error
from desk.errors import StoreIsBusy, TombstonesError
from desk.privacy.erasure.carrying_out import only_one
from desk.privacy.erasure.pending import PendingUnreadable, put_away, read_back, requests_pending
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
) -> list[ErasureOutcome]:
    """End every erasure that was begun in a home and not ended.

    One whose transaction did not take place leaves nothing: its tombstone is taken up, what was written down goes. Of
    one that took place the proof is made. Where another program is at it, it is left to that one.

    Returns:
        What became of each that had taken place.

    Raises:
        DeskError: the store or the home did not do it; what was begun is still written down.
    """
    outcomes: list[ErasureOutcome] = []
    if not requests_pending(installation.home):
        return outcomes
    try:
        async with only_one(installation.home, 0):
            for request_id in requests_pending(installation.home):
                outcome = await _resumed(
                    Proving(installation, INSTALLATION, clock, new_id, progress, wait_seconds), request_id
                )
                if outcome is not None:
                    outcomes.append(outcome)
    except StoreIsBusy:
        # Another program erases or proves at this moment.
        return outcomes
    return outcomes


async def _resumed(proving: Proving, request_id: int) -> ErasureOutcome | None:
    installation = proving.installation
    state = await _state(installation, request_id)
    try:
        pending = read_back(installation.home, installation.secrets, request_id)
    except PendingUnreadable as error:
        log.warning("what was written down for erasure %s cannot be read: %s", request_id, error)
        if state != "erased":
            put_away(installation.home, installation.secrets, request_id)
        return None
    if state == "erased":
        return await prove(proving, pending)
    if state not in {"proven", "unproven"}:
        tombstone = tombstone_of(installation.vault, pending.identity.number)
        try:
            take_up(installation.home, installation.vault, tombstone, local_date(proving.clock()))
        except TombstonesError as error:
            # It stands in nobody's way but that borrower's; ``desk check`` says what is wrong with the list.
            log.warning("the tombstone of request %s is not taken up: %s", request_id, error.why)
            return None
    put_away(installation.home, installation.secrets, request_id)
    return None


async def _state(installation: Installation, request_id: int) -> str:
    query = DeletionRequest.select(DeletionRequest.state).where(DeletionRequest.id == request_id)
    try:
        return str(await installation.store.read(lambda transaction: transaction.value(query)) or "")
    except below.StorageError as error:
        raise store_error(error) from None
