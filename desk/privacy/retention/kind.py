"""What a kind of row is to the retention clock: which are looked at, which of them go, and what goes along.

A look is bounded: so many rows in the kind's order, then which of those go. Nothing is looked at twice in a run,
however much waits for a fee.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from peewee import Field, Model

from db.statements import Statement
from desk.privacy.data_map import BY_KEY, Goes
from desk.privacy.retention.records import After, Step
from desk.privacy.retention.rules import Due

if TYPE_CHECKING:
    from db.store import Transaction

Doomed: TypeAlias = Mapping[type[Model], Sequence[int]]
"""Ids of the rows that go, a table each."""


class Kind(ABC):
    """A kind of row that goes by the clock.

    Attributes:
        about: its key in the data map, whose ``goes`` names the rule.
        table: of its rows.
        at_once: rows in a batch; with what goes along, about 200 (Q7).
    """

    about: ClassVar[str]
    table: ClassVar[type[Model]]
    at_once: ClassVar[int] = 200

    @property
    def name(self) -> str:
        """Its table's name."""
        return str(self.table._meta.table_name)

    @property
    def goes(self) -> Goes:
        """When it goes, as the data map says."""
        return BY_KEY[self.about].goes

    @property
    def key(self) -> Any:
        """The primary key."""
        return self.table._meta.primary_key

    def doomed(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> Doomed:
        """Give what goes with rows that go, in the order in which it can: what refers to them, they, what they leave.

        Args:
            transaction: a consistent view of the store.
            due: what the run goes by.
            ids: rows that go.
        """
        return {self.table: ids}

    def would_go(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> Doomed:
        """Give what will have gone with rows once everything that is due has gone, batch by batch."""
        return self.doomed(transaction, due, ids)

    @abstractmethod
    def step(self, transaction: Transaction, due: Due, after: After | None, count: int) -> Step:
        """Look at the next rows.

        Args:
            transaction: a consistent view of the store.
            due: what the run goes by.
            after: the row looked at last; None: begin.
            count: so many.
        """

    @abstractmethod
    def still_go(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> tuple[int, ...]:
        """Give those of some rows that go."""

    def remove(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> dict[str, int]:
        """Delete those of some rows that (still) go, and what goes with them.

        Args:
            transaction: a writing one; other counters may have changed the rows since they were looked at.
            due: what the run goes by.
            ids: rows that were to go.

        Returns:
            How many went, by table.
        """
        if ids:
            rows = self.table.select(self.key).where(self.key.in_(list(ids))).order_by(self.key)
            transaction.lock(Statement(rows.for_update()))
        going = self.still_go(transaction, due, ids)
        if not going:
            return {}
        counts = {}
        for table, rows_of_it in self.doomed(transaction, due, going).items():
            counts[table._meta.table_name] = self.take(transaction, table, rows_of_it) if rows_of_it else 0
        return counts

    def take(self, transaction: Transaction, table: type[Model], ids: Sequence[int]) -> int:
        """Delete rows; gives how many."""
        key: Any = table._meta.primary_key
        return transaction.run(table.delete().where(key.in_(list(ids))))


class KindByCondition(Kind):
    """A kind whose rows go each by what it holds itself.

    Attributes:
        dated: the indexed column by which they are looked at in order; None: by id.
    """

    dated: ClassVar[Field | None] = None

    @abstractmethod
    def may_go(self, due: Due) -> Any:
        """Give a condition that an index answers: which rows are worth a look."""

    @abstractmethod
    def does_go(self, due: Due) -> Any:
        """Give the whole condition."""

    def step(self, transaction: Transaction, due: Due, after: After | None, count: int) -> Step:
        """Look at the next rows that an index says may go."""
        order = (self.key,) if self.dated is None else (self.dated, self.key)
        query = self.table.select(self.key, *order[:-1]).where(self.may_go(due)).order_by(*order).limit(count)
        if after is not None and self.dated is None:
            query = query.where(self.key > after.row_id)
        elif after is not None and self.dated is not None:
            seen = (self.dated == after.dated) & (self.key <= after.row_id)
            query = query.where((self.dated >= after.dated) & ~seen)
        rows = transaction.all(query)
        last = After(rows[-1][0], rows[-1][1] if self.dated is not None else None) if len(rows) == count else None
        return Step(self.still_go(transaction, due, [row[0] for row in rows]), last)

    def still_go(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> tuple[int, ...]:
        """Give those of some rows that go."""
        if not ids:
            return ()
        query = self.table.select(self.key).where(self.key.in_(list(ids)) & self.does_go(due)).order_by(self.key)
        return tuple(row[0] for row in transaction.all(query))
