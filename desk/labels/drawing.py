"""A label asked for and drawn: what a screen or a command calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeAlias

from desk.labels.rules import lines_of

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.command import Who
    from desk.desk import Desk
    from desk.labels.records import LabelRecord

Picture: TypeAlias = Literal["svg", "png"]
LabelQuery: TypeAlias = "Callable[[Transaction, str], LabelRecord]"


async def drawn_label(desk: Desk, who: Who, label: LabelQuery, raw: str, picture: Picture) -> tuple[LabelRecord, bytes]:
    """Draw the label of a card or an item, away from the event loop.

    Args:
        desk: the desk.
        who: on whose behalf.
        label: ``card_label`` or ``item_label``.
        raw: the card's number, the item's barcode.
        picture: what kind of file.

    Returns:
        What it says, and the file's content.

    Raises:
        NotAllowed, InvalidInput, NotFound, StoreError: as the query says.
    """
    record = await desk.ask(who, label, raw)
    return record, await asyncio.to_thread(drawn, record, picture)


def drawn(label: LabelRecord, picture: Picture) -> bytes:
    """Draw a label: the content of a file."""
    from devices.label import label_png, label_svg  # noqa: PLC0415  (Pillow, which only a label needs)

    draw = label_svg if picture == "svg" else label_png
    return draw(label.code, lines_of(label))
