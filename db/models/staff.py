"""Staff accounts."""

from __future__ import annotations

from peewee import SQL, AutoField, BooleanField, Check, IntegerField, TextField

from db.fields import BytesField, InstantField
from db.models.base import Table, one_of

ROLES = ("staff", "supervisor", "it")


class Staff(Table):
    """Somebody who signs in. Passwords and PINs are argon2id hashes, a card is a keyed hash."""

    id = AutoField()
    login = TextField(unique=True)
    name = TextField()
    role = TextField()
    password_hash = TextField()
    card_index = BytesField(null=True, unique=True)
    pin_hash = TextField(null=True)
    person_number = TextField(null=True)
    active = BooleanField(default=True)
    wrong_tries = IntegerField(default=0)
    try_again_at = InstantField(null=True)
    locked_at = InstantField(null=True)

    class Meta:
        """Only the three roles of *Semantics*."""

        constraints = (Check(one_of("role", ROLES)),)


# A person is somebody once (G2): the four eyes of a deletion are two persons'.
Staff.add_index(
    Staff.index(
        Staff.person_number,
        unique=True,
        where=SQL("active AND person_number IS NOT NULL"),
        name="staff_one_active_account",
    )
)
