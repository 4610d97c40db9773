"""Before anything opens: an erasure that was cut short is ended (G4). Where there is none, it costs one look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.privacy.erasure.begun import requests_pending

if TYPE_CHECKING:
    from pathlib import Path

    from desk.installation import Installation
    from desk.privacy.erasure.records import ErasureOutcome, Progress


def is_cut_short(home: Path) -> bool:
    """Tell whether an erasure of a home has been begun and not ended."""
    return bool(requests_pending(home))


def end_erasures(installation: Installation, progress: Progress, *, failed_too: bool = False) -> list[ErasureOutcome]:
    """End what was begun, away from any event loop that runs here.

    Args:
        installation: the opened home.
        progress: told how far it is.
        failed_too: try those again whose proof failed; no start does, for it takes as long as they are many.

    Raises:
        DeskError: the store or the home did not do it.
    """
    import asyncio  # noqa: PLC0415  (only where something was cut short, as all of these)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    from desk.installation import new_id, now  # noqa: PLC0415  (it may be what imports this)
    from desk.privacy.erasure.resuming import resume  # noqa: PLC0415  (only where something was cut short)

    def run() -> list[ErasureOutcome]:
        return asyncio.run(resume(installation, clock=now, new_id=new_id, progress=progress, failed_too=failed_too))

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(run).result()
