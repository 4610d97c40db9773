"""Search words compared byte by byte whatever the server's collation, and every borrower's line in the alphabet.

Both are the desk's to make, so the words begin anew: ``desk upgrade`` writes them after this.
"""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BlobField, CompositeKey, Database, ForeignKeyField, Model, SqliteDatabase, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Borrower(Table):
    id = AutoField()


class SearchWord(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    word = BlobField()

    class Meta:
        indexes = ((("word", "borrower"), False),)


class Listing(Table):
    place = BlobField()
    borrower = ForeignKeyField(Borrower, unique=True, on_delete="CASCADE")
    words = TextField()

    class Meta:
        primary_key = CompositeKey("place", "borrower")


def up(_migrator: Any, database: Database) -> None:
    """Make the table of words anew, and the listings."""
    Listing._meta.without_rowid = isinstance(database, SqliteDatabase)
    with database.bind_ctx((Borrower, SearchWord, Listing), bind_refs=False, bind_backrefs=False):
        database.drop_tables((SearchWord,))
        database.create_tables((SearchWord, Listing))
