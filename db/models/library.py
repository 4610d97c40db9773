"""The library itself, its counters and its calendar (R2)."""

from __future__ import annotations

from peewee import AutoField, BooleanField, Check, ForeignKeyField, IntegerField, SmallIntegerField, TextField

from db.fields import InstantField, LocalDateField
from db.models.base import Table
from db.models.places import Branch
from db.models.staff import Staff


class Library(Table):
    """One row: whose store this is. ``made_up`` marks a demo, which a real counter refuses and vice versa.

    ``municipalities``: codes of three digits, parted by spaces, whose citizens have the digital services; empty: the
    one that the ISIL names (domain.md 9).
    """

    id = AutoField()
    name = TextField()
    isil = TextField()
    made_up = BooleanField(default=False)
    municipalities = TextField(default="")


class Counter(Table):
    """One workstation (skranke)."""

    id = AutoField()
    branch = ForeignKeyField(Branch, backref="counters")
    name = TextField()

    class Meta:
        """One name once in a branch."""

        indexes = ((("branch", "name"), True),)


class OpeningHours(Table):
    """The weekly hours of a branch; a weekday without a row is closed. Minutes after local midnight."""

    id = AutoField()
    branch = ForeignKeyField(Branch, backref="opening_hours")
    weekday = SmallIntegerField()
    opens_minute = IntegerField()
    closes_minute = IntegerField()

    class Meta:
        """One stretch a weekday; Monday is 0."""

        indexes = ((("branch", "weekday"), True),)
        constraints = (
            Check("weekday BETWEEN 0 AND 6"),
            Check("0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440"),
        )


class CalendarDay(Table):
    """A date on which a branch differs from its weekly hours: closed for a reason, or open on a holiday."""

    id = AutoField()
    branch = ForeignKeyField(Branch, backref="calendar_days")
    day = LocalDateField()
    is_open = BooleanField()
    reason = TextField(default="")

    class Meta:
        """One word on a date."""

        indexes = ((("branch", "day"), True),)


class SetUpChange(Table):
    """That a supervisor changed what the library has decided (R8): who, when, what, and what it was before.

    ``what`` is a word for the kind of change, ``about`` the ids of what was changed; ``before`` and ``after`` are JSON.
    No borrower is in any of them. ``moved`` counts the open loans whose due date went to a later day with it.
    """

    id = AutoField()
    at = InstantField()
    staff = ForeignKeyField(Staff, null=True)
    what = TextField()
    about = TextField()
    before = TextField()
    after = TextField()
    moved = IntegerField(default=0)

    class Meta:
        """The newest change of one thing is looked up."""

        indexes = ((("what", "about"), False),)
