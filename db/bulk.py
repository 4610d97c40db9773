"""Rows by the thousand: one statement, many values (imports, samples)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from db.fields import BytewiseField, InstantField

if TYPE_CHECKING:
    from peewee import Field, Model

    from db.store import Transaction


def insert_many(transaction: Transaction, columns: Sequence[Field], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of one table; columns not named get their model's defaults, which the tables do not know.

    Args:
        transaction: the command's.
        columns: of that table, named on its model.
        rows: values in the order of the columns.
    """
    given = {column.name for column in columns}
    others = [
        column
        for column in columns[0].model._meta.sorted_fields
        if column.name not in given and column.default is not None
    ]
    defaults = tuple(column.default for column in others)
    columns = [*columns, *others]
    named = ", ".join(f'"{column.column_name}"' for column in columns)
    slots = ", ".join("?" * len(columns))
    table = columns[0].model._meta.table_name
    # Names come from our own models, never from data.
    statement = f'INSERT INTO "{table}" ({named}) VALUES ({slots})'  # noqa: S608
    transaction.run_many(statement, stored(columns, ((*row, *defaults) for row in rows)))


def update_many(transaction: Transaction, key: Field, columns: Sequence[Field], rows: Iterable[Sequence[Any]]) -> None:
    """Update rows of one table.

    Args:
        transaction: the command's.
        key: the column the rows are found by.
        columns: to set.
        rows: values in the order of the columns, then the key's.
    """
    changes = ", ".join(f'"{column.column_name}" = ?' for column in columns)
    table = key.model._meta.table_name
    statement = f'UPDATE "{table}" SET {changes} WHERE "{key.column_name}" = ?'  # noqa: S608
    transaction.run_many(statement, stored([*columns, key], rows))


def stored(columns: Sequence[Field], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Turn values into what the columns store, as peewee would; few need it."""
    converted = (InstantField, BytewiseField)
    changed = {place: column for place, column in enumerate(columns) if isinstance(column, converted)}
    if not changed:
        return [tuple(row) for row in rows]
    return [
        tuple(changed[place].db_value(value) if place in changed else value for place, value in enumerate(row))
        for row in rows
    ]


def ids_in_order(transaction: Transaction, model: type[Model]) -> list[int]:
    """Give the ids of a table that was filled in one go, in the order in which its rows were inserted."""
    key = model._meta.primary_key
    return [row[0] for row in transaction.all(model.select(key).order_by(key))]


def folded(name: str) -> str:
    """Give a name as it is compared: people write names of branches and groups in any case."""
    return name.strip().casefold()


def by_name(transaction: Transaction, key: Field, *names: Field) -> dict[str, int]:
    """Give the id of each row of a short table by each of its names, folded."""
    return {folded(name): row[0] for row in transaction.all(key.model.select(key, *names)) for name in row[1:]}
