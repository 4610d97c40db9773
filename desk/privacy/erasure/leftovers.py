"""What of the data map lies outside the store: queues, prints, the spool, and a demo's list of PINs (G3).

Taken away after the transaction, each time before the files are looked through; doing it twice does nothing more.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from db.cleaning import clean_queue
from db.queue import queue_files
from db.scanner import Sought, in_file
from db.unpacking import unpacked
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
    "file:spool/*",
)
DEMO_FILE: Final = "demo.json"
OURS: Final = re.compile(r"\d{8}-(opgoerelse-|sletning-)?\d{4}-\d\d-\d\d(-\d+)?\.(json|pdf)")
"""How our prints are named; what has another name is nobody's to delete, and is found by the proof."""


def take_out_of_queues(home: Path, key: bytes, identity: Identity, *, seconds: float) -> int:
    """Delete what waits in the home's queues for the person or for an answer about them; gives how many.

    Raises:
        StorageError: a queue cannot be read or written.
    """

    def concerns(code: str) -> bool:
        raw = code.encode()
        return any(one in raw for one in identity.everywhere)

    return sum(clean_queue(path, key, identity.borrower_id, concerns, seconds=seconds) for path in queue_files(home))


def take_prints(home: Path, identity: Identity) -> int:
    """Delete the prints about the person, and those of others that name them; gives how many.

    A print is named by its borrower's lånernummer and can be made again. One of a guardian or a child says who answers
    for whom, and one of somebody at the same address says where.

    Raises:
        OSError: one cannot be read or deleted.
    """
    numbers = (identity.number, *identity.related)
    prints = list((home / PRINTS).glob("*"))
    naming = {path.stem for path in prints if OURS.fullmatch(path.name) and _names(path, identity)}
    gone = 0
    for path in prints:
        if path.stem in naming or any(number in path.name for number in numbers):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _names(path: Path, identity: Identity) -> bool:
    sought = Sought(identity.everywhere, len(identity.everywhere))
    return any(True for _found in in_file(path, sought, unpacked(path)))


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
