"""The first schema: library, staff, rules, items, borrowers, circulation.

A frozen copy of the tables as they were, on purpose independent of ``db.models``: a later migration
starts from here, whatever the models have become.
"""

from __future__ import annotations

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BlobField,
    BooleanField,
    Check,
    Database,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SmallIntegerField,
    TextField,
)


class Table(Model):
    class Meta:
        legacy_table_names = False


def one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


class Branch(Table):
    id = AutoField()
    isil = TextField(unique=True)
    name = TextField(unique=True)


class Library(Table):
    id = AutoField()
    name = TextField()
    isil = TextField()
    made_up = BooleanField(default=False)


class Counter(Table):
    id = AutoField()
    branch = ForeignKeyField(Branch)
    name = TextField()

    class Meta:
        indexes = ((("branch", "name"), True),)


class OpeningHours(Table):
    id = AutoField()
    branch = ForeignKeyField(Branch)
    weekday = SmallIntegerField()
    opens_minute = IntegerField()
    closes_minute = IntegerField()

    class Meta:
        indexes = ((("branch", "weekday"), True),)
        constraints = (
            Check("weekday BETWEEN 0 AND 6"),
            Check("0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440"),
        )


class CalendarDay(Table):
    id = AutoField()
    branch = ForeignKeyField(Branch)
    day = DateField()
    is_open = BooleanField()
    reason = TextField(default="")

    class Meta:
        indexes = ((("branch", "day"), True),)


ROLES = ("staff", "supervisor", "it")


class Staff(Table):
    id = AutoField()
    login = TextField(unique=True)
    name = TextField()
    role = TextField()
    password_hash = TextField()
    card_index = BlobField(null=True, unique=True)
    pin_hash = TextField(null=True)
    person_number = TextField(null=True)
    active = BooleanField(default=True)
    wrong_tries = IntegerField(default=0)
    try_again_at = DateTimeField(null=True)
    locked_at = DateTimeField(null=True)

    class Meta:
        constraints = (Check(one_of("role", ROLES)),)


FEES = ("normal", "none")
NOTICES = ("all", "reminders")


class BorrowerGroup(Table):
    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    loan_limit = IntegerField()
    fees = TextField(default="normal")
    notices = TextField(default="all")

    class Meta:
        constraints = (
            Check("loan_limit >= 1"),
            Check(one_of("fees", FEES)),
            Check(one_of("notices", NOTICES)),
        )


class MaterialGroup(Table):
    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    age_limit = IntegerField(null=True)


class LendingRule(Table):
    id = AutoField()
    borrower_group = ForeignKeyField(BorrowerGroup)
    material_group = ForeignKeyField(MaterialGroup)
    loan_days = IntegerField()
    renewals = IntegerField()
    renewable = BooleanField()
    reservable = BooleanField()
    loan_limit = IntegerField(null=True)

    class Meta:
        indexes = ((("borrower_group", "material_group"), True),)
        constraints = (Check("loan_days >= 1"), Check("renewals >= 0"))


ITEM_STATUSES = (
    "available",
    "on_loan",
    "on_shelf",
    "in_transit",
    "missing",
    "lost",
    "claimed_returned",
    "damaged",
    "discarded",
    "not_for_loan",
)


class Title(Table):
    id = AutoField()
    title = TextField()
    author = TextField(default="")
    year = IntegerField(null=True)
    source_key = TextField(unique=True)


class Item(Table):
    id = AutoField()
    barcode = TextField(unique=True)
    title = ForeignKeyField(Title)
    material_group = ForeignKeyField(MaterialGroup)
    branch = ForeignKeyField(Branch)
    shelf_mark = TextField(default="")
    price_ore = IntegerField(null=True)
    parts = IntegerField(default=1)
    status = TextField(default="available")
    status_since = DateTimeField(null=True)

    class Meta:
        constraints = (
            Check(one_of("status", ITEM_STATUSES)),
            Check("parts >= 1"),
            Check("price_ore IS NULL OR price_ore >= 0"),
        )


CARD_KINDS = ("library", "child", "health", "other")
CARD_STATES = ("active", "stolen", "stopped")
BLOCK_KINDS = ("O", "U", "F", "S", "W", "E", "D")
LANGUAGES = ("da", "en")


