"""What an import changed of each borrower (G8): what was held before, compared with what is held after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from db.models import Block, Borrower, Card, Telephone
from desk.command import Who
from desk.privacy.access_log import NewRow, note_many
from desk.privacy.data_map import MAP
from desk.privacy.purposes import Action, Purpose

if TYPE_CHECKING:
    from db.store import Transaction

# When the register last spoke of somebody changes with every extract, and says nothing about them.
UNTOLD = frozenset({Borrower.register_dated})
FIELDS = {f"borrower.{field.column_name}": field for field in Borrower._meta.sorted_fields if field not in UNTOLD}
# Which items lie on the borrower's own row, column by column.
ITEMS: tuple[tuple[str, Any], ...] = tuple(
    (held.key, FIELDS[column]) for held in MAP for column in held.columns if column in FIELDS
)
# And those that have rows of their own.
BESIDE: tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...] = (
    (("telephone",), (Telephone.borrower, Telephone.number, Telephone.takes_sms)),
    (("cards",), (Card.borrower, Card.number)),
    (("blocked_on", "block_reason"), (Block.borrower, Block.id)),
)


class Changes:
    """What some borrowers are before an import touches them.

    Args:
        transaction: the import's.
        borrower_ids: everybody it may change.
    """

    def __init__(self, transaction: Transaction, borrower_ids: Iterable[int]) -> None:
        self._transaction = transaction
        self._ids = sorted(set(borrower_ids))
        self._before = self._held()

    def note(self, who: Who, at: datetime, purpose: Purpose, created: Sequence[int] = ()) -> None:
        """Add a row to the log for everybody who was created, and for everybody who is not what they were before.

        Args:
            who: on whose behalf.
            at: aware UTC.
            purpose: why.
            created: the ids of those who were not there before.
        """
        rows = [NewRow(borrower_id, Action.CREATE) for borrower_id in created]
        after = self._held()
        for borrower_id in self._ids:
            before, now = self._before[borrower_id], after[borrower_id]
            changed = tuple(held.key for held in MAP if before.get(held.key) != now.get(held.key))
            if changed:
                rows.append(NewRow(borrower_id, Action.CHANGE, changed))
        note_many(self._transaction, who, at, purpose, rows)

    def _held(self) -> dict[int, dict[str, list[Any]]]:
        """Give what is held now, item by item."""
        if not self._ids:
            return {}
        held: dict[int, dict[str, list[Any]]] = {}
        columns = [column for _key, column in ITEMS]
        theirs = Borrower.id.in_(self._ids)
        for borrower_id, *values in self._transaction.all(Borrower.select(Borrower.id, *columns).where(theirs)):
            items: dict[str, list[Any]] = {key: [] for key, _column in ITEMS}
            items |= {key: [] for keys, _columns in BESIDE for key in keys}
            for (key, _column), value in zip(ITEMS, values, strict=True):
                items[key].append(value)
            held[borrower_id] = items
        for keys, (owner, *others) in BESIDE:
            rows = owner.model.select(owner, *others).where(owner.in_(self._ids)).order_by(owner, *others)
            for borrower_id, *values in self._transaction.all(rows):
                for key in keys:
                    held[borrower_id][key].append(values)
        return held
