"""From the transaction to the proof: rewrite, look, and again if something is found (G3, G4)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from db import errors as below
from db.models import DeletionRequest
from db.queue import queue_files
from db.rewriting import rewrite
from desk.command import Who
from desk.desk import store_error
from desk.errors import DeskError
from desk.privacy.erasure.commands import NoteMissingProof, SettleProof
from desk.privacy.erasure.leftovers import take_out_of_demo, take_out_of_queues, take_prints
from desk.privacy.erasure.looking import FilesUnread, Looked, look, table_names
from desk.privacy.erasure.pending import Pending, put_away, set_aside
from desk.privacy.erasure.records import ErasureOutcome, Progress, Stage
from desk.spool.erasing import take_out_of_spool

if TYPE_CHECKING:
    from desk.installation import Installation

log = logging.getLogger(__name__)

ROUNDS = 3
WAIT_SECONDS = 15.0
"""How long another program's reader or writer is waited for, each time it is in the way."""


@dataclass(frozen=True, slots=True)
class Proving:
    """What a proof takes.

    Attributes:
        wait_seconds: how long somebody in the way is waited for.
        state: how the request stands before it: ``erased``, or ``unproven`` when it is tried again.
    """

    installation: Installation
    who: Who
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    progress: Progress
    wait_seconds: float = WAIT_SECONDS
    state: str = "erased"


async def prove(proving: Proving, pending: Pending) -> ErasureOutcome:
    """Rewrite the files and look for what is left of a person, up to three times; then write down what it came to.

    Args:
        proving: what it takes.
        pending: the request, which is erased, and what is looked for.

    Returns:
        ``proven``, and what was to be proven has been put away; ``unproven``, and it is kept for when it is tried
        again; or the state it had with the reason why there is no proof: one that is missing is taken up again.
    """
    try:
        looked = await _once(proving, pending)
        for _again in range(ROUNDS - 1):
            if looked.left:
                looked = await _once(proving, pending)
    except below.StoreBusy:
        return await _missing(proving, pending, "held")
    except below.StoreFull:
        return await _missing(proving, pending, "full")
    except FilesUnread:
        return await _missing(proving, pending, "unread")
    except below.StorageError:
        return await _missing(proving, pending, "store")
    except OSError:
        return await _missing(proving, pending, "full")
    try:
        return await _settled(proving, pending, looked)
    except DeskError as error:
        log.warning("the proof of erasure %s cannot be written down: %s", pending.request_id, type(error).__name__)
        return ErasureOutcome(pending.request_id, proving.state, why="store")


async def _once(proving: Proving, pending: Pending) -> Looked:
    proving.progress(Stage.REWRITING, 0, 1)
    await asyncio.to_thread(_rewrite_all, proving, pending)
    proving.progress(Stage.SCANNING, 0, 1)
    return await look(proving.installation, pending.identity, proving.progress)


def _rewrite_all(proving: Proving, pending: Pending) -> None:
    installation, identity, seconds = proving.installation, pending.identity, proving.wait_seconds
    queue_key = installation.secrets.secret("queue")
    take_out_of_queues(installation.home, queue_key, identity, seconds=seconds)
    take_prints(installation.home, identity)
    take_out_of_spool(installation.home, queue_key, identity)
    take_out_of_demo(installation.home, identity)
    rewrite(installation.store.url, installation.secrets.secret("store"), table_names(), seconds=seconds)
    for path in queue_files(installation.home):
        rewrite(f"sqlcipher://{path}", queue_key, (), seconds=seconds)


async def _settled(proving: Proving, pending: Pending, looked: Looked) -> ErasureOutcome:
    hits = len(looked.left)
    findings = {
        "left": looked.left,
        "explained": looked.explained,
        "shared": looked.shared,
        "closed": looked.closed,
        "noted": [(note.table, note.row, note.column) for note in looked.noted],
    }
    await proving.installation.desk.do(
        SettleProof(
            command_id=proving.new_id(),
            who=proving.who,
            at=proving.clock(),
            request_id=pending.request_id,
            files_scanned=looked.files,
            hits=hits,
            proof=json.dumps(findings),
        )
    )
    if hits == 0:
        put_away(proving.installation.home, proving.installation.secrets, pending.request_id)
    else:
        set_aside(proving.installation.home, pending.request_id)
    state = "proven" if hits == 0 else "unproven"
    counts = await _counts(proving, pending.request_id)
    return ErasureOutcome(pending.request_id, state, counts, looked.files, hits, left=looked.left)


async def _missing(proving: Proving, pending: Pending, why: str) -> ErasureOutcome:
    """Leave the proof for later. That it is missing stands on the request already; why is written down if it can be."""
    command = NoteMissingProof(
        command_id=proving.new_id(), who=proving.who, at=proving.clock(), request_id=pending.request_id, why=why
    )
    try:
        await proving.installation.desk.do(command)
        counts = await _counts(proving, pending.request_id)
    except DeskError as error:
        log.warning("why erasure %s has no proof is not written down: %s", pending.request_id, type(error).__name__)
        counts = {}
    if proving.state == "unproven":
        set_aside(proving.installation.home, pending.request_id)
    return ErasureOutcome(pending.request_id, proving.state, counts, why=why)


async def _counts(proving: Proving, request_id: int) -> dict[str, int]:
    query = DeletionRequest.select(DeletionRequest.counts).where(DeletionRequest.id == request_id)
    try:
        counts: Any = await proving.installation.store.read(lambda transaction: transaction.value(query))
    except below.StorageError as error:
        raise store_error(error) from None
    return dict(json.loads(counts)) if counts else {}
