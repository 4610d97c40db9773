"""Lending rules: borrower group × material group (R1)."""

from __future__ import annotations

from peewee import AutoField, BooleanField, Check, ForeignKeyField, IntegerField, TextField

from db.models.base import Table, one_of

FEES = ("normal", "none")
NOTICES = ("all", "reminders")


class BorrowerGroup(Table):
    """Lånergruppe. ``loan_limit`` counts all open loans; ``fees`` says whether any are charged."""

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    loan_limit = IntegerField()
    fees = TextField(default="normal")
    notices = TextField(default="all")

    class Meta:
        """Limits block when reached, so at least one."""

        constraints = (
            Check("loan_limit >= 1"),
            Check(one_of("fees", FEES)),
            Check(one_of("notices", NOTICES)),
        )


class MaterialGroup(Table):
    """Materialegruppe. ``age_limit`` in years, NULL for none."""

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    age_limit = IntegerField(null=True)


class LendingRule(Table):
    """What one borrower group may do with one material group; ``loan_limit`` NULL: only the group's own."""

    id = AutoField()
    borrower_group = ForeignKeyField(BorrowerGroup, backref="rules")
    material_group = ForeignKeyField(MaterialGroup, backref="rules")
    loan_days = IntegerField()
    renewals = IntegerField()
    renewable = BooleanField()
    reservable = BooleanField()
    loan_limit = IntegerField(null=True)

    class Meta:
        """One rule a pair."""

        indexes = ((("borrower_group", "material_group"), True),)
        constraints = (Check("loan_days >= 1"), Check("renewals >= 0"))
