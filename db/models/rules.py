"""What a library has decided (R8): lending rules of borrower × material group (R1), fees (R3), shelf, queue (R6)."""

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


class LibraryRules(Table):
    """One row: the amounts and periods of the whole library. Amounts in øre, periods in days.

    ``debt_limit_ore`` blocks when reached (R4); ``child_until_age`` is the first age that pays as an adult (R3);
    ``claim_from_day`` is the first day overdue on which a replacement is claimed; ``shelf_days`` are open days.
    """

    id = IntegerField(primary_key=True)
    debt_limit_ore = IntegerField(default=20_000)
    child_until_age = IntegerField(default=14)
    claim_from_day = IntegerField(default=31)
    unknown_price_ore = IntegerField(default=25_000)
    handling_ore = IntegerField(default=7_500)
    shelf_days = IntegerField(default=7)
    reservation_limit = IntegerField(default=20)
    interest_days = IntegerField(default=180)
    reminder_days = IntegerField(default=3)

    class Meta:
        """No negative amounts, no empty periods."""

        constraints = (
            Check("id = 1"),
            Check("debt_limit_ore > 0 AND unknown_price_ore > 0 AND handling_ore >= 0"),
            Check("child_until_age >= 0 AND claim_from_day >= 1 AND shelf_days >= 1"),
            Check("reservation_limit >= 1 AND interest_days >= 1 AND reminder_days >= 1"),
        )


class FeeTier(Table):
    """What returning late costs from a day overdue on (R3); the highest ``from_day`` reached counts."""

    from_day = IntegerField(primary_key=True)
    adult_ore = IntegerField()
    child_ore = IntegerField()

    class Meta:
        """Tier 1 starts at day 1 at the earliest (*Semantics*)."""

        constraints = (Check("from_day >= 1 AND adult_ore >= 0 AND child_ore >= 0"),)
