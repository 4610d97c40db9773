"""Loans, the occasions they were made on, and the record of commands done."""

from __future__ import annotations

from peewee import SQL, AutoField, Check, ForeignKeyField, IntegerField, TextField

from db.fields import InstantField, LocalDateField
from db.models.base import Table
from db.models.borrowers import Borrower, Card
from db.models.items import Item
from db.models.places import Branch


class LoanOccasion(Table):
    """Borrower + card + visit + due date (*Semantics*): what is returned together costs one fee."""

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="occasions", on_delete="CASCADE")
    card = ForeignKeyField(Card, null=True, on_delete="SET NULL")
    visit = TextField()
    due_on = LocalDateField()

    class Meta:
        """One occasion for one visit and due date. No card: lent to the last borrower again."""

        indexes = ((("borrower", "visit", "due_on", "card"), False),)


class Loan(Table):
    """One item with one borrower; open until ``returned_at``. ``due_reason``: why staff set the date by hand.

    ``branch`` is where it was lent or last renewed, whose calendar its due date follows (R2). NULL in loans older than
    the column and in imported ones: where the item belongs.
    """

    id = AutoField()
    item = ForeignKeyField(Item, backref="loans", index=False)
    borrower = ForeignKeyField(Borrower, backref="loans", index=False)
    occasion = ForeignKeyField(LoanOccasion, backref="loans")
    lent_at = InstantField()
    due_on = LocalDateField()
    due_reason = TextField(default="")
    renewals = IntegerField(default=0)
    branch = ForeignKeyField(Branch, null=True, index=False)
    returned_at = InstantField(null=True)
    closed_on = LocalDateField(null=True)

    class Meta:
        """A returned loan has the local date it counts as returned on."""

        constraints = (Check("(returned_at IS NULL) = (closed_on IS NULL)"), Check("renewals >= 0"))


# The last guard (R7 and rule 2 of the architecture): two counters cannot both have lent the same item.
Loan.add_index(Loan.index(Loan.item, unique=True, where=SQL("returned_at IS NULL"), name="loan_open_item"))
Loan.add_index(Loan.index(Loan.borrower, where=SQL("returned_at IS NULL"), name="loan_open_borrower"))

Loan.add_index(Loan.index(Loan.closed_on, where=SQL("closed_on IS NOT NULL"), name="loan_closed"))


class CommandRecord(Table):
    """That a command was carried out or refused: its id, kind, row id and refusal codes; no person (C2)."""

    id = AutoField()
    command_id = TextField(unique=True)
    kind = TextField()
    row_id = IntegerField(null=True)
    refusals = TextField(default="")
    done_at = InstantField(index=True)
