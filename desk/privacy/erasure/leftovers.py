"""What of the data map lies outside the store: scans and decisions in queues, prints, and a demo's list of PINs (G3).

Taken away after the transaction, each time before the files are looked through; doing it twice does nothing more.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from db.cleaning import clean_queue
from db.queue import queue_files
from desk.privacy.access_report.expiry import FOLDER as PRINTS
from desk.private_files import write_private

if TYPE_CHECKING:
    from desk.privacy.erasure.identity import Identity

# The columns and files of the data map that these take care of.
COVERS: Final = (
    "queue.entry.code",
    "queue.entry.context",
    "queue.place.context",
    "file:exports/*.pdf",
    "file:exports/*.json",
)
DEMO_FILE: Final = "demo.json"


def take_out_of_queues(home: Path, key: bytes, identity: Identity, *, seconds: float) -> int:
    """Delete what waits in the home's queues for the person or for an answer about them; gives how many.

    Raises:
        StorageError: a queue cannot be read or written.
    """

    def concerns(code: str) -> bool:
        raw = code.encode()
        return any(one in raw for one in identity.everywhere)

    return sum(clean_queue(path, key, identity.borrower_id, concerns, seconds=seconds) for path in queue_files(home))


def take_prints(home: Path, number: str) -> int:
    """Delete the prints about the person, named by their lånernummer; gives how many.

    Raises:
        OSError: one cannot be deleted.
    """
    gone = 0
    for path in (home / PRINTS).glob("*"):
        if number in path.name:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def take_out_of_demo(home: Path, identity: Identity) -> int:
    """Take the person's PINs out of a demo's list; a library has none. Gives how many lines went.

    Raises:
        OSError: it cannot be written.
    """
    path = home / DEMO_FILE
    if not path.exists():
        return 0
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    pins = content.get("pins", {})
    kept = {card: pin for card, pin in pins.items() if card.encode() not in identity.everywhere}
    if len(kept) < len(pins):
        write_private(path, json.dumps({**content, "pins": kept}, ensure_ascii=False, indent=1).encode(), replace=True)
    return len(pins) - len(kept)
