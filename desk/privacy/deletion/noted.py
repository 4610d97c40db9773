"""Notes about others in which somebody stands who is to be deleted, or has been: so that they can be edited (G1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from db.models import TABLES, DeletionRequest
from desk.command import Who, query
from desk.privacy.erasure.in_notes import NoteRecord, Stretch, notes_in, own_numbers
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.desk import Desk

ROWS_AT_ONCE: Final = 10_000
"""Scans come in between: ten thousand rows take some 10 ms."""


async def notes_about(desk: Desk, who: Who, request_id: int) -> tuple[NoteRecord, ...]:
    """Tell in which notes about others the borrower of a request stands by number, CPR number or card.

    Looked for now while the borrower is there; afterwards nobody can, and it is what the last proof found. It reads
    every note there is, a stretch at a time: to be asked once, and not every few seconds.

    Raises:
        NotAllowed, StoreError: as :meth:`Desk.ask`.
    """
    found: list[NoteRecord] = []
    stretch: Stretch | None = Stretch()
    while stretch is not None:
        more, stretch = await desk.ask(who, notes_in_stretch, request_id, stretch)
        found += more
    return tuple(found)


@query(Right.REGISTER_DELETION)
def notes_in_stretch(
    transaction: Transaction, request_id: int, stretch: Stretch
) -> tuple[tuple[NoteRecord, ...], Stretch | None]:
    """Look through one stretch of the notes for the borrower of a request; there may be none of that number.

    Returns:
        What was found, and where to go on; None: that was all.
    """
    row = transaction.one(
        DeletionRequest.select(DeletionRequest.borrower, DeletionRequest.proof).where(DeletionRequest.id == request_id)
    )
    if row is None:
        return (), None
    borrower_id, proof = row
    if borrower_id is not None:
        numbers = own_numbers(transaction, borrower_id)
        return notes_in(transaction, numbers, borrower_id, stretch, ROWS_AT_ONCE)
    found = json.loads(proof).get("noted", ()) if proof else ()
    notes = tuple(NoteRecord(table, row, column, _about(transaction, table, row)) for table, row, column in found)
    return notes, None


def _about(transaction: Transaction, table: str, row: int) -> int | None:
    """Tell about whom a row is; None: about nobody, or it is gone."""
    model: Any = next((one for one in TABLES if one._meta.table_name == table), None)
    if model is None:
        return None
    column = model.id if table == "borrower" else getattr(model, "borrower", None)
    if column is None:
        return None
    about: int | None = transaction.value(model.select(column).where(model.id == row))
    return about
