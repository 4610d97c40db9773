"""The inbox of the website's forms, sealed, and the purchase list without persons (P13, M5)."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BlobField, Check, Database, DateField, DateTimeField, IntegerField, Model, TextField

FORM_KINDS = "'appointment', 'reading_group', 'purchase_suggestion', 'holiday_bag'"


class Table(Model):
    class Meta:
        legacy_table_names = False


class Form(Table):
    id = AutoField()
    mark = BlobField(unique=True)
    kind = TextField()
    sent_at = DateTimeField(index=True)
    received_at = DateTimeField()
    sealed = BlobField()

    class Meta:
        constraints = (Check(f"kind IN ({FORM_KINDS})"),)


class PurchaseWish(Table):
    id = AutoField()
    title = TextField()
    author = TextField(default="")
    year = IntegerField(null=True)
    listed_on = DateField()


NEW_TABLES = (Form, PurchaseWish)


def up(_migrator: Any, database: Database) -> None:
    """Make the tables."""
    with database.bind_ctx(NEW_TABLES, bind_refs=False, bind_backrefs=False):
        database.create_tables(NEW_TABLES)
