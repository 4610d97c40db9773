"""The newsletter's list and its mailings (P12, M4). Nothing here leads to a borrower."""

from __future__ import annotations

from peewee import SQL, AutoField, Check, ForeignKeyField, IntegerField, SmallIntegerField, TextField

from db.fields import InstantField, LocalDateField
from db.models.base import Table, one_of

MAILING_STATES = ("sending", "done")
RECIPIENT_STATES = ("waiting", "sending", "offered", "uncertain")


class Subscriber(Table):
    """Somebody who gets the newsletter. ``email`` is folded; the row goes when they unsubscribe."""

    id = AutoField()
    email = TextField(unique=True)
    first_name = TextField(default="")
    last_name = TextField(default="")
    consented_on = LocalDateField()

    class Meta:
        """There is an address."""

        constraints = (Check("email <> ''"),)


class Mailing(Table):
    """One newsletter sent to everybody who subscribed when it began; counts alone stay of it.

    ``digest`` is the SHA-256 of the file: the same file goes on with a mailing that was broken off.
    """

    id = AutoField()
    digest = TextField()
    state = TextField(default="sending")
    started_at = InstantField()
    finished_at = InstantField(null=True)
    due = IntegerField()
    sent = IntegerField(default=0)
    failed = IntegerField(default=0)
    uncertain = IntegerField(default=0)

    class Meta:
        """It ends once."""

        constraints = (
            Check(one_of("state", MAILING_STATES)),
            Check("(state = 'sending') = (finished_at IS NULL)"),
        )


Mailing.add_index(
    Mailing.index(Mailing.digest, unique=True, where=SQL("state = 'sending'"), name="mailing_one_under_way")
)


class MailingRecipient(Table):
    """To whom a mailing still goes: the row goes when the mail has been handed over, and with the subscription.

    waiting → sending: this run's → offered: the server has it but for its last line, which is being sent now. What a
    run that was killed has left at sending has reached nobody and waits again; at offered it is uncertain.
    """

    id = AutoField()
    mailing = ForeignKeyField(Mailing, index=False, on_delete="CASCADE")
    subscriber = ForeignKeyField(Subscriber, on_delete="CASCADE")
    state = TextField(default="waiting")
    tries = SmallIntegerField(default=0)

    class Meta:
        """Once per address."""

        indexes = ((("mailing", "subscriber"), True),)
        constraints = (Check(one_of("state", RECIPIENT_STATES)),)
