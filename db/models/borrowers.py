"""Borrowers and what hangs on them: telephones, cards, blocks, overrides (product.md, D)."""

from __future__ import annotations

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from db.fields import BytesField, BytewiseField, InstantField, LocalDateField
from db.models.base import Table, one_of
from db.models.items import Item
from db.models.library import Counter
from db.models.places import Branch
from db.models.rules import BorrowerGroup
from db.models.staff import Staff

CARD_KINDS = ("library", "child", "health", "other")
CARD_STATES = ("active", "stolen", "stopped")
BLOCK_KINDS = ("O", "U", "F", "S", "W", "E", "D")
LANGUAGES = ("da", "en")


class Borrower(Table):
    """Låner. ``number`` is the lånernummer: 8 random digits, derived from nothing.

    ``register_dated`` is the day on which the CPR register said what was last taken from it.

    ``log_key`` (32 random bytes) makes the borrower's mark in the access log; without it no row is the borrower's (G8).
    """

    id = AutoField()
    number = TextField(unique=True)
    cpr_sealed = BytesField(null=True)
    cpr_index = BytesField(null=True, unique=True)
    name = TextField()
    birth_date = LocalDateField(null=True)
    care_of = TextField(default="")
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    address_dated = LocalDateField(null=True)
    register_dated = LocalDateField(null=True)
    email = TextField(default="")
    absent_from = LocalDateField(null=True)
    absent_until = LocalDateField(null=True)
    borrower_group = ForeignKeyField(BorrowerGroup, backref="borrowers")
    home_branch = ForeignKeyField(Branch, backref="borrowers")
    municipality = TextField(default="")
    language = TextField(default="da")
    address_protected = BooleanField(default=False)
    protected_until = LocalDateField(null=True)
    guardian = ForeignKeyField("self", null=True, backref="children")
    internal_note = TextField(default="")
    internal_note_by = ForeignKeyField(Staff, null=True)
    internal_note_at = InstantField(null=True)
    note_to_borrower = TextField(default="")
    note_to_borrower_by = ForeignKeyField(Staff, null=True)
    note_to_borrower_at = InstantField(null=True)
    log_key = BytesField(unique=True)

    class Meta:
        """A sealed CPR number and its index come together or not at all."""

        constraints = (
            Check(one_of("language", LANGUAGES)),
            Check("(cpr_sealed IS NULL) = (cpr_index IS NULL)"),
        )


class Telephone(Table):
    """One of a borrower's telephones; at most one of them takes SMS."""

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="telephones", on_delete="CASCADE")
    number = TextField()
    takes_sms = BooleanField(default=False)


Telephone.add_index(
    Telephone.index(Telephone.borrower, unique=True, where=SQL("takes_sms"), name="telephone_one_takes_sms")
)


class Card(Table):
    """Lånerid: one of several cards, each with its own kind, state and PIN."""

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="cards", on_delete="CASCADE")
    number = TextField(unique=True)
    kind = TextField(default="library")
    state = TextField(default="active")
    state_since = LocalDateField(null=True)
    pin_hash = TextField(null=True)
    wrong_pins = IntegerField(default=0)

    class Meta:
        """A stolen card stops that card, not the person."""

        constraints = (Check(one_of("kind", CARD_KINDS)), Check(one_of("state", CARD_STATES)))


class Block(Table):
    """One of several blocks (R5). ``card`` is set when it follows a card and not the person."""

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="blocks", on_delete="CASCADE")
    card = ForeignKeyField(Card, null=True, on_delete="CASCADE")
    kind = TextField()
    set_on = LocalDateField()
    reason = TextField(default="")
    ends_on = LocalDateField(null=True)
    set_by = ForeignKeyField(Staff, null=True)
    lifted_at = InstantField(null=True)
    lifted_by = ForeignKeyField(Staff, null=True)
    lift_reason = TextField(null=True)

    class Meta:
        """FBS codes; an end is inclusive and never before the start."""

        constraints = (
            Check(one_of("kind", BLOCK_KINDS)),
            Check("ends_on IS NULL OR ends_on >= set_on"),
            Check("(lifted_at IS NULL) = (lift_reason IS NULL)"),
        )


Block.add_index(Block.index(Block.borrower, where=SQL("lifted_at IS NULL"), name="block_in_force"))


class SearchWord(Table):
    """A folded word a borrower is found by: of the name, the street, the e-mail, a telephone, a card … (C11)."""

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="search_words", on_delete="CASCADE")
    word = BytewiseField()

    class Meta:
        """The beginnings of words are looked up as ranges."""

        indexes = ((("word", "borrower"), False),)


class Listing(Table):
    """A borrower's line in the alphabet: the place in lists (name, then birth date), and all search words in one text.

    Where very many are found, whoever comes first is looked for here: narrow rows that lie in their order. The words of
    a protected address lie apart, and lead to the borrower from the day after the protection's last one.
    """

    place = BytewiseField()
    borrower = ForeignKeyField(Borrower, backref="listings", unique=True, on_delete="CASCADE")
    words = TextField()
    later_words = TextField(default="")
    later_from = LocalDateField(null=True)

    class Meta:
        """Read in order; on SQLite the rows themselves lie so."""

        primary_key = CompositeKey("place", "borrower")


class Override(Table):
    """A supervisor's word that one refusal does not hold for one visit (C5)."""

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="overrides", on_delete="CASCADE")
    visit = TextField()
    refusal = TextField()
    item = ForeignKeyField(Item, null=True, on_delete="CASCADE")
    supervisor = ForeignKeyField(Staff)
    asked_by = ForeignKeyField(Staff, null=True)
    counter = ForeignKeyField(Counter, null=True)
    given_at = InstantField()
    reason = TextField()

    class Meta:
        """Looked up once for every item of the visit."""

        indexes = ((("borrower", "visit"), False),)