class Borrower(Table):
    id = AutoField()
    number = TextField(unique=True)
    cpr_sealed = BlobField(null=True)
    cpr_index = BlobField(null=True, unique=True)
    name = TextField()
    birth_date = DateField(null=True)
    care_of = TextField(default="")
    street = TextField(default="")
    postcode = TextField(default="")
    city = TextField(default="")
    address_dated = DateField(null=True)
    email = TextField(default="")
    absent_from = DateField(null=True)
    absent_until = DateField(null=True)
    borrower_group = ForeignKeyField(BorrowerGroup)
    home_branch = ForeignKeyField(Branch)
    municipality = TextField(default="")
    language = TextField(default="da")
    address_protected = BooleanField(default=False)
    protected_until = DateField(null=True)
    guardian = ForeignKeyField("self", null=True)
    internal_note = TextField(default="")
    internal_note_by = ForeignKeyField(Staff, null=True)
    internal_note_at = DateTimeField(null=True)
    note_to_borrower = TextField(default="")
    note_to_borrower_by = ForeignKeyField(Staff, null=True)
    note_to_borrower_at = DateTimeField(null=True)

    class Meta:
        constraints = (
            Check(one_of("language", LANGUAGES)),
            Check("(cpr_sealed IS NULL) = (cpr_index IS NULL)"),
        )


class Telephone(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    number = TextField()
    takes_sms = BooleanField(default=False)


Telephone.add_index(
    Telephone.index(Telephone.borrower, unique=True, where=SQL("takes_sms"), name="telephone_one_takes_sms")
)


class Card(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    number = TextField(unique=True)
    kind = TextField(default="library")
    state = TextField(default="active")
    state_since = DateField(null=True)
    pin_hash = TextField(null=True)
    wrong_pins = IntegerField(default=0)

    class Meta:
        constraints = (Check(one_of("kind", CARD_KINDS)), Check(one_of("state", CARD_STATES)))


class Block(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    card = ForeignKeyField(Card, null=True, on_delete="CASCADE")
    kind = TextField()
    set_on = DateField()
    reason = TextField(default="")
    ends_on = DateField(null=True)
    set_by = ForeignKeyField(Staff, null=True)
    lifted_at = DateTimeField(null=True)
    lifted_by = ForeignKeyField(Staff, null=True)
    lift_reason = TextField(null=True)

    class Meta:
        constraints = (
            Check(one_of("kind", BLOCK_KINDS)),
            Check("ends_on IS NULL OR ends_on >= set_on"),
            Check("(lifted_at IS NULL) = (lift_reason IS NULL)"),
        )


Block.add_index(Block.index(Block.borrower, where=SQL("lifted_at IS NULL"), name="block_in_force"))


class Override(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    visit = TextField()
    refusal = TextField()
    item = ForeignKeyField(Item, null=True, on_delete="CASCADE")
    supervisor = ForeignKeyField(Staff)
    asked_by = ForeignKeyField(Staff, null=True)
    counter = ForeignKeyField(Counter, null=True)
    given_at = DateTimeField()
    reason = TextField()

    class Meta:
        indexes = ((("borrower", "visit"), False),)


class LoanOccasion(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    card = ForeignKeyField(Card, null=True, on_delete="SET NULL")
    visit = TextField()
    due_on = DateField()

    class Meta:
        indexes = ((("borrower", "visit", "due_on", "card"), False),)


class Loan(Table):
    id = AutoField()
    item = ForeignKeyField(Item, index=False)
    borrower = ForeignKeyField(Borrower, index=False)
    occasion = ForeignKeyField(LoanOccasion)
    lent_at = DateTimeField()
    due_on = DateField()
    due_reason = TextField(default="")
    renewals = IntegerField(default=0)
    returned_at = DateTimeField(null=True)
    closed_on = DateField(null=True)

    class Meta:
        constraints = (Check("(returned_at IS NULL) = (closed_on IS NULL)"), Check("renewals >= 0"))


# The last guard (R7 and rule 2 of the architecture): two counters cannot both have lent the same item.
Loan.add_index(Loan.index(Loan.item, unique=True, where=SQL("returned_at IS NULL"), name="loan_open_item"))
Loan.add_index(Loan.index(Loan.borrower, where=SQL("returned_at IS NULL"), name="loan_open_borrower"))


class CommandRecord(Table):
    id = AutoField()
    command_id = TextField(unique=True)
    kind = TextField()
    row_id = IntegerField(null=True)
    refusals = TextField(default="")
    done_at = DateTimeField(index=True)


TABLES = (
    Branch,
    Library,
    Counter,
    OpeningHours,
    CalendarDay,
    Staff,
    BorrowerGroup,
    MaterialGroup,
    LendingRule,
    Title,
    Item,
    Borrower,
    Telephone,
    Card,
    Block,
    Override,
    LoanOccasion,
    Loan,
    CommandRecord,
)


def up(migrator: Any, database: Database) -> None:
    """Make every table with its indexes."""
    with database.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        database.create_tables(TABLES)
