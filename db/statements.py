"""Prepared statements: a query that peewee builds once, run many times with other values.

peewee takes 100–200 µs to word a query and SQLite 10 to answer it, so what runs at every scan is written once, beside
the function that uses it, with a named slot for each value::

    ITEM_BY_ID = Statement(Item.select(Item.barcode, Item.status).where(Item.id == Slot("item_id")))

    barcode, status = transaction.one(ITEM_BY_ID, item_id=5)

The columns stay peewee's: a renamed one fails when the module is imported, values are converted by their fields on the
way in and out, and each engine gets its own dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeAlias

from peewee import (
    CompositeKey,
    CompoundSelectQuery,
    Context,
    Field,
    ForeignKeyField,
    Insert,
    IntegerField,
    Select,
    TextField,
)

if TYPE_CHECKING:
    from peewee import Database, Query

Converter: TypeAlias = Callable[[Any], Any]

# What the drivers give for these is what Python wants.
READ_AS_THEY_ARE = (IntegerField, TextField, ForeignKeyField)
# And what Python has for these is what the drivers want; exactly this type, for a bool is an int that is none.
TAKEN_AS_THEY_ARE: tuple[tuple[type[Field], type], ...] = ((IntegerField, int), (TextField, str))


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value in a :class:`Statement`, under the name it is given by.

    ``=`` with a slot finds nothing when its value is None, unlike peewee's own ``==``, which turns into ``IS NULL``.
    """

    name: str


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A slot where the wording came upon it: with the converter of the column it is compared with or put into."""

    name: str
    to_column: Converter | None

    @property
    def as_it_is(self) -> type:
        """Give the type whose values the column takes as they are: converting them is most of what binding costs.

        None goes as it is whatever the column, so that is the answer for a column that takes nothing else so.
        """
        field = getattr(self.to_column, "__self__", None)
        while isinstance(field, ForeignKeyField):
            field = field.rel_field
        return next((plain for kind, plain in TAKEN_AS_THEY_ARE if isinstance(field, kind)), NoneType)


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement in one engine's words.

    Attributes:
        sql: with the engine's marks for values.
        parameters: one a mark, in their order and their columns' form; None where a value comes.
        values: of those that must be given: where it goes, its name, the type that goes as it is, and the converter.
        names: of the values that must be given, no more and no fewer.
        readers: position and converter of the result columns that need one.
    """

    sql: str
    parameters: tuple[object, ...]
    values: tuple[tuple[int, str, type, Converter], ...]
    names: frozenset[str]
    readers: tuple[tuple[int, Converter], ...]

    def bound(self, values: Mapping[str, Any]) -> list[Any]:
        """Put values in the marks' order and their columns' form.

        Raises:
            TypeError: a value is missing, or has no slot.
        """
        if values.keys() != self.names:
            raise TypeError(f"values and slots differ: {', '.join(sorted(values.keys() ^ self.names))}")
        bound = list(self.parameters)
        for position, name, as_it_is, to_column in self.values:
            value = values[name]
            bound[position] = value if type(value) is as_it_is else to_column(value)
        return bound

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Convert a result row as its columns' fields say."""
        columns = list(row)
        for position, reader in self.readers:
            columns[position] = reader(columns[position])
        return tuple(columns)


class Statement:
    """A query that is worded once for each engine; a transaction runs it (``all``, ``one``, ``value``, ``run``).

    Args:
        query: a peewee query with a :class:`Slot` for every value that changes. What a model fills in by default is
            read when the statement is worded, so a default that is a function has no place in one. A computed column
            comes as the driver gives it.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._wordings: dict[type[Database], Wording] = {}

    def wording_for(self, database: Database) -> Wording:
        """Give the statement in an engine's words. Two threads that come first at once word it twice, alike."""
        engine = type(database)
        wording = self._wordings.get(engine)
        if wording is None:
            wording = self._wordings[engine] = _worded(self._query, database)
        return wording

    def rows(self, database: Database, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and give the result rows, in the order of the selected columns."""
        wording = self.wording_for(database)
        rows: list[tuple[Any, ...]] = database.execute_sql(wording.sql, wording.bound(values)).fetchall()
        return [wording.read(row) for row in rows] if wording.readers else rows

    def run(self, database: Database, values: Mapping[str, Any]) -> int:
        """Run it and give the new row's id (INSERT of a table with ids) or the number of rows it touched."""
        wording = self.wording_for(database)
        cursor = database.execute_sql(wording.sql, wording.bound(values))
        if not isinstance(self._query, Insert) or _has_no_id(self._query):
            return int(cursor.rowcount)
        return int(cursor.fetchone()[0] if database.returning_clause else cursor.lastrowid)


def row_lock(query: Select) -> Statement:
    """Prepare the lock of a row of which no key changes.

    FOR NO KEY UPDATE holds off everybody who locks or changes the row, but not whoever writes a row that refers to it:
    a message to a borrower whose loan is being made waits for nobody.
    """
    return Statement(query.for_update("FOR NO KEY UPDATE"))  # type: ignore[arg-type]  # peewee takes the words as well


class _Worder(Context):
    """peewee's own wording of a query, which takes a slot where it would take a value."""

    def value(self, value: Any, converter: Any = None, add_param: bool = True) -> Any:
        if isinstance(value, Slot):
            value, converter = _Parameter(value.name, converter or self.state.converter), False
        return super().value(value, converter, add_param)


def _has_no_id(query: Insert) -> bool:
    return isinstance(query.table._meta.primary_key, CompositeKey)


def _worded(query: Query, database: Database) -> Wording:
    if isinstance(query, Insert) and database.returning_clause and not _has_no_id(query):
        query = query.returning(query.table._meta.primary_key)
    worder: Context = _Worder(**database.get_context_options())
    sql, parameters = worder.parse(query)
    constants = tuple(None if isinstance(parameter, _Parameter) else parameter for parameter in parameters)
    values = tuple(
        (position, parameter.name, parameter.as_it_is, parameter.to_column or _unchanged)
        for position, parameter in enumerate(parameters)
        if isinstance(parameter, _Parameter)
    )
    return Wording(sql, constants, values, frozenset(value[1] for value in values), tuple(_readers(query)))


def _unchanged(value: Any) -> Any:
    return value


def _readers(query: Query) -> Iterator[tuple[int, Converter]]:
    while isinstance(query, CompoundSelectQuery):
        query = query.lhs
    for position, column in enumerate(query.selected_columns if isinstance(query, Select) else ()):
        field = column.unwrap()
        if isinstance(field, Field) and not isinstance(field, READ_AS_THEY_ARE):
            yield position, field.python_value
