"""What came in from the website's forms, until it is handled (P13), and the purchase list, which names nobody."""

from __future__ import annotations

from peewee import AutoField, Check, IntegerField, TextField

from db.fields import BytesField, InstantField, LocalDateField
from db.models.base import Table, one_of

FORM_KINDS = ("appointment", "reading_group", "purchase_suggestion", "holiday_bag")


class Form(Table):
    """One form. Who sent it and what it says lie in ``sealed`` alone, so that no page ever holds a word of them.

    ``mark`` is a keyed hash of all that the form says: the same form twice is one.
    """

    id = AutoField()
    mark = BytesField(unique=True)
    kind = TextField()
    sent_at = InstantField(index=True)
    received_at = InstantField()
    sealed = BytesField()

    class Meta:
        """The policy's four kinds, and no other."""

        constraints = (Check(one_of("kind", FORM_KINDS)),)


class PurchaseWish(Table):
    """A title that somebody suggested, on the purchase list: nobody is named on it."""

    id = AutoField()
    title = TextField()
    author = TextField(default="")
    year = IntegerField(null=True)
    listed_on = LocalDateField()
