"""Reservations, money and messages; the words titles are found by; what a library decides about them.

When the CPR register last spoke of a borrower, and the words of a protected address apart from the others: those who
are protected lose the words they have, and ``desk upgrade`` writes them anew.

A library that is there already starts with the rules of a new one. Title words are the desk's to make: ``desk
upgrade`` writes them after this.
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
    TextField,
)

RESERVATION_STATES = ("reserved", "inTransit", "readyForPickup", "interLibraryReservation", "other")
FEE_TYPES = ("fee", "compensation", "other")
FEE_REASONS = ("overdue", "claim", "by_hand")
FEE_OUTCOMES = ("paid", "waived", "cancelled")
PAYMENT_METHODS = ("cash", "card", "mobilepay")
PAYMENT_KINDS = ("payment", "refund", "payout")
MESSAGE_KINDS = ("reservation_ready", "reminder", "recall", "bill", "block", "receipt", "deletion_approved")
CHANNELS = ("sms", "email", "none")
MESSAGE_STATES = ("waiting", "sending", "sent", "failed", "no_contact")
LANGUAGES = ("da", "en")
TIERS = ((1, 2_000, 1_000), (8, 12_000, 5_500), (31, 23_000, 12_000))


def one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


class Table(Model):
    class Meta:
        legacy_table_names = False


class Branch(Table):
    id = AutoField()


class Counter(Table):
    id = AutoField()


class Staff(Table):
    id = AutoField()


class Title(Table):
    id = AutoField()


class Item(Table):
    id = AutoField()


class Borrower(Table):
    id = AutoField()


class LoanOccasion(Table):
    id = AutoField()


class Loan(Table):
    id = AutoField()


class LibraryRules(Table):
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
        constraints = (
            Check("id = 1"),
            Check("debt_limit_ore > 0 AND unknown_price_ore > 0 AND handling_ore >= 0"),
            Check("child_until_age >= 0 AND claim_from_day >= 1 AND shelf_days >= 1"),
            Check("reservation_limit >= 1 AND interest_days >= 1 AND reminder_days >= 1"),
        )


class FeeTier(Table):
    from_day = IntegerField(primary_key=True)
    adult_ore = IntegerField()
    child_ore = IntegerField()

    class Meta:
        constraints = (Check("from_day >= 1 AND adult_ore >= 0 AND child_ore >= 0"),)


class MessageChoice(Table):
    kind = TextField(primary_key=True)
    sms = BooleanField()
    email = BooleanField()

    class Meta:
        constraints = (Check(one_of("kind", MESSAGE_KINDS)),)


class SetUpChange(Table):
    id = AutoField()
    at = DateTimeField()
    staff = ForeignKeyField(Staff, null=True)
    what = TextField()
    about = TextField()
    before = TextField()
    after = TextField()
    moved = IntegerField(default=0)

    class Meta:
        indexes = ((("what", "about"), False),)


class TitleWord(Table):
    id = AutoField()
    title = ForeignKeyField(Title, on_delete="CASCADE")
    word = BlobField()

    class Meta:
        indexes = ((("word", "title"), False),)


class Reservation(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    title = ForeignKeyField(Title)
    item = ForeignKeyField(Item, null=True)
    pickup_branch = ForeignKeyField(Branch)
    reserved_at = DateTimeField()
    expires_on = DateField(index=True)
    state = TextField(default="reserved")
    trapped_item = ForeignKeyField(Item, null=True, unique=True)
    pickup_number = IntegerField(null=True)
    ready_at = DateTimeField(null=True)
    pickup_deadline = DateField(null=True)

    class Meta:
        indexes = ((("borrower", "title"), True), (("title", "reserved_at"), False))
        constraints = (
            Check(one_of("state", RESERVATION_STATES)),
            Check("(state IN ('inTransit', 'readyForPickup')) = (trapped_item_id IS NOT NULL)"),
            Check("(state = 'readyForPickup') = (pickup_deadline IS NOT NULL)"),
            Check("(pickup_deadline IS NULL) = (ready_at IS NULL)"),
            Check("(pickup_deadline IS NULL) = (pickup_number IS NULL)"),
        )


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
    id = AutoField()
    item = ForeignKeyField(Item, unique=True, on_delete="CASCADE")
    branch = ForeignKeyField(Branch)
    pickup_number = IntegerField()
    since = DateTimeField()

    class Meta:
        indexes = ((("branch", "pickup_number"), True),)


class Fee(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    type = TextField()
    reason = TextField()
    note = TextField(default="")
    amount_ore = IntegerField()
    paid_ore = IntegerField(default=0)
    refunded_ore = IntegerField(default=0)
    occasion = ForeignKeyField(LoanOccasion, null=True, on_delete="SET NULL")
    charged_on = DateField()
    claimed_loan = ForeignKeyField(Loan, null=True, unique=True, on_delete="SET NULL")
    created_at = DateTimeField()
    settled_on = DateField(null=True, index=True)
    outcome = TextField(null=True)
    settled_by = ForeignKeyField(Staff, null=True)
    settle_reason = TextField(default="")

    class Meta:
        constraints = (
            Check(one_of("type", FEE_TYPES)),
            Check(one_of("reason", FEE_REASONS)),
            Check("outcome IS NULL OR " + one_of("outcome", FEE_OUTCOMES)),
            Check("amount_ore > 0 AND paid_ore >= 0 AND paid_ore <= amount_ore"),
            Check("refunded_ore >= 0 AND refunded_ore <= paid_ore"),
            Check("(settled_on IS NULL) = (outcome IS NULL)"),
            Check("outcome IS NULL OR outcome <> 'paid' OR paid_ore = amount_ore"),
        )


Fee.add_index(
    Fee.index(Fee.occasion, Fee.charged_on, unique=True, where=SQL("reason = 'overdue'"), name="fee_one_overdue")
)
Fee.add_index(Fee.index(Fee.borrower, where=SQL("settled_on IS NULL"), name="fee_unsettled"))


Fee.add_index(Fee.index(Fee.borrower, where=SQL("settled_on IS NULL"), name="fee_unsettled"))


class FeeLoan(Table):
    id = AutoField()
    fee = ForeignKeyField(Fee, on_delete="CASCADE")
    loan = ForeignKeyField(Loan, on_delete="CASCADE")

    class Meta:
        indexes = ((("fee", "loan"), True),)


class Payment(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    kind = TextField()
    method = TextField()
    reference = TextField(default="")
    amount_ore = IntegerField()
    paid_at = DateTimeField()
    counter = ForeignKeyField(Counter)
    staff = ForeignKeyField(Staff, null=True)
    reason = TextField(default="")
    voucher = IntegerField(unique=True)
    refund_of = ForeignKeyField("self", null=True, unique=True, on_delete="SET NULL")

    class Meta:
        constraints = (
            Check(one_of("kind", PAYMENT_KINDS)),
            Check(one_of("method", PAYMENT_METHODS)),
            Check("amount_ore > 0"),
            Check("refund_of_id IS NULL OR kind = 'refund'"),
        )


class PaymentPart(Table):
    id = AutoField()
    payment = ForeignKeyField(Payment, on_delete="CASCADE")
    fee = ForeignKeyField(Fee, on_delete="CASCADE")
    amount_ore = IntegerField()

    class Meta:
        indexes = ((("payment", "fee"), True),)
        constraints = (Check("amount_ore > 0"),)


class LedgerLine(Table):
    voucher = IntegerField(primary_key=True)
    day = DateField()
    counter = ForeignKeyField(Counter, index=False)
    kind = TextField()
    method = TextField()
    amount_ore = IntegerField()

    class Meta:
        indexes = ((("counter", "day"), False),)
        constraints = (
            Check(one_of("kind", PAYMENT_KINDS)),
            Check(one_of("method", PAYMENT_METHODS)),
            Check("amount_ore <> 0"),
        )


class TillClosing(Table):
    id = AutoField()
    counter = ForeignKeyField(Counter)
    day = DateField()
    expected_ore = IntegerField()
    counted_ore = IntegerField()
    closed_at = DateTimeField()
    closed_by = ForeignKeyField(Staff)
    remark = TextField(default="")

    class Meta:
        indexes = ((("counter", "day"), True),)
        constraints = (Check("counted_ore >= 0"),)


class Message(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, on_delete="CASCADE")
    kind = TextField()
    channel = TextField()
    cause = TextField()
    language = TextField()
    facts = TextField(null=True)
    subject = TextField(null=True)
    body = TextField(null=True)
    created_at = DateTimeField()
    state = TextField(default="waiting")
    tries = IntegerField(default=0)
    try_at = DateTimeField(null=True)
    problem = TextField(default="")
    sent_at = DateTimeField(null=True)
    message_id = TextField(unique=True)

    class Meta:
        indexes = ((("cause", "channel"), True), (("state", "try_at"), False))
        constraints = (
            Check(one_of("kind", MESSAGE_KINDS)),
            Check(one_of("channel", CHANNELS)),
            Check(one_of("language", LANGUAGES)),
            Check(one_of("state", MESSAGE_STATES)),
            Check("(state = 'no_contact') = (channel = 'none')"),
            Check("(state = 'sent') = (sent_at IS NOT NULL)"),
        )


THERE_ALREADY = (Branch, Counter, Staff, Title, Item, Borrower, LoanOccasion, Loan)
NEW_TABLES = (
    LibraryRules,
    FeeTier,
    MessageChoice,
    SetUpChange,
    TitleWord,
    Reservation,
    PutBack,
    Fee,
    FeeLoan,
    Payment,
    PaymentPart,
    LedgerLine,
    TillClosing,
    Message,
)


CHANGES = (
    "ALTER TABLE borrower ADD COLUMN register_dated DATE",
    "ALTER TABLE listing ADD COLUMN later_words TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE listing ADD COLUMN later_from DATE",
    "DELETE FROM search_word WHERE borrower_id IN (SELECT id FROM borrower WHERE address_protected)",
    "DELETE FROM listing WHERE borrower_id IN (SELECT id FROM borrower WHERE address_protected)",
)


def up(_migrator: Any, database: Database) -> None:
    """Make the tables and a column; a library that is there already gets the rules of a new one."""
    # Added in SQL: peewee would make the table anew, and dropping the old one would take everybody's loans with it.
    database.execute_sql("ALTER TABLE item ADD COLUMN status_reason TEXT NOT NULL DEFAULT ''")
    with database.bind_ctx((*THERE_ALREADY, *NEW_TABLES), bind_refs=False, bind_backrefs=False):
        database.create_tables(NEW_TABLES)
        for statement in CHANGES:
            database.execute_sql(statement)
        # Where a loan was made, for its due date follows that branch's calendar (R2). In SQL, as in 0002.
        database.execute_sql("ALTER TABLE loan ADD COLUMN branch_id INTEGER REFERENCES branch (id)")
        if database.execute_sql("SELECT 1 FROM library").fetchone() is not None:
            LibraryRules.insert(id=1).execute()
            for from_day, adult_ore, child_ore in TIERS:
                FeeTier.insert(from_day=from_day, adult_ore=adult_ore, child_ore=child_ore).execute()
