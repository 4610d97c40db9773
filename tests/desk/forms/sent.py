"""Forms as the website sends them, each with a wish that nothing else says."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.builders import TUESDAY

WISH = "noget om måger på Venø"
NAME = "Kirsten Fjordmark [/]"
EMAIL = "kirsten.fjordmark@fugl.example"
PHONE = "+45 20 99 47 16"
STRINGS = (WISH, NAME, EMAIL, PHONE)

SAYS: dict[str, dict[str, Any]] = {
    "appointment": {"about": WISH, "wanted_on": "2026-03-20", "wanted_at": "14:30"},
    "reading_group": {"title": WISH, "author": "Ib", "copies": 6, "needed_on": "2026-04-01"},
    "purchase_suggestion": {"title": WISH, "author": "Ib", "year": 2025},
    "holiday_bag": {"ages": "4-6 år", "wishes": WISH, "pickup_on": "2026-07-01"},
}


def form(kind: str = "appointment", *, at: datetime = TUESDAY, without: tuple[str, ...] = (), **more: Any) -> bytes:
    """Write a form of a kind as JSON.

    Args:
        kind: of the form.
        at: when it was sent.
        without: fields that are left out.
        more: fields that are added or changed.
    """
    told = {"form": kind, "sent_at": at.isoformat(), "name": NAME, "email": EMAIL, "phone": PHONE}
    told |= SAYS[kind] | more
    return json.dumps({name: value for name, value in told.items() if name not in without}).encode()


def drop(folder: Path, name: str, content: bytes) -> Path:
    """Lay a file into a folder, as the website does."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path
