"""Reservations (R6), and items that lie on a pickup shelf for nobody any more."""

from __future__ import annotations

from peewee import SQL, AutoField, Check, ForeignKeyField, IntegerField, TextField

from db.fields import InstantField, LocalDateField
from db.models.base import Table, one_of
from db.models.borrowers import Borrower
from db.models.items import Item, Title
from db.models.places import Branch

# FBS words (domain.md 4.4). `interLibraryReservation` and `other` are read, never set here.
RESERVATION_STATES = ("reserved", "inTransit", "readyForPickup", "interLibraryReservation", "other")


class Reservation(Table):
    """One borrower's place in the queue of a title, or of one copy of it when ``item`` is set.

    The queue is ordered by ``reserved_at``, then ``id``. ``trapped_item`` is the copy set aside for it, on its way to
    or on the shelf of ``pickup_branch``; ``pickup_number`` is the place on that shelf (hylde 34). Deleted when it is
    lent or cancelled (P4): there is no archive.
    """

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="reservations", on_delete="CASCADE")
    title = ForeignKeyField(Title, backref="reservations")
    item = ForeignKeyField(Item, null=True, backref="reserved_for")
    pickup_branch = ForeignKeyField(Branch)
    reserved_at = InstantField()
    expires_on = LocalDateField(index=True)
    state = TextField(default="reserved")
    trapped_item = ForeignKeyField(Item, null=True, unique=True)
    pickup_number = IntegerField(null=True)
    ready_at = InstantField(null=True)
    pickup_deadline = LocalDateField(null=True)

    class Meta:
        """One place in a queue; what is ready has a shelf place and a deadline, what is not has none."""

        indexes = ((("borrower", "title"), True), (("title", "reserved_at"), False))
        constraints = (
            Check(one_of("state", RESERVATION_STATES)),
            Check("(state IN ('inTransit', 'readyForPickup')) = (trapped_item_id IS NOT NULL)"),
            Check("(state = 'readyForPickup') = (pickup_deadline IS NOT NULL)"),
            Check("(pickup_deadline IS NULL) = (ready_at IS NULL)"),
            Check("(pickup_deadline IS NULL) = (pickup_number IS NULL)"),
        )


# The last guard (R6): two returns at once cannot put two items on one place of the shelf.
Reservation.add_index(
    Reservation.index(
        Reservation.pickup_branch,
        Reservation.pickup_number,
        unique=True,
        where=SQL("pickup_number IS NOT NULL"),
        name="reservation_shelf_place",
    )
)


class PutBack(Table):
    """An item that still lies on a pickup shelf although nobody waits for it: work until it is scanned.

    Holds no person: who it lay there for is nobody's business any more (P4, G3).
    """

    id = AutoField()
    item = ForeignKeyField(Item, unique=True, on_delete="CASCADE")
    branch = ForeignKeyField(Branch)
    pickup_number = IntegerField()
    since = InstantField()

    class Meta:
        """Its place is taken until it has been fetched."""

        indexes = ((("branch", "pickup_number"), True),)
