"""Figures without persons, counted as things happen (G10)."""

from __future__ import annotations

from peewee import Check, CompositeKey, ForeignKeyField, IntegerField, SmallIntegerField, TextField

from db.fields import LocalDateField
from db.models.base import Table, one_of
from db.models.places import Branch

COUNTED = ("loan", "renewal", "return")


class StatisticsCount(Table):
    """How often something happened in an hour of a day at a branch. Groups and municipality by their codes.

    They are written out, not referred to: a figure outlives the group it was counted in.
    """

    day = LocalDateField()
    hour = SmallIntegerField()
    branch = ForeignKeyField(Branch, index=False)
    what = TextField()
    borrower_group = TextField(default="")
    municipality = TextField(default="")
    material_group = TextField(default="")
    count = IntegerField()

    class Meta:
        """One row a cell; none of them empty."""

        primary_key = CompositeKey("day", "hour", "branch", "what", "borrower_group", "municipality", "material_group")
        constraints = (
            Check(one_of("what", COUNTED)),
            Check("hour BETWEEN 0 AND 23"),
            Check("count >= 0"),
        )
