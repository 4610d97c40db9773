"""The trail of a transaction: what it changed, row by row, so that it can be taken back (C9).

Held in memory by whoever asked for the work, never on disk. A trail is taken back only while every row is still as the
transaction left it; what somebody has changed since is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, TypeAlias

from peewee import Field, IntegrityError, Model

if TYPE_CHECKING:
    from db.store import Transaction

Values: TypeAlias = Mapping[str, Any]


class TrailBroken(Exception):
    """A row is no longer as the transaction left it; ``table`` says which kind. Nothing may have been written."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


@dataclass(frozen=True, slots=True)
class Inserted:
    """A row that was not there before.

    Attributes:
        left: columns (by field name) that must still be so.
        may_stay: leave the row where it is when they are not, e.g. a message that has been sent.
        used_by: leave the row where it is while this foreign key of others points to it, e.g. an occasion that a
            renewal has joined since.
    """

    table: type[Model]
    row_id: int
    left: Values = field(default_factory=dict, repr=False)
    may_stay: bool = False
    used_by: Field | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """A row with other values: ``was`` before, ``left`` after; the same columns in both."""

    table: type[Model]
    row_id: int
    was: Values = field(repr=False)
    left: Values = field(repr=False)


@dataclass(frozen=True, slots=True)
class Deleted:
    """A row that is gone, with all its columns by field name."""

    table: type[Model]
    row: Values = field(repr=False)


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter that went up by one: ``cell`` are its key's columns by field name, ``table`` has a ``count``."""

    table: type[Model]
    cell: Values = field(repr=False)


Step: TypeAlias = Inserted | Changed | Deleted | Counted
Trail: TypeAlias = tuple[Step, ...]


@contextmanager
def followed(transaction: Transaction, table: type[Model], row_id: int) -> Iterator[None]:
    """Leave a trail of what is done to one row: it is read before and after, so only where that is seldom."""
    was = _whole_row(transaction, table, row_id)
    yield
    left = _whole_row(transaction, table, row_id)
    if was is None and left is not None:
        transaction.trail.append(Inserted(table, row_id, left))
    elif was is not None and left is None:
        transaction.trail.append(Deleted(table, was))
    elif was is not None and left is not None:
        other = [name for name in left if left[name] != was[name]]
        of_other = ({name: row[name] for name in other} for row in (was, left))
        if other:
            transaction.trail.append(Changed(table, row_id, *of_other))


def _whole_row(transaction: Transaction, table: type[Model], row_id: int) -> Values | None:
    fields = table._meta.sorted_fields
    row = transaction.one(table.select(*fields).where(table._meta.primary_key == row_id))
    return None if row is None else dict(zip((one.name for one in fields), row, strict=True))


def take_back(transaction: Transaction, trail: Sequence[Step]) -> None:
    """Put every row back as it was before the transaction that left this trail, the last change first.

    Counters go one down whatever they have come to since, after all other rows: whoever counts locks them last.

    Args:
        transaction: a writing one; the caller has locked the rows it locks for such work.
        trail: of one transaction, in the order in which it went.

    Raises:
        TrailBroken: a row has been changed since; the caller rolls back.
    """
    for step in reversed(trail):
        if isinstance(step, Counted):
            continue
        if isinstance(step, Deleted):
            try:
                transaction.run(step.table.insert(**step.row))
            except IntegrityError:
                # Somebody has taken its place since.
                raise TrailBroken(step.table._meta.table_name) from None
            continue
        key = step.table._meta.primary_key
        as_left = _as_left(transaction, step)
        if not as_left:
            if isinstance(step, Inserted) and step.may_stay:
                continue
            raise TrailBroken(step.table._meta.table_name)
        if isinstance(step, Inserted) and _is_used(transaction, step):
            continue
        undoing = step.table.delete() if isinstance(step, Inserted) else step.table.update(**step.was)
        try:
            transaction.run(undoing.where(key == step.row_id))
        except IntegrityError:
            # Somebody has taken its place since, or has come to depend on it.
            raise TrailBroken(step.table._meta.table_name) from None
    for counted in sorted(
        (step for step in trail if isinstance(step, Counted)), key=lambda one: tuple(one.cell.values())
    ):
        _count_back(transaction, counted)


def _is_used(transaction: Transaction, step: Inserted) -> bool:
    if step.used_by is None:
        return False
    users = step.used_by.model.select(step.used_by).where(step.used_by == step.row_id).limit(1)
    return transaction.one(users) is not None


def _count_back(transaction: Transaction, step: Counted) -> None:
    fields = step.table._meta.fields
    cell = reduce(and_, (fields[name] == value for name, value in step.cell.items()))
    count = fields["count"]
    transaction.run(step.table.update({count: count - 1}).where(cell & (count > 0)))
    # One that nothing is left of is as it was before: not there.
    transaction.run(step.table.delete().where(cell & (count == 0)))


def _as_left(transaction: Transaction, step: Inserted | Changed) -> bool:
    fields = step.table._meta.fields
    columns = [fields[name] for name in step.left]
    row = transaction.one(
        step.table.select(step.table._meta.primary_key, *columns).where(step.table._meta.primary_key == step.row_id)
    )
    return row is not None and tuple(row[1:]) == tuple(step.left.values())
