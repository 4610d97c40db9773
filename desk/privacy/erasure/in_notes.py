"""What staff wrote about somebody else, and that names a person by a number which is theirs alone (G1, G4).

A surname in another's row is that other's as well. A lånernummer, a CPR number or a card's is nobody's but this
person's, whoever's note it stands in: so it is never explained. It is told before the approval, and it is a hit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from peewee import Field, fn

from db.models import (
    Block,
    Borrower,
    Card,
    DeletionRequest,
    Fee,
    Item,
    Loan,
    Message,
    Override,
    Payment,
    TillClosing,
)
from desk.labels.rules import grouped

if TYPE_CHECKING:
    from db.store import Transaction

WRITTEN_BY_STAFF: Final[tuple[Field, ...]] = (
    Borrower.internal_note,
    Borrower.note_to_borrower,
    Block.reason,
    Block.lift_reason,
    Loan.due_reason,
    Fee.note,
    Fee.settle_reason,
    Payment.reference,
    Payment.reason,
    Override.reason,
    Message.subject,
    Message.body,
    DeletionRequest.decision_reason,
    Item.status_reason,
    TillClosing.remark,
)
ALL_ROWS: Final = 1 << 40
SHORTEST: Final = 4
"""Of a card's number: what is shorter is a word of any sentence."""


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A place where a person stands in what was written about somebody else; never its text.

    Attributes:
        table, row, column: where.
        borrower_id: about whom it was written; None: about nobody (a copy, a till).
    """

    table: str
    row: int
    column: str
    borrower_id: int | None = None

    @property
    def place(self) -> str:
        """Name it as the proof does."""
        return f"{self.table} row {self.row} {self.column}"


def own_numbers(transaction: Transaction, borrower_id: int) -> tuple[str, ...]:
    """Give the numbers that are a borrower's alone, as staff would write them; of one who is gone, none."""
    row = transaction.one(Borrower.select(Borrower.number, Borrower.cpr_sealed).where(Borrower.id == borrower_id))
    if row is None:
        return ()
    number, sealed = row
    numbers = [number, grouped(number)]
    if sealed is not None:
        cpr = transaction.vault.open(sealed)
        numbers += [cpr, f"{cpr[:6]}-{cpr[6:]}", f"{cpr[:6]} {cpr[6:]}"]
    numbers += [card for (card,) in transaction.all(Card.select(Card.number).where(Card.borrower == borrower_id))]
    return tuple(dict.fromkeys(one for one in numbers if len(one) >= SHORTEST))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of what is to be read: one column, the rows from ``first`` on."""

    column: int = 0
    first: int = 0


def notes_in(
    transaction: Transaction, numbers: tuple[str, ...], borrower_id: int, stretch: Stretch, rows: int
) -> tuple[tuple[NoteRecord, ...], Stretch | None]:
    """Find what was written about others and has one of a person's numbers in it, in a part of one column.

    Args:
        transaction: a view of the store.
        numbers: those of the person.
        borrower_id: the person, whose own rows do not count; there may be none of that number any more.
        stretch: where to begin.
        rows: how many numbers of rows to go through.

    Returns:
        What was found, and where to go on; None: all has been read.
    """
    if not numbers:
        return (), None
    column = WRITTEN_BY_STAFF[stretch.column]
    table: Any = column.model
    about = table.id if table is Borrower else getattr(table, "borrower", None)
    columns = (table.id, column) if about is None else (table.id, column, about)
    holds = reduce(or_, (column.contains(one) for one in numbers))
    end = stretch.first + rows
    these = table.select(*columns).where((table.id >= stretch.first) & (table.id < end) & (column != "") & holds)
    as_word = re.compile("|".join(map(_as_word, numbers)), re.IGNORECASE)
    found = tuple(
        NoteRecord(table._meta.table_name, row, column.column_name, whose[0] if whose else None)
        for row, text, *whose in transaction.all(these.order_by(table.id))
        if (not whose or whose[0] != borrower_id) and as_word.search(text)
    )
    if (transaction.value(table.select(fn.MAX(table.id))) or 0) >= end:
        return found, Stretch(stretch.column, end)
    return found, Stretch(stretch.column + 1) if stretch.column + 1 < len(WRITTEN_BY_STAFF) else None


def notes_that_name(transaction: Transaction, numbers: tuple[str, ...], borrower_id: int) -> tuple[NoteRecord, ...]:
    """Find it in one view of the store, which takes a third of a second where there are 200,000 copies."""
    found: list[NoteRecord] = []
    stretch: Stretch | None = Stretch()
    while stretch is not None:
        more, stretch = notes_in(transaction, numbers, borrower_id, stretch, ALL_ROWS)
        found += more
    return tuple(found)


def _as_word(number: str) -> str:
    """Give a pattern for a number that is no part of a longer one."""
    inside = "[0-9]" if number[0].isdigit() and number[-1].isdigit() else r"\w"
    return f"(?<!{inside}){re.escape(number)}(?!{inside})"
