"""The access log (G8): every look at a borrower, append-only and chained."""

from __future__ import annotations

from peewee import Check, ForeignKeyField, IntegerField, TextField

from db.fields import BytesField, InstantField
from db.models.base import Table, one_of
from db.models.library import Counter
from db.models.staff import Staff

OUTCOMES = ("done", "not_found", "refused")


class AccessLog(Table):
    """One look, change or failed look-up. Numbered without gaps, the oldest is cut off by retention.

    ``subject`` is an HMAC under the borrower's own log key, NULL when nobody was found; ``revealed`` lists keys of the
    data map; ``seal`` chains the row to the one before it.
    """

    number = IntegerField(primary_key=True)
    # Nobody looks for an instant: rows lie in the order of their numbers, and an index is a page at every loan (Q3).
    at = InstantField()
    staff = ForeignKeyField(Staff, null=True)
    counter = ForeignKeyField(Counter, null=True, index=False)
    subject = BytesField(null=True, index=True)
    action = TextField()
    purpose = TextField()
    revealed = TextField(default="")
    outcome = TextField(default="done")
    seal = BytesField()

    class Meta:
        """What became of it is one of three words."""

        constraints = (Check(one_of("outcome", OUTCOMES)),)


class AccessLogEnds(Table):
    """One row: where the log begins after retention, and its newest row, sealed together.

    A log can also be shortened: so its newest number and seal lie here, outside the table.
    """

    id = IntegerField(primary_key=True)
    cut_number = IntegerField(default=0)
    cut_seal = BytesField()
    newest_number = IntegerField(default=0)
    newest_seal = BytesField()
    seal = BytesField()

    class Meta:
        """There is one log."""

        constraints = (Check("id = 1"), Check("cut_number <= newest_number"))
