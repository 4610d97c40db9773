"""Search words compared byte by byte whatever the server's collation, found from both ends; borrowers in their order.

The words are the desk's to make, so the table begins anew: ``desk upgrade`` writes them after this, and the order.
"""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BlobField, Database, ForeignKeyField, Model, SqliteDatabase


class Table(Model):
    class Meta:
        legacy_table_names = False


class Borrower(Table):
    id = AutoField()


class SearchWord(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE", index=False)
    word = BlobField()

    class Meta:
        indexes = ((("word", "borrower"), False), (("borrower", "word"), False))


def up(migrator: Any, database: Database) -> None:
    """Make the table of words anew and add the column borrowers are listed by."""
    # Added in SQL: peewee would make the table anew, and dropping the old one would take everybody's loans with it.
    column = "BLOB NOT NULL DEFAULT x''" if isinstance(database, SqliteDatabase) else "BYTEA NOT NULL DEFAULT ''"
    database.execute_sql(f"ALTER TABLE borrower ADD COLUMN list_order {column}")
    migrator.migrate(migrator.add_index("borrower", ("list_order", "id"), unique=False))
    with database.bind_ctx((Borrower, SearchWord), bind_refs=False, bind_backrefs=False):
        database.drop_tables((SearchWord,))
        database.create_tables((SearchWord,))
