"""Messages to borrowers (M1, M2, P6)."""

from __future__ import annotations

from peewee import SQL, AutoField, BooleanField, Check, ForeignKeyField, IntegerField, TextField

from db.fields import InstantField
from db.models.base import Table, one_of
from db.models.borrowers import LANGUAGES, Borrower

MESSAGE_KINDS = ("reservation_ready", "reminder", "recall", "bill", "block", "receipt", "deletion_approved")
CHANNELS = ("sms", "email", "none")
MESSAGE_STATES = ("waiting", "sending", "sent", "failed", "no_contact")


class Message(Table):
    """One message over one channel. The row stays as the overview; what it said goes after 30 days (P6).

    ``facts`` are what the template is filled with (JSON), ``subject`` and ``body`` what was sent; all three become NULL
    together. ``cause`` says what it is about, so that nothing is told twice. ``message_id`` is drawn once, so a mail
    handed over again is the same mail. ``problem`` is a code word, worded on screen.
    """

    id = AutoField()
    borrower = ForeignKeyField(Borrower, backref="messages", on_delete="CASCADE")
    kind = TextField()
    channel = TextField()
    cause = TextField()
    language = TextField()
    facts = TextField(null=True)
    subject = TextField(null=True)
    body = TextField(null=True)
    created_at = InstantField()
    state = TextField(default="waiting")
    tries = IntegerField(default=0)
    try_at = InstantField(null=True)
    problem = TextField(default="")
    sent_at = InstantField(null=True)
    message_id = TextField(unique=True)

    class Meta:
        """At most one message per cause and channel (M1); waiting ones are found by when they are due."""

        indexes = ((("cause", "channel"), True), (("state", "try_at"), False))
        constraints = (
            Check(one_of("kind", MESSAGE_KINDS)),
            Check(one_of("channel", CHANNELS)),
            Check(one_of("language", LANGUAGES)),
            Check(one_of("state", MESSAGE_STATES)),
            Check("(state = 'no_contact') = (channel = 'none')"),
            Check("(state = 'sent') = (sent_at IS NOT NULL)"),
        )


# What the retention clock looks for (P6).
Message.add_index(
    Message.index(
        Message.created_at,
        where=SQL("(facts IS NOT NULL OR subject IS NOT NULL OR body IS NOT NULL)"),
        name="message_with_content",
    )
)


class MessageChoice(Table):
    """Which channels a kind of message takes, set by supervisors (R8). No row: both."""

    kind = TextField(primary_key=True)
    sms = BooleanField()
    email = BooleanField()

    class Meta:
        """One choice a kind."""

        constraints = (Check(one_of("kind", MESSAGE_KINDS)),)
