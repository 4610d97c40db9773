"""Titles and their copies."""

from __future__ import annotations

from peewee import AutoField, Check, ForeignKeyField, IntegerField, TextField

from db.fields import BytewiseField, InstantField
from db.models.base import Table, one_of
from db.models.places import Branch
from db.models.rules import MaterialGroup

ITEM_STATUSES = (
    "available",
    "on_loan",
    "on_shelf",
    "in_transit",
    "missing",
    "lost",
    "claimed_returned",
    "damaged",
    "discarded",
    "not_for_loan",
)


class Title(Table):
    """What is reserved and searched for: one title, several items. ``source_key`` finds it again at import."""

    id = AutoField()
    title = TextField()
    author = TextField(default="")
    year = IntegerField(null=True)
    source_key = TextField(unique=True)


class TitleWord(Table):
    """A folded word a title is found by (C15): of the title, of the author, or its number (FAUST)."""

    id = AutoField()
    title = ForeignKeyField(Title, backref="words", on_delete="CASCADE")
    word = BytewiseField()

    class Meta:
        """The beginnings of words are looked up as ranges."""

        indexes = ((("word", "title"), False),)


class Item(Table):
    """One copy with a barcode. ``price_ore`` is NULL when unknown; ``branch`` is where it belongs.

    ``status_reason`` is why staff set the status by hand; empty when it came about over the counter. No names in it.
    """

    id = AutoField()
    barcode = TextField(unique=True)
    title = ForeignKeyField(Title, backref="items")
    material_group = ForeignKeyField(MaterialGroup, backref="items")
    branch = ForeignKeyField(Branch, backref="items")
    shelf_mark = TextField(default="")
    price_ore = IntegerField(null=True)
    parts = IntegerField(default=1)
    status = TextField(default="available")
    status_since = InstantField(null=True)
    status_reason = TextField(default="")

    class Meta:
        """The status words of *Semantics*."""

        constraints = (
            Check(one_of("status", ITEM_STATUSES)),
            Check("parts >= 1"),
            Check("price_ore IS NULL OR price_ore >= 0"),
        )
