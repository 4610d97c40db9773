"""The newsletter's list, and the mailings to it. Nothing in these tables leads to a borrower (P12)."""

from __future__ import annotations

from typing import Any

from peewee import (
    SQL,
    AutoField,
    Check,
    Database,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SmallIntegerField,
    TextField,
)

MAILING_STATES = ("sending", "done")
RECIPIENT_STATES = ("waiting", "sending", "offered", "uncertain")


def one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


class Table(Model):
    class Meta:
        legacy_table_names = False


class Subscriber(Table):
    id = AutoField()
    email = TextField(unique=True)
    first_name = TextField(default="")
    last_name = TextField(default="")
    consented_on = DateField()

    class Meta:
        constraints = (Check("email <> ''"),)


class Mailing(Table):
    id = AutoField()
    digest = TextField()
    state = TextField(default="sending")
    started_at = DateTimeField()
    finished_at = DateTimeField(null=True)
    due = IntegerField()
    sent = IntegerField(default=0)
    failed = IntegerField(default=0)
    uncertain = IntegerField(default=0)

    class Meta:
        constraints = (
            Check(one_of("state", MAILING_STATES)),
            Check("(state = 'sending') = (finished_at IS NULL)"),
        )


Mailing.add_index(
    Mailing.index(Mailing.digest, unique=True, where=SQL("state = 'sending'"), name="mailing_one_under_way")
)


class MailingRecipient(Table):
    id = AutoField()
    mailing = ForeignKeyField(Mailing, index=False, on_delete="CASCADE")
    subscriber = ForeignKeyField(Subscriber, on_delete="CASCADE")
    state = TextField(default="waiting")
    tries = SmallIntegerField(default=0)

    class Meta:
        indexes = ((("mailing", "subscriber"), True),)
        constraints = (Check(one_of("state", RECIPIENT_STATES)),)


TABLES = (Subscriber, Mailing, MailingRecipient)


def up(_migrator: Any, database: Database) -> None:
    """Make the tables."""
    with database.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        database.create_tables(TABLES)
