"""The access log, search words, and what a library's digital services cover.

Borrowers who are there already get a random log key each. Search words are the desk's to make, and so is the first
seal of the log: ``desk upgrade`` does both after this.
"""

from __future__ import annotations

import os
from typing import Any

from peewee import (
    AutoField,
    BlobField,
    Check,
    Database,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


class Counter(Table):
    id = AutoField()


class Staff(Table):
    id = AutoField()


class Borrower(Table):
    id = AutoField()
    log_key = BlobField()


class SearchWord(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    word = TextField()

    class Meta:
        indexes = ((("word", "borrower"), False),)


class AccessLog(Table):
    number = IntegerField(primary_key=True)
    at = DateTimeField(index=True)
    staff = ForeignKeyField(Staff, null=True)
    counter = ForeignKeyField(Counter, null=True, index=False)
    subject = BlobField(null=True, index=True)
    action = TextField()
    purpose = TextField()
    revealed = TextField(default="")
    outcome = TextField(default="done")
    seal = BlobField()

    class Meta:
        constraints = (Check("outcome IN ('done', 'not_found', 'refused')"),)


class AccessLogEnds(Table):
    id = IntegerField(primary_key=True)
    cut_number = IntegerField(default=0)
    cut_seal = BlobField()
    newest_number = IntegerField(default=0)
    newest_seal = BlobField()
    seal = BlobField()

    class Meta:
        constraints = (Check("id = 1"), Check("cut_number <= newest_number"))


NEW_TABLES = (SearchWord, AccessLog, AccessLogEnds)
KEY_BYTES = 32


def up(migrator: Any, database: Database) -> None:
    """Add two columns and three tables."""
    # Added in SQL: peewee would make the table anew, and dropping the old one would take everybody's loans with it.
    column = "BLOB NOT NULL DEFAULT x''" if isinstance(database, SqliteDatabase) else "BYTEA NOT NULL DEFAULT ''"
    database.execute_sql(f"ALTER TABLE borrower ADD COLUMN log_key {column}")
    database.execute_sql("ALTER TABLE library ADD COLUMN municipalities TEXT NOT NULL DEFAULT ''")
    with database.bind_ctx((Counter, Staff, Borrower, *NEW_TABLES), bind_refs=False, bind_backrefs=False):
        for (borrower_id,) in database.execute_sql("SELECT id FROM borrower").fetchall():
            Borrower.update(log_key=os.urandom(KEY_BYTES)).where(Borrower.id == borrower_id).execute()
        migrator.migrate(migrator.add_index("borrower", ("log_key",), unique=True))
        database.create_tables(NEW_TABLES)
